import { transportOfNumber } from '../../chains/evm/registry/calls';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainTransaction } from '../../chains/transactions/transaction';
import type { ChainId } from '../../schema/caip';
import type { DispatchId } from '../../schema/ids';
import { nudgeDispatch } from '../../schema/jobs';
import { DispatchKind, DispatchOrigin, DispatchState } from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantTx } from '../../tenants/tenant-database';
import { canonicalJson } from '../canonical-json';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import { notifyChanged } from '../events/change-notifier';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import { type DispatchEvidence, dispatchProgress } from './dispatch-progress';
import { type DispatchRecord, dispatchIntentKey, dispatchOfIntent } from './dispatch-record';
import type { DispatchChange, DispatchRepository } from './dispatch-repository';
import { receiverIn } from './sent-works';

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
  constructor(private readonly stores: TrackerStores) {}

  async projected(tx: TenantTx, { registry, touched, works }: ProjectionChange): Promise<void> {
    await this.adoptHolderSends(tx, registry, works, touched);
    const hashes = touched
      .filter(({ name }) => name === 'StatementSent')
      .map(({ transactionHash }) => transactionHash);
    const intentKeys = await this.stores.transactions.intentKeysOf(tx, hashes);
    const dispatches = await this.stores.dispatches.lockTouched(tx, registry.id, {
      workIds: works.map(({ id }) => id),
      digests: touched.flatMap(({ digest }) => digest ?? []),
      senders: intentKeys.flatMap((intentKey) => dispatchOfIntent(intentKey) ?? []),
    });
    for (const dispatch of dispatches) await this.refresh(tx, registry, dispatch);
  }

  /** Follows the transaction of a dispatch; one of an earlier attempt no longer matters. */
  async followTransaction(
    tx: TenantTx,
    dispatchId: DispatchId,
    transaction: ChainTransaction,
  ): Promise<void> {
    const [dispatch] = await this.stores.dispatches.findByIds(tx, [dispatchId], 'for update');
    if (dispatch === undefined || dispatchIntentKey(dispatch) !== transaction.intentKey) return;
    if (dispatch.digest === null) {
      // The projection has shown no statement of it, so there is nothing on chain to look up.
      await this.record(
        tx,
        dispatch,
        dispatchProgress(dispatch, { sent: undefined, outcomes: [], transaction }),
      );
      return;
    }
    await this.refresh(tx, await this.stores.registries.get(tx, dispatch.registryId), dispatch);
  }

  private async refresh(tx: TenantTx, registry: Registry, dispatch: DispatchRecord): Promise<void> {
    const evidence = await this.gather(tx, registry, dispatch);
    await this.record(tx, dispatch, {
      ...dispatchProgress(dispatch, evidence),
      ...(evidence.departed && destinationOf(registry, evidence.departed)),
      ...(await this.originOf(tx, dispatch, evidence)),
    });
  }

  private async record(tx: TenantTx, dispatch: DispatchRecord, progress: DispatchChange): Promise<void> {
    const change = changedFields(dispatch, progress);
    if (Object.keys(change).length === 0) return;
    await this.stores.dispatches.update(tx, dispatch.id, change);
    await notifyChanged(tx, 'Dispatch', dispatch.id);
    if (change.state !== DispatchState.SOURCE_FINAL) return;
    const payload = { tenantId: tx.tenantId, dispatchId: dispatch.id };
    const notBefore = new Date(Date.now() + FIRST_NUDGE_MS);
    await this.stores.outbox.add(tx, nudgeDispatch, payload, { dedupeKey: dispatch.id, notBefore });
  }

  private async gather(tx: TenantTx, registry: Registry, dispatch: DispatchRecord): Promise<Evidence> {
    const transaction = await this.stores.transactions.find(tx, dispatchIntentKey(dispatch));
    const departed =
      dispatch.kind === DispatchKind.WORK ? await this.departure(tx, registry, dispatch) : undefined;
    const statements =
      dispatch.kind === DispatchKind.STATE
        ? await this.stores.events.find(tx, registry.id, {
            transactionHashes: transaction?.attempts.map(({ hash }) => hash) ?? [],
            names: ['StatementSent'],
          })
        : await this.eventsOf(tx, registry, departed?.digest, 'StatementSent');
    const sent = statements.find(({ chainId }) => chainId === dispatch.sourceChainId);
    const outcomes = await this.eventsOf(tx, registry, sent?.digest, 'StatementApplied', 'StatementFailed');
    return { sent, outcomes, transaction, departed };
  }

  private async eventsOf(
    tx: TenantTx,
    registry: Registry,
    digest: RegistryEvent['digest'] | undefined,
    ...names: RegistryEvent['name'][]
  ): Promise<RegistryEvent[]> {
    if (digest == null) return [];
    return this.stores.events.find(tx, registry.id, { digests: [digest], names });
  }

  /** A holder may be faster than the platform: then the move is theirs, by whatever transaction they chose. */
  private async originOf(
    tx: TenantTx,
    { id, kind }: DispatchRecord,
    { sent }: Evidence,
  ): Promise<Pick<DispatchChange, 'origin'>> {
    if (sent === undefined || kind === DispatchKind.STATE) return {};
    const intentKeys = await this.stores.transactions.intentKeysOf(tx, [sent.transactionHash]);
    return intentKeys.some((intentKey) => dispatchOfIntent(intentKey) === id)
      ? {}
      : { origin: DispatchOrigin.HOLDER };
  }

  private async departure(
    tx: TenantTx,
    registry: Registry,
    { workId, hop, sourceChainId }: DispatchRecord,
  ): Promise<RegistryEvent | undefined> {
    const [work] = await this.stores.works.findByIds(tx, [workId]);
    const departures = await this.stores.events.find(tx, registry.id, {
      chainId: sourceChainId,
      tokenIds: work?.tokenId ? [work.tokenId] : [],
      names: ['WorkDeparted'],
    });
    return departures.find((event) => numberArg(event, 'hop') === hop);
  }

  /** A holder may send without us; what the chain shows becomes a dispatch like any other. */
  private async adoptHolderSends(
    tx: TenantTx,
    registry: Registry,
    works: readonly Work[],
    touched: readonly RegistryEvent[],
  ): Promise<void> {
    for (const event of touched.filter(({ name }) => name === 'WorkDeparted')) {
      const work = works.find(({ tokenId }) => tokenId === event.tokenId);
      if (work === undefined) continue;
      if ((await this.stores.dispatches.findByHop(tx, work.id, numberArg(event, 'hop'))) !== undefined)
        continue;
      const statements = await this.stores.events.find(tx, registry.id, {
        digests: event.digest ? [event.digest] : [],
        names: ['StatementSent'],
      });
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
        laneChoice: transportOfNumber(numberArg(statement, 'transport')),
        transport: null,
        to: receiverIn(statement, destinationChainId),
        hop: numberArg(event, 'hop'),
        revision: null,
        permit: null,
      });
    }
  }
}

interface Evidence extends DispatchEvidence {
  readonly departed: RegistryEvent | undefined;
}

function destinationOf({ chainIds, id }: Registry, departed: RegistryEvent): { destinationChainId: ChainId } {
  const destinationChainId = chainIds.find(
    (chainId) => chainHashOf(chainId) === textArg(departed, 'dstChainHash'),
  );
  if (destinationChainId === undefined)
    throw new Error(`registry ${id} let a work leave for a chain that it is not on`);
  return { destinationChainId };
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
