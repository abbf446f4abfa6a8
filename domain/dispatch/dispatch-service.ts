import type { Address } from 'viem';
import { sendWorkCall, type WorkSend } from '../../chains/evm/registry/calls';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { evmAccountId } from '../../schema/caip';
import type { DispatchId, TenantId, WorkId } from '../../schema/ids';
import type { DispatchFilter, PrepareSendWork, SendWork } from '../../schema/inputs/dispatch';
import type { PageRequest } from '../../schema/inputs/page';
import { nudgeDispatch, submitDispatch, submitRevision } from '../../schema/jobs';
import { killPoint } from '../../schema/kill-point';
import type { Selection } from '../../schema/selection';
import type { Lane } from '../../schema/types/chain';
import type { Page } from '../../schema/types/connection';
import {
  type Dispatch,
  DispatchKind,
  DispatchOrigin,
  DispatchState,
  LaneChoice,
  type PreparedSend,
} from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import { type Work, WorkState } from '../../schema/types/work';
import { decideOnce } from '../../tenants/step-journal';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import type { QuotaGuard } from '../tenancy/quota-guard';
import {
  DispatchNotRetryableError,
  EscrowNotApprovedError,
  LaneNotOpenError,
  LanePausedError,
  NotWorkHolderError,
  PermitInvalidError,
  ReceiverNotNamedError,
  WorkInFlightError,
} from './dispatch-errors';
import type { DispatchRecord, StoredPermit } from './dispatch-record';
import type { DispatchRepository } from './dispatch-repository';
import { missingApproval } from './escrow-approval';
import { withFeeMargin } from './fee-margin';
import { allowedChoice, chooseLane, fits, lanesNeeded } from './lane-chooser';
import type { LaneQuoter } from './lane-quoter';
import type { LaneService } from './lane-service';
import { checkPermit, permitJson } from './permit';
import { type PlannedMove, planMove } from './send-rules';

/** How long a prepared permit may be used, in seconds. */
const PERMIT_SECONDS = 3_600n;

/** A key's own account that lends its address some code (EIP-7702) is the same person's on every chain. */
const DELEGATED_CODE = '0xef0100';

/** The tables that dispatches touch. */
export interface DispatchStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly dispatches: DispatchRepository;
  readonly outbox: OutboxRepository;
  readonly quotas: QuotaGuard;
}

interface Subject {
  readonly work: Work;
  readonly registry: Registry;
  readonly move: PlannedMove;
}

/** Dispatches: the durable intents to move works. */
export class DispatchService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: DispatchStores,
    private readonly lanes: LaneService,
    private readonly quoter: LaneQuoter,
    private readonly chains: ChainAccesses,
    private readonly signers: Signers,
  ) {}

  /**
   * Accepts a send of a work that the tenant's key holds, or whose holder permits it. The dispatch and
   * its job commit together. Asking again for the same move answers the first dispatch.
   *
   * @throws A typed error for each rule that the request breaks; see dispatch-errors.ts.
   */
  async send(tenantId: TenantId, asked: SendWork): Promise<Dispatch> {
    return decideOnce('dispatch', () => this.accept(tenantId, asked));
  }

  /** What the holder's own wallet would send, with the fee of now; and the permit that it may sign instead. */
  async prepareSend(tenantId: TenantId, input: PrepareSendWork): Promise<PreparedSend> {
    const { subject, lanes, choice } = await this.database.transaction(tenantId, async (tx) => {
      const subject = await this.plan(tx, input);
      const choice = allowedChoice(subject.registry, input.lane);
      return { subject, choice, lanes: await this.openLanes(tx, subject.registry, subject.move, choice) };
    });
    const { move, registry } = subject;
    await this.requireReceiver(move, input);
    const { gateway } = contractsOn(registry, move.sourceChainId);
    const send = workSend(move);
    const cargo = { kind: 'WORK', send, sender: move.holder } as const;
    const offers = await this.quoter.offers(tenantId, registry, lanes, cargo, choice);
    const offer = chooseLane(choice, offers);
    if (offer === undefined) throw new LaneNotOpenError(move.sourceChainId, move.destinationChainId);
    const request = { ...send, transport: offer.transport };
    const { timestamp } = await this.chains.get(move.sourceChainId).public.getBlock({ blockTag: 'latest' });
    const deadline = timestamp + PERMIT_SECONDS;
    return {
      chainId: move.sourceChainId,
      transport: offer.transport,
      ...sendWorkCall(gateway, request, undefined),
      valueWei: String(withFeeMargin(offer.feeWei)),
      permitTypedData: permitJson({
        sourceChainId: move.sourceChainId,
        gateway,
        send: request,
        holder: move.holder,
        deadline,
      }),
      permitDeadline: String(deadline),
      escrowApproval: (await missingApproval(this.chains, registry, move)) ?? null,
    };
  }

  /**
   * Tries a failed dispatch again: one that the source refused is sent anew, one that the destination
   * refused is applied again there. Nothing is ever sent twice.
   *
   * @throws {@link NotFoundError}, {@link DispatchNotRetryableError}
   */
  async retry(tenantId: TenantId, dispatchId: DispatchId): Promise<Dispatch> {
    return this.database.transaction(tenantId, async (tx) => {
      const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId], 'for update');
      if (dispatch === undefined) throw new NotFoundError('Dispatch', dispatchId);
      if (dispatch.state !== DispatchState.FAILED) throw new DispatchNotRetryableError(dispatch.state);
      const { state, job } = wayOn(dispatch);
      const change = {
        state,
        attempt: dispatch.attempt + 1,
        ...(state !== dispatch.state && { failure: null }),
      };
      await this.stores.dispatches.update(tx, dispatchId, change);
      await this.stores.outbox.add(tx, job, { tenantId, dispatchId });
      if (dispatch.digest === null && dispatch.revision !== null) {
        const { workId, revision } = dispatch;
        await this.stores.outbox.add(tx, submitRevision, { tenantId, workId, revision });
      }
      await notifyChanged(tx, 'Dispatch', dispatchId);
      return this.read(tx, dispatchId);
    });
  }

  /** @throws {@link NotFoundError} if the tenant has no such dispatch. */
  async get(tenantId: TenantId, dispatchId: DispatchId): Promise<Dispatch> {
    return this.database.read(tenantId, (tx) => this.read(tx, dispatchId));
  }

  async findByIds(tenantId: TenantId, dispatchIds: readonly DispatchId[]): Promise<Dispatch[]> {
    return this.database.read(tenantId, (tx) => this.stores.dispatches.findByIds(tx, dispatchIds));
  }

  /** @param selection - What is shown of the connection; undefined for whole nodes. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter: DispatchFilter,
    selection?: Selection,
  ): Promise<Page<Dispatch>> {
    return this.database.read(tenantId, (tx) => this.stores.dispatches.page(tx, request, filter, selection));
  }

  private async accept(tenantId: TenantId, asked: SendWork): Promise<Dispatch> {
    const registry = await this.registryOf(tenantId, asked.workId);
    const { address: account } = await this.signers.accountFor(tenantId, registry.homeChainId);
    const input = { ...asked, lane: allowedChoice(registry, asked.lane) };
    const first = await this.database.transaction(tenantId, async (tx) => {
      const known = await this.findSame(tx, account, input);
      return known ?? (await this.plan(tx, input));
    });
    if ('id' in first) return first;
    const permit = await this.authorise(first, account, input);
    const dispatch = await this.database.transaction(tenantId, async (tx) => {
      const begun = await this.stores.quotas.within(tx, ['dispatchesPerDay'], () =>
        this.begin(tx, account, input, permit),
      );
      killPoint('dispatch.before-commit');
      return begun;
    });
    killPoint('dispatch.after-commit');
    return dispatch;
  }

  private async begin(
    tx: TenantTx,
    account: Address,
    input: SendWork,
    permit: StoredPermit | null,
  ): Promise<DispatchRecord> {
    await this.stores.works.lock(tx, input.workId);
    // The same request may have been accepted a moment ago.
    const known = await this.findSame(tx, account, input);
    if (known !== undefined) return known;
    const { registry, move } = await this.plan(tx, input);
    await this.checkLane(tx, registry, move, input);
    const record = await this.claim(tx, registry, move, input, permit);
    await this.stores.outbox.add(tx, submitDispatch, { tenantId: tx.tenantId, dispatchId: record.id });
    await notifyChanged(tx, 'Dispatch', record.id);
    return record;
  }

  private async registryOf(tenantId: TenantId, workId: WorkId): Promise<Registry> {
    return this.database.transaction(tenantId, async (tx) => {
      const { registryId } = await this.readWork(tx, workId);
      return this.stores.registries.get(tx, registryId);
    });
  }

  /** The dispatch that already does exactly what is asked, if there is one. */
  private async findSame(
    tx: TenantTx,
    account: Address,
    { workId, destinationChainId, to, lane, permit }: SendWork,
  ): Promise<DispatchRecord | undefined> {
    const work = await this.readWork(tx, workId);
    const move =
      work.state === WorkState.IN_FLIGHT
        ? { hop: work.hop, sourceChainId: null }
        : { hop: work.hop + 1, sourceChainId: work.chainId };
    const known = await this.stores.dispatches.findByHop(tx, workId, move);
    if (known === undefined || known.state === DispatchState.FAILED) return undefined;
    const isSame =
      known.origin !== DispatchOrigin.HOLDER &&
      known.destinationChainId === destinationChainId &&
      known.laneChoice === (known.permit === null ? lane : (permit?.transport ?? lane)) &&
      known.to === (to ?? evmAccountId(destinationChainId, known.permit?.holder ?? account));
    return isSame ? known : undefined;
  }

  private async plan(tx: TenantTx, input: PrepareSendWork): Promise<Subject> {
    const work = await this.readWork(tx, input.workId);
    const registry = await this.stores.registries.get(tx, work.registryId);
    return { work, registry, move: planMove(work, registry, input) };
  }

  /** @returns the permit to send with, or null when the tenant's own account holds the work. */
  private async authorise(
    { registry, move }: Subject,
    account: Address,
    input: SendWork,
  ): Promise<StoredPermit | null> {
    if (account === move.holder) return null;
    if (input.permit == null) throw new NotWorkHolderError();
    await this.requireReceiver(move, input);
    if ((await missingApproval(this.chains, registry, move)) !== undefined)
      throw new EscrowNotApprovedError();
    const { transport, deadline, signature } = input.permit;
    await checkPermit(
      this.chains.get(move.sourceChainId).public,
      {
        sourceChainId: move.sourceChainId,
        gateway: contractsOn(registry, move.sourceChainId).gateway,
        send: { ...workSend(move), transport },
        holder: move.holder,
        deadline,
      },
      signature,
    );
    return { holder: move.holder, deadline: String(deadline), signature };
  }

  /** A contract's address may be nobody's on another chain, so its receiver must be named. */
  private async requireReceiver(
    { sourceChainId, holder }: PlannedMove,
    { to }: PrepareSendWork,
  ): Promise<void> {
    if (to != null) return;
    const code = await this.chains.get(sourceChainId).public.getCode({ address: holder });
    if (code !== undefined && !code.startsWith(DELEGATED_CODE)) throw new ReceiverNotNamedError();
  }

  private async checkLane(
    tx: TenantTx,
    registry: Registry,
    move: PlannedMove,
    { lane, permit }: SendWork,
  ): Promise<void> {
    if (
      permit &&
      (!fits(lane, permit.transport) || (lane === LaneChoice.BOTH) !== (permit.transport === 'BOTH'))
    ) {
      throw new PermitInvalidError(`it is for ${permit.transport}, the request for ${lane}`);
    }
    const wanted = permit?.transport ?? lane;
    await this.openLanes(tx, registry, move, wanted);
  }

  /** @throws {@link LaneNotOpenError}, {@link LanePausedError} if there is none. */
  private async openLanes(
    tx: TenantTx,
    registry: Registry,
    move: PlannedMove,
    choice: LaneChoice,
  ): Promise<Lane[]> {
    const { sourceChainId, destinationChainId } = move;
    const open = (await this.lanes.lanesOf(tx, registry)).filter(
      (lane) =>
        lane.open &&
        fits(choice, lane.transport) &&
        lane.sourceChainId === sourceChainId &&
        lane.destinationChainId === destinationChainId,
    );
    if (open.length < lanesNeeded(choice)) throw new LaneNotOpenError(sourceChainId, destinationChainId);
    const free = open.filter(({ paused }) => !paused);
    if (free.length < lanesNeeded(choice)) throw new LanePausedError(sourceChainId, destinationChainId);
    return free;
  }

  /** Makes the dispatch of a move, or takes over one that was never sent. */
  private async claim(
    tx: TenantTx,
    registry: Registry,
    move: PlannedMove,
    { workId, lane, permit: asked }: SendWork,
    permit: StoredPermit | null,
  ): Promise<DispatchRecord> {
    const wish = {
      destinationChainId: move.destinationChainId,
      to: evmAccountId(move.destinationChainId, move.to),
      laneChoice: permit === null ? lane : (asked?.transport ?? lane),
      origin: permit === null ? DispatchOrigin.PLATFORM : DispatchOrigin.PERMIT,
      permit,
    };
    const known = await this.stores.dispatches.findByHop(tx, workId, move, 'for update');
    if (known === undefined) {
      return this.stores.dispatches.insert(tx, {
        ...wish,
        registryId: registry.id,
        workId,
        kind: DispatchKind.WORK,
        sourceChainId: move.sourceChainId,
        transport: null,
        hop: move.hop,
        revision: null,
      });
    }
    const neverSent =
      known.digest === null &&
      (known.state === DispatchState.FAILED || known.origin === DispatchOrigin.HOLDER);
    if (!neverSent) throw new WorkInFlightError();
    const change = {
      ...wish,
      state: DispatchState.REQUESTED,
      transport: null,
      failure: null,
      attempt: known.attempt + 1,
    };
    await this.stores.dispatches.update(tx, known.id, change);
    return { ...known, ...change };
  }

  private async read(tx: TenantTx, dispatchId: DispatchId): Promise<Dispatch> {
    const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
    if (dispatch === undefined) throw new NotFoundError('Dispatch', dispatchId);
    return dispatch;
  }

  private async readWork(tx: TenantTx, workId: WorkId): Promise<Work> {
    const [work] = await this.stores.works.findByIds(tx, [workId]);
    if (work === undefined) throw new NotFoundError('Work', workId);
    return work;
  }
}

/** How a failed dispatch goes on, by how far it had come. */
function wayOn({ digest, destinationTransactionHash }: DispatchRecord) {
  if (digest === null) return { state: DispatchState.REQUESTED, job: submitDispatch };
  // Our Gateway took the statement and could not apply it: it is to be applied again, from there.
  if (destinationTransactionHash !== null) return { state: DispatchState.FAILED, job: submitDispatch };
  return { state: DispatchState.SOURCE_FINAL, job: nudgeDispatch };
}

/** What the Gateway is asked for, but for the transport. */
function workSend(move: PlannedMove): Omit<WorkSend, 'transport'> {
  return {
    destinationChainId: move.destinationChainId,
    tokenId: BigInt(move.tokenId),
    documentHash: move.documentHash,
    seed: move.seed,
    currentHop: move.currentHop,
    to: move.to,
    fallbackTo: move.holder,
  };
}
