import { chainHashOf } from '../../chains/evm/registry/manifest';
import { type ChainTransaction, hasFailed } from '../../chains/transactions/transaction';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import type { DispatchId } from '../../schema/ids';
import { nudgeDispatch, submitDispatch } from '../../schema/jobs';
import { DispatchKind, DispatchOrigin, DispatchState } from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantTx } from '../../tenants/tenant-database';
import { canonicalJson } from '../canonical-json';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import { notifyAllChanged } from '../events/change-notifier';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import { dispatchProgress, transportOf } from './dispatch-progress';
import { type DispatchRecord, dispatchIntentKey, dispatchOfIntent } from './dispatch-record';
import type { DispatchChange, DispatchRepository } from './dispatch-repository';
import { EvidenceGatherer, type GatheredEvidence, statementsOf } from './evidence-gatherer';
import { isLimitReached, roomInTheLane } from './revert-reason';

/** How long after finality on the source a message may take before somebody looks for it, in milliseconds. */
const FIRST_NUDGE_MS = 5_000;

export interface TrackerStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly dispatches: DispatchRepository;
  readonly events: RegistryEventRepository;
  readonly transactions: TransactionRepository;
  readonly outbox: OutboxRepository;
}

/** Moves dispatches along as events and transactions show; makes dispatches of sends that holders began themselves. */
export class DispatchTracker implements ProjectionListener {
  private readonly evidence: EvidenceGatherer;

  constructor(private readonly stores: TrackerStores) {
    this.evidence = new EvidenceGatherer(stores);
  }

  async projected(tx: TenantTx, { registry, touched, works }: ProjectionChange): Promise<void> {
    await this.adoptHolderSends(tx, registry, works, touched);
    const hashes = touched
      .filter(({ name }) => name === 'StatementSent')
      .map(({ transactionHash }) => transactionHash);
    const intentKeys = await this.stores.transactions.intentKeysOf(tx, hashes);
    const dispatches = await this.stores.dispatches.lockTouched(tx, registry.id, {
      workIds: works.map(({ id }) => id),
      digests: touched.flatMap(({ digest }) => digest ?? []),
      senders: [...intentKeys.values()].flatMap((intentKey) => dispatchOfIntent(intentKey) ?? []),
    });
    await this.refresh(tx, registry, dispatches);
  }

  /** Follows the transaction of a dispatch; one of an earlier attempt no longer matters. */
  async followTransaction(
    tx: TenantTx,
    dispatchId: DispatchId,
    transaction: ChainTransaction,
  ): Promise<void> {
    const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId], 'for update');
    if (dispatch === undefined || dispatchIntentKey(dispatch) !== transaction.intentKey) return;
    if (dispatch.digest === null && hasFailed(transaction) && isLimitReached(transaction.revertData))
      return this.sendAgain(tx, dispatch, transaction);
    if (dispatch.digest === null && dispatch.state !== DispatchState.VOIDED) {
      // The projection has shown no statement of it, and nothing ended it: there is nothing on chain to look up.
      const progress = dispatchProgress(dispatch, {
        messages: [],
        outcomes: [],
        transaction,
        reclaimed: false,
      });
      await this.record(tx, [[dispatch, progress]]);
      return;
    }
    await this.refresh(tx, await this.stores.registries.get(tx, dispatch.registryId), [dispatch]);
  }

  /** Others took the room between estimate and inclusion. Should a reorg revive the old one, its hop lets one pass. */
  private async sendAgain(
    tx: TenantTx,
    { id: dispatchId, attempt }: DispatchRecord,
    { revertData }: ChainTransaction,
  ): Promise<void> {
    await this.stores.dispatches.update(tx, dispatchId, {
      state: DispatchState.REQUESTED,
      attempt: attempt + 1,
      failure: null,
      waitingFor: roomInTheLane(revertData),
    });
    const payload = { tenantId: tx.tenantId, dispatchId };
    await this.stores.outbox.add(tx, submitDispatch, payload);
    await notifyAllChanged(tx, 'Dispatch', [dispatchId]);
  }

  private async refresh(
    tx: TenantTx,
    registry: Registry,
    dispatches: readonly DispatchRecord[],
  ): Promise<void> {
    if (dispatches.length === 0) return;
    const evidence = await this.evidence.gather(tx, registry.id, dispatches);
    await this.record(
      tx,
      dispatches.map((dispatch) => [dispatch, progressOf(registry, dispatch, evidence.of(dispatch))]),
    );
  }

  private async record(
    tx: TenantTx,
    progresses: readonly (readonly [DispatchRecord, DispatchChange])[],
  ): Promise<void> {
    const changes = new Map(
      progresses
        .map(([dispatch, progress]) => [dispatch.id, changedFields(dispatch, progress)] as const)
        .filter(([, change]) => Object.keys(change).length > 0),
    );
    await this.stores.dispatches.updateAll(tx, changes);
    await notifyAllChanged(tx, 'Dispatch', [...changes.keys()]);
    for (const [dispatchId, { state }] of changes) {
      if (state !== DispatchState.SOURCE_FINAL) continue;
      const payload = { tenantId: tx.tenantId, dispatchId };
      await this.stores.outbox.add(tx, nudgeDispatch, payload, { afterMs: FIRST_NUDGE_MS });
    }
  }

  /** A holder may send without us; what the chain shows becomes a dispatch like any other. */
  private async adoptHolderSends(
    tx: TenantTx,
    registry: Registry,
    works: readonly Work[],
    touched: readonly RegistryEvent[],
  ): Promise<void> {
    const departures = touched.filter(({ name }) => name === 'WorkDeparted');
    if (departures.length === 0) return;
    // A departure that became final is among `touched` twice.
    const known = new Set(
      await this.stores.dispatches.knownMoves(
        tx,
        works.map(({ id }) => id),
      ),
    );
    for (const event of departures) {
      const work = works.find(({ tokenId }) => tokenId === event.tokenId);
      const move = `${work?.id}/${numberArg(event, 'hop')}/${event.chainId}`;
      if (work === undefined || known.has(move)) continue;
      const sent = await this.stores.events.find(tx, registry.id, {
        transactionHashes: [event.transactionHash],
        names: ['StatementSent'],
      });
      const statements = statementsOf(event, sent);
      const [statement] = statements;
      if (statement === undefined) continue; // the departure has fallen in a reorg
      const { destinationChainId } = destinationOf(registry, event);
      await this.stores.dispatches.insert(tx, {
        registryId: registry.id,
        workId: work.id,
        kind: DispatchKind.WORK,
        origin: DispatchOrigin.HOLDER,
        sourceChainId: event.chainId,
        destinationChainId,
        laneChoice: transportOf(statements),
        transport: null,
        to: receiverOf(event, destinationChainId),
        hop: numberArg(event, 'hop'),
        revision: null,
        permit: null,
      });
      known.add(move);
    }
  }
}

function progressOf(
  registry: Registry,
  dispatch: DispatchRecord,
  evidence: GatheredEvidence,
): DispatchChange {
  return {
    ...dispatchProgress(dispatch, evidence),
    ...(evidence.departed && destinationOf(registry, evidence.departed)),
    ...(evidence.byHolder && { origin: DispatchOrigin.HOLDER }),
  };
}

function destinationOf({ chainIds, id }: Registry, departed: RegistryEvent): { destinationChainId: ChainId } {
  const destinationChainId = chainIds.find(
    (chainId) => chainHashOf(chainId) === textArg(departed, 'dstChainHash'),
  );
  if (destinationChainId === undefined)
    throw new Error(`registry ${id} let a work leave for a chain that it is not on`);
  return { destinationChainId };
}

/** Who is to have a departed work. */
function receiverOf(departed: RegistryEvent, destinationChainId: ChainId): AccountId {
  return evmAccountId(destinationChainId, `0x${textArg(departed, 'to').slice(-40)}`);
}

/** Only what differs: an unchanged dispatch is neither written nor announced. */
function changedFields(dispatch: DispatchRecord, change: DispatchChange): DispatchChange {
  return Object.fromEntries(
    Object.entries(change).filter(([field, value]) => {
      // CAST: the change has the record's own fields.
      const before = dispatch[field as keyof DispatchChange];
      return canonicalJson(before ?? null) !== canonicalJson(value ?? null);
    }),
  );
}
