import { type ChainId, evmAccountId, splitAccountId } from '../../schema/caip';
import type { DispatchId, GuardActionId, TenantId, WorkId } from '../../schema/ids';
import type {
  FreezeWork,
  GateLane,
  GuardActionFilter,
  HoldStatement,
  RetireChain,
  SetTravelLimit,
  StatementRequest,
} from '../../schema/inputs/guard';
import type { PageRequest } from '../../schema/inputs/page';
import type { SetRegistryRole } from '../../schema/inputs/registry-role';
import { advanceGuardAction, forwardRoyalties } from '../../schema/jobs';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import { DispatchState } from '../../schema/types/dispatch';
import { type GuardAction, GuardActionKind, RegistryRole } from '../../schema/types/guard-action';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import { LaneNotSupportedError } from '../dispatch/dispatch-errors';
import type { DispatchRecord } from '../dispatch/dispatch-record';
import type { DispatchRepository } from '../dispatch/dispatch-repository';
import type { LicenceRepository } from '../licensing/licence-repository';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { OwnerConsentUnusedError } from '../ownership/consent-errors';
import type { OwnerConsentService } from '../ownership/owner-consent-service';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { addressOn } from '../registry/account-address';
import { WorkNotMintedError, WrongAccountChainError } from '../registry/registry-errors';
import { requireOwnWorks } from '../registry/registry-kind';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import type { PolicyRepository } from '../royalties/policy-repository';
import type { GuardActionRepository, NewGuardAction } from './guard-action-repository';
import {
  StatementAppliedError,
  StatementHeldBeforeError,
  StatementNotSentError,
  StatementVoidedError,
} from './guard-errors';
import type { LastOwnerRepository } from './last-owner-repository';

export interface GuardStores {
  readonly guardActions: GuardActionRepository;
  readonly lastOwners: LastOwnerRepository;
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly dispatches: DispatchRepository;
  readonly events: RegistryEventRepository;
  readonly outbox: OutboxRepository;
  readonly logs: ChainLogRepository;
  readonly licences: LicenceRepository;
  readonly policies: PolicyRepository;
}

/** The list of a retirement's last owners, as the file (JSON) that `exit --owners` takes. */
export interface OwnersFile {
  readonly id: GuardActionId;
  readonly text: string;
}

/**
 * Accepts what a registry's guardian or owner does to lanes, works, statements and roles. Workers carry out what the
 * tenant's own account may do, and prepare the rest for whoever may; asking again for what is under way answers the first action.
 */
export class GuardService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: GuardStores,
    private readonly consents: Pick<OwnerConsentService, 'check' | 'use'>,
  ) {}

  /** Lets nothing but voids leave on a lane. @throws {@link NotFoundError}, {@link LaneNotSupportedError} */
  pauseLane(tenantId: TenantId, input: GateLane): Promise<GuardAction> {
    return this.gateLane(tenantId, GuardActionKind.PAUSE_LANE, input);
  }

  /** Takes {@link pauseLane} back. @throws As it. */
  resumeLane(tenantId: TenantId, input: GateLane): Promise<GuardAction> {
    return this.gateLane(tenantId, GuardActionKind.RESUME_LANE, input);
  }

  /**
   * Sets how many works may pass from one chain to another, at both ends, after the queue's delay of 48 hours.
   *
   * @returns what is done at the source, then what is done at the destination.
   * @throws {@link NotFoundError}, {@link LaneNotSupportedError}
   */
  async setTravelLimit(tenantId: TenantId, input: SetTravelLimit): Promise<GuardAction[]> {
    const { registryId, sourceChainId, destinationChainId, capacity, perDay, reason } = input;
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      if (!hasLane(registry, sourceChainId, destinationChainId))
        throw new LaneNotSupportedError(sourceChainId, destinationChainId, registry.homeChainId);
      const ends = [
        { chainId: sourceChainId, peerChainId: destinationChainId, inbound: false },
        { chainId: destinationChainId, peerChainId: sourceChainId, inbound: true },
      ];
      const actions: GuardAction[] = [];
      for (const { chainId, peerChainId, inbound } of ends) {
        const action = await this.accept(tx, {
          registryId,
          kind: GuardActionKind.SET_LIMIT,
          reason,
          chainId,
          peerChainId,
          limit: { capacity, perDay, inbound },
          subject: `${sourceChainId}>${destinationChainId}@${chainId}/${capacity}/${perDay}`,
        });
        actions.push(action);
      }
      return actions;
    });
  }

  /**
   * Freezes a work on its home chain, and states that to every mirror.
   *
   * @throws {@link NotFoundError}, {@link WorkNotMintedError}, {@link RegistryKindError}
   */
  freezeWork(tenantId: TenantId, input: FreezeWork): Promise<GuardAction> {
    return this.gateWork(tenantId, GuardActionKind.FREEZE_WORK, input);
  }

  /** Takes {@link freezeWork} back. @throws As it. */
  unfreezeWork(tenantId: TenantId, input: FreezeWork): Promise<GuardAction> {
    return this.gateWork(tenantId, GuardActionKind.UNFREEZE_WORK, input);
  }

  /** Compares who has an adopted token with who should, and has every mirror told of a loss or a return. */
  async checkEscrow(tx: TenantTx, { id, homeChainId }: Registry, workId: WorkId): Promise<GuardAction> {
    return this.accept(tx, {
      registryId: id,
      workId,
      kind: GuardActionKind.CHECK_ESCROW,
      reason: 'The adopted token moved through the adapter’s hands without the adapter.',
      chainId: homeChainId,
      subject: workId,
    });
  }

  /**
   * Holds a statement on its destination, before or after it arrives there.
   *
   * @throws {@link NotFoundError}, {@link StatementNotSentError}, {@link StatementAppliedError},
   * {@link StatementVoidedError}, {@link StatementHeldBeforeError}
   */
  async holdStatement(tenantId: TenantId, { seconds, ...request }: HoldStatement): Promise<GuardAction> {
    return this.onStatement(tenantId, GuardActionKind.HOLD_STATEMENT, request, {
      holdSeconds: seconds,
      check: async (tx, dispatch) => {
        const holds = await this.stores.events.find(tx, dispatch.registryId, {
          chainId: dispatch.destinationChainId,
          digests: [digestOf(dispatch)],
          names: ['HoldPlaced'],
        });
        if (holds.length > 0) throw new StatementHeldBeforeError();
      },
    });
  }

  /** Ends a hold, and has the statement applied if it waits. @throws As {@link holdStatement}, but for the last. */
  releaseStatement(tenantId: TenantId, request: StatementRequest): Promise<GuardAction> {
    return this.onStatement(tenantId, GuardActionKind.RELEASE_STATEMENT, request);
  }

  /**
   * Makes a statement void for ever, after the queue's delay of 24 hours, and has its source take the works back.
   *
   * @throws As {@link releaseStatement}
   */
  voidMessage(tenantId: TenantId, request: StatementRequest): Promise<GuardAction> {
    return this.onStatement(tenantId, GuardActionKind.VOID_MESSAGE, request);
  }

  /**
   * Gives a mirror up for ever: nothing is sent there any more, and after the queue's delay of 30 days its works can be
   * claimed at home for whoever had them when the retirement was announced.
   *
   * @throws {@link NotFoundError}, {@link LaneNotSupportedError} for a chain that is no mirror of the registry.
   */
  async retireChain(tenantId: TenantId, { registryId, chainId, reason }: RetireChain): Promise<GuardAction> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      if (!hasLane(registry, registry.homeChainId, chainId))
        throw new LaneNotSupportedError(registry.homeChainId, chainId, registry.homeChainId);
      return this.accept(tx, {
        registryId,
        kind: GuardActionKind.RETIRE_CHAIN,
        reason,
        chainId: registry.homeChainId,
        peerChainId: chainId,
        subject: chainId,
      });
    });
  }

  /**
   * Hands a role of a registry over, on the chain of the account that gets it. What the tenant's own account may not
   * do is prepared for whoever may. A guardian is replaced through the queue, after 14 days, unless the tenant's
   * account is the guardian and the owner consents, or is that account, too.
   *
   * @throws {@link NotFoundError}, {@link WrongAccountChainError}, {@link RegistryKindError}, and for a consent what
   * {@link OwnerConsentService.check} and {@link OwnerConsentService.use} throw.
   */
  async setRegistryRole(
    tenantId: TenantId,
    { consent: signed, ...change }: SetRegistryRole,
  ): Promise<GuardAction> {
    const { registryId, role, account, reason } = change;
    if (signed != null && role !== RegistryRole.GUARDIAN) throw new OwnerConsentUnusedError();
    const consent =
      signed == null
        ? undefined
        : await this.consents.check(tenantId, { operation: 'setRegistryRole', change }, signed);
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const { chainId } = splitAccountId(account);
      if (!registry.chainIds.includes(chainId))
        throw new WrongAccountChainError('account', registry.homeChainId);
      const address = addressOn(chainId, account, 'account');
      if (registry.adopted?.chainId === chainId && role !== RegistryRole.OWNER)
        requireOwnWorks(registry, 'its adapter knows no role but the owner’s.');
      await this.consents.use(tx, registry, consent);
      return this.accept(tx, {
        registryId,
        kind: GuardActionKind.SET_ROLE,
        reason,
        chainId,
        role,
        account: evmAccountId(chainId, address),
        consentNonce: consent?.request.nonce ?? null,
        subject: `${role}@${chainId}/${address}${consent === undefined ? '' : '/consented'}`,
      });
    });
  }

  /** Who had which work of a retired chain, of those retirements of which it is fixed. */
  async ownersFiles(tenantId: TenantId, ids: readonly GuardActionId[]): Promise<OwnersFile[]> {
    return this.database.read(tenantId, async (tx) => {
      const actions = await this.stores.guardActions.findByIds(tx, ids);
      const fixed = actions.filter(({ ownersRoot }) => ownersRoot !== null);
      const owners = await this.stores.lastOwners.of(
        tx,
        fixed.map(({ id }) => id),
      );
      return fixed.map(({ id, peerChainId }) => {
        const entries = owners.get(id)?.map(({ workId, holder }) => ({ workId: `${workId}`, holder }));
        return { id, text: JSON.stringify({ chainId: peerChainId, owners: entries }) };
      });
    });
  }

  async findByIds(tenantId: TenantId, ids: readonly GuardActionId[]): Promise<GuardAction[]> {
    return this.database.read(tenantId, (tx) => this.stores.guardActions.findByIds(tx, ids));
  }

  /** @param selection - What is shown of the connection; undefined for whole nodes. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter: GuardActionFilter,
    selection?: Selection,
  ): Promise<Page<GuardAction>> {
    return this.database.read(tenantId, (tx) =>
      this.stores.guardActions.page(tx, request, filter, selection),
    );
  }

  private async gateLane(tenantId: TenantId, kind: GuardActionKind, input: GateLane): Promise<GuardAction> {
    const { registryId, sourceChainId, destinationChainId, transport, reason } = input;
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      if (!hasLane(registry, sourceChainId, destinationChainId))
        throw new LaneNotSupportedError(sourceChainId, destinationChainId, registry.homeChainId);
      return this.accept(tx, {
        registryId,
        kind,
        reason,
        chainId: sourceChainId,
        peerChainId: destinationChainId,
        transport,
        subject: `${sourceChainId}>${destinationChainId}/${transport}`,
      });
    });
  }

  private async gateWork(
    tenantId: TenantId,
    kind: GuardActionKind,
    { workId, reason }: FreezeWork,
  ): Promise<GuardAction> {
    return this.database.transaction(tenantId, async (tx) => {
      const [work] = await this.stores.works.findByIds(tx, [workId]);
      if (work === undefined) throw new NotFoundError('Work', workId);
      if (work.tokenId === null) throw new WorkNotMintedError();
      const registry = await this.stores.registries.get(tx, work.registryId);
      requireOwnWorks(registry, 'nobody but that contract can freeze them; pause the lanes instead.');
      const { id: registryId, homeChainId } = registry;
      return this.accept(tx, {
        registryId,
        workId,
        kind,
        reason,
        chainId: homeChainId,
        subject: workId,
      });
    });
  }

  private async onStatement(
    tenantId: TenantId,
    kind: GuardActionKind,
    { dispatchId, reason }: StatementRequest,
    { holdSeconds = null, check }: StatementOptions = {},
  ): Promise<GuardAction> {
    return this.database.transaction(tenantId, async (tx) => {
      const dispatch = await this.sentDispatch(tx, dispatchId);
      await check?.(tx, dispatch);
      return this.accept(tx, {
        registryId: dispatch.registryId,
        workId: dispatch.workId,
        dispatchId,
        kind,
        reason,
        chainId: dispatch.destinationChainId,
        holdSeconds,
        subject: dispatchId,
      });
    });
  }

  /** A dispatch whose statement is on its way. */
  private async sentDispatch(tx: TenantTx, dispatchId: DispatchId): Promise<DispatchRecord> {
    const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId]);
    if (dispatch === undefined) throw new NotFoundError('Dispatch', dispatchId);
    const { state, digest } = dispatch;
    if (digest === null) throw new StatementNotSentError();
    if (state === DispatchState.DELIVERED || state === DispatchState.CONFIRMED)
      throw new StatementAppliedError();
    if (state === DispatchState.VOIDED) throw new StatementVoidedError();
    return dispatch;
  }

  /** Keeps what is asked for, and has workers carry it out; what is under way already is answered as it is. */
  async accept(tx: TenantTx, asked: AskedAction): Promise<GuardAction> {
    const { action, isNew } = await this.stores.guardActions.insertOrFind(tx, { ...NOTHING, ...asked });
    if (isNew) {
      const payload = { tenantId: tx.tenantId, actionId: action.id };
      // What nobody asked for by name spends no gas of a suspended tenant: its job waits.
      const job = action.kind === GuardActionKind.FORWARD_ROYALTIES ? forwardRoyalties : advanceGuardAction;
      await this.stores.outbox.add(tx, job, payload);
    }
    return action;
  }
}

interface StatementOptions {
  readonly holdSeconds?: number | null;
  readonly check?: (tx: TenantTx, dispatch: DispatchRecord) => Promise<void>;
}

const NOTHING = {
  workId: null,
  dispatchId: null,
  peerChainId: null,
  transport: null,
  holdSeconds: null,
  limit: null,
  role: null,
  account: null,
  asset: null,
  amount: null,
  consentNonce: null,
  licence: null,
  policy: null,
};

/** An action by what its kind needs. */
export type AskedAction = Omit<NewGuardAction, keyof typeof NOTHING> & Partial<NewGuardAction>;

/** Lanes lead from home to a mirror and back. */
function hasLane({ chainIds, homeChainId }: Registry, source: ChainId, destination: ChainId): boolean {
  const ends = [source, destination];
  return source !== destination && ends.includes(homeChainId) && ends.every((end) => chainIds.includes(end));
}

function digestOf({ digest }: DispatchRecord): `0x${string}` {
  // CAST: the follower recorded it from a log.
  return digest as `0x${string}`;
}
