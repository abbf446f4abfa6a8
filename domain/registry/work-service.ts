import { stateRevisionCall } from '../../chains/evm/registry/calls';
import { TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { ErrorCode } from '../../schema/error-codes';
import type { TenantId, WorkId } from '../../schema/ids';
import type { JsonObject } from '../../schema/inputs/json-document';
import type { PageRequest } from '../../schema/inputs/page';
import type { UpdateMetadata, WorkFilter } from '../../schema/inputs/work';
import { submitDispatch, submitRevision } from '../../schema/jobs';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import {
  type Dispatch,
  DispatchKind,
  DispatchOrigin,
  DispatchState,
  LaneChoice,
} from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { canonicalHash } from '../canonical-json';
import { failure } from '../dispatch/dispatch-progress';
import type { DispatchRepository } from '../dispatch/dispatch-repository';
import { allowedChoice } from '../dispatch/lane-chooser';
import { describeRevert } from '../dispatch/revert-reason';
import { notifyChanged } from '../events/change-notifier';
import type { GuardActionRepository } from '../guard/guard-action-repository';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { QuotaGuard } from '../tenancy/quota-guard';
import { contractsOn } from './registry-contracts';
import { WorkNotMintedError } from './registry-errors';
import { requireOwnWorks } from './registry-kind';
import type { RegistryRepository } from './registry-repository';
import type { RevisionRepository } from './revision-repository';
import type { WorkRepository } from './work-repository';

/** The tables that works and their revisions live in. */
export interface WorkStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly revisions: RevisionRepository;
  readonly dispatches: DispatchRepository;
  readonly guardActions: GuardActionRepository;
  readonly outbox: OutboxRepository;
  readonly quotas: QuotaGuard;
}

/** Works: what they are, and the revisions of what may change about them. */
export class WorkService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: WorkStores,
    private readonly transactions: TransactionManager,
  ) {}

  /** @throws {@link NotFoundError} if the tenant has no such work. */
  async get(tenantId: TenantId, workId: WorkId): Promise<Work> {
    return this.database.read(tenantId, (tx) => this.read(tx, workId));
  }

  async findByIds(tenantId: TenantId, workIds: readonly WorkId[]): Promise<Work[]> {
    return this.database.read(tenantId, (tx) => this.stores.works.findByIds(tx, workIds));
  }

  /** @param selection - What is shown of the connection; undefined for whole nodes. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter: WorkFilter,
    selection?: Selection,
  ): Promise<Page<Work>> {
    return this.database.read(tenantId, (tx) => this.stores.works.page(tx, request, filter, selection));
  }

  /**
   * Makes a new revision of a work's metadata: stated on home, then dispatched to every mirror that is not given up. The
   * work shows it once home has it on chain. Earlier ones that home refused are tried again before it, as
   * home counts without gaps.
   *
   * @throws {@link NotFoundError}, {@link WorkNotMintedError}, {@link RegistryKindError}, {@link QuotaExceededError}
   */
  async updateMetadata(
    tenantId: TenantId,
    input: UpdateMetadata,
  ): Promise<{ work: Work; dispatches: Dispatch[] }> {
    return this.database.transaction(tenantId, (tx) =>
      this.stores.quotas.within(tx, ['dispatchesPerDay', 'storageBytes'], () => this.revise(tx, input)),
    );
  }

  private async revise(
    tx: TenantTx,
    { workId, metadata }: UpdateMetadata,
  ): Promise<{ work: Work; dispatches: Dispatch[] }> {
    await this.stores.works.lock(tx, workId);
    const work = await this.read(tx, workId);
    if (work.tokenId === null) throw new WorkNotMintedError();
    const registry = await this.stores.registries.get(tx, work.registryId);
    requireOwnWorks(registry, 'that contract’s tokenURI says what its works are.');
    // Home numbers a freeze as a revision too, so its number may be ahead of the platform's.
    const revision = Math.max(await this.stores.revisions.latest(tx, workId), work.revision) + 1;
    await this.stores.revisions.insert(tx, workId, {
      revision,
      metadata,
      stateHash: stateHash(work, revision, metadata),
    });
    await this.resumeRefused(tx, work);
    await this.stores.outbox.add(tx, submitRevision, { tenantId: tx.tenantId, workId, revision });
    return { work, dispatches: await this.dispatchToMirrors(tx, registry, work, revision) };
  }

  /**
   * States a revision on home. Revisions are stated in order: the contract expects the one before. One that
   * home refuses fails the dispatches that wait for it.
   *
   * @returns False if the one before is not stated yet: ask again later.
   */
  async submitRevision(tenantId: TenantId, workId: WorkId, revision: number): Promise<boolean> {
    const { work, registry, state } = await this.database.transaction(tenantId, async (tx) => {
      const work = await this.read(tx, workId);
      const registry = await this.stores.registries.get(tx, work.registryId);
      return { work, registry, state: await this.stores.revisions.get(tx, workId, revision) };
    });
    if (work.tokenId === null) return false;
    if (work.revision < revision - 1 && !(await this.isGivenUp(tenantId, workId, revision - 1))) return false;
    const call = stateRevisionCall(contractsOn(registry, registry.homeChainId).collection, {
      tokenId: BigInt(work.tokenId),
      expectedRevision: revision - 1,
      stateHash: state.stateHash,
    });
    const chainId = registry.homeChainId;
    const intentKey = `revision:${workId}:${revision}`;
    try {
      const { state, inclusion, revertData } = await this.transactions.submit({
        tenantId,
        chainId,
        intentKey,
        valueWei: 0n,
        ...call,
      });
      if (state === TransactionState.Final && inclusion?.succeeded === true) return true;
      if (state !== TransactionState.Dropped && state !== TransactionState.Final) return false;
      await this.giveUp(tenantId, workId, revision, describeRevert(revertData));
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      if (work.provisional) return false;
      await this.giveUp(tenantId, workId, revision, describeRevert(error.revertData));
    }
    return true;
  }

  /**
   * States a revision that home has, such as that of a freeze, to every mirror that is not told of it yet. The
   * dispatches wait until the record shows the revision.
   */
  async stateToMirrors(tenantId: TenantId, workId: WorkId, revision: number): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      await this.stores.works.lock(tx, workId);
      const known = await this.stores.dispatches.lockOfRevision(tx, workId, revision);
      if (known.length > 0) return;
      const work = await this.read(tx, workId);
      await this.dispatchToMirrors(tx, await this.stores.registries.get(tx, work.registryId), work, revision);
    });
  }

  /** Home will never state this revision, so neither will anybody else. */
  private async giveUp(tenantId: TenantId, workId: WorkId, revision: number, reason: string): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const dispatches = await this.stores.dispatches.lockOfRevision(tx, workId, revision);
      for (const { id } of dispatches.filter(({ state }) => state === DispatchState.REQUESTED)) {
        await this.stores.dispatches.update(tx, id, {
          state: DispatchState.FAILED,
          waitingFor: null,
          failure: failure(
            ErrorCode.ExecutionReverted,
            `Home refused the revision: ${reason}`,
            'Remove the cause, then call retryDispatch, or updateMetadata with something newer.',
          ),
        });
        await notifyChanged(tx, 'Dispatch', id);
      }
    });
  }

  private async resumeRefused(tx: TenantTx, { id: workId, revision: stated }: Work): Promise<void> {
    const { tenantId } = tx;
    const refused = await this.stores.dispatches.lockRefusedRevisions(tx, workId, stated);
    for (const { id: dispatchId, attempt } of refused) {
      const change = { state: DispatchState.REQUESTED, failure: null, attempt: attempt + 1 };
      await this.stores.dispatches.update(tx, dispatchId, change);
      await this.stores.outbox.add(tx, submitDispatch, { tenantId, dispatchId });
      await notifyChanged(tx, 'Dispatch', dispatchId);
    }
    for (const revision of new Set(refused.flatMap((dispatch) => dispatch.revision ?? []))) {
      await this.stores.outbox.add(tx, submitRevision, { tenantId, workId, revision });
    }
  }

  private async isGivenUp(tenantId: TenantId, workId: WorkId, revision: number): Promise<boolean> {
    const dispatches = await this.database.transaction(tenantId, (tx) =>
      this.stores.dispatches.lockOfRevision(tx, workId, revision),
    );
    return dispatches.every(({ state, digest }) => state === DispatchState.FAILED && digest === null);
  }

  private async dispatchToMirrors(
    tx: TenantTx,
    registry: Registry,
    work: Work,
    revision: number,
  ): Promise<Dispatch[]> {
    const dispatches: Dispatch[] = [];
    const givenUp = await this.stores.guardActions.chainsGivenUp(tx, registry.id);
    const mirrors = registry.chainIds.filter((id) => id !== registry.homeChainId && !givenUp.has(id));
    for (const mirrorChainId of mirrors) {
      const dispatch = await this.stores.dispatches.insert(tx, {
        registryId: registry.id,
        workId: work.id,
        kind: DispatchKind.STATE,
        origin: DispatchOrigin.PLATFORM,
        sourceChainId: registry.homeChainId,
        destinationChainId: mirrorChainId,
        laneChoice: allowedChoice(registry, LaneChoice.CHEAPEST),
        transport: null,
        to: null,
        hop: null,
        revision,
        permit: null,
      });
      await this.stores.outbox.add(tx, submitDispatch, { tenantId: tx.tenantId, dispatchId: dispatch.id });
      dispatches.push(dispatch);
    }
    return dispatches;
  }

  private async read(tx: TenantTx, workId: WorkId): Promise<Work> {
    const [work] = await this.stores.works.findByIds(tx, [workId]);
    if (work === undefined) throw new NotFoundError('Work', workId);
    return work;
  }
}

/** What a revision's state hash commits to. */
function stateHash({ documentHash }: Work, revision: number, metadata: JsonObject): `0x${string}` {
  return canonicalHash({ documentHash, revision, metadata });
}
