import { isDeepStrictEqual } from 'node:util';
import type { ChainId, EvmAddress } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import { contractsOn, followedAddresses } from '../registry/registry-contracts';
import { withoutEscrowing } from './escrow-transfers';
import { decodeRegistryEvent, type EventSource } from './event-decoder';
import type { ProjectionMark, ProjectionRepository } from './projection-repository';
import { eventKey, type RegistryEvent } from './registry-event';
import type { RegistryEventRepository } from './registry-event-repository';

/**
 * The events of a registry that are new, gone or newly final; among them, those that are gone, or were recorded otherwise
 * than they turned out to be; and of these, those that were final.
 */
export interface Intake {
  readonly touched: readonly RegistryEvent[];
  readonly fallen: readonly RegistryEvent[];
  readonly breached: readonly RegistryEvent[];
}

/** How far one chain is fixed, was taken over, and is final now. */
interface Span {
  readonly chainId: ChainId;
  readonly source: EventSource;
  readonly addresses: readonly EvmAddress[];
  readonly before: ProjectionMark;
  readonly now: ProjectionMark;
  /** Events up to this height cannot have changed since. */
  readonly fixedTo: number;
}

/**
 * Takes over what the followers have recorded of a registry's contracts.
 *
 * Everything above the last final block is read afresh each time, so new blocks, reorgs and finality
 * are one and the same case. A breach of finality only moves that mark back first.
 */
export class EventIntake {
  constructor(
    private readonly logs: ChainLogRepository,
    private readonly events: RegistryEventRepository,
    private readonly projections: ProjectionRepository,
  ) {}

  /** Runs in the transaction that holds the registry's projection lock. */
  async take(tx: TenantTx, registry: Registry): Promise<Intake> {
    const registryId = registry.id;
    const marks = await this.projections.lock(tx, registryId);
    const spans = await this.spans(tx, marks, registry);
    const changes = await this.read(tx, registryId, spans);
    const changed = changes.filter(({ touched }) => touched.length > 0);
    await this.events.replaceAbove(
      tx,
      registryId,
      changed.map(({ span }) => ({ chainId: span.chainId, blockNumber: span.fixedTo })),
      changed.flatMap(({ after }) => after),
    );
    const moved = spans.filter(
      ({ before, now }) => before.finalBlock !== now.finalBlock || before.breachId !== now.breachId,
    );
    await this.projections.save(
      tx,
      registryId,
      moved.map(({ now }) => now),
    );
    const fallen = changed.flatMap((change) => change.fallen);
    return {
      touched: changed.flatMap(({ touched }) => touched),
      fallen,
      breached: fallen.filter(({ final }) => final),
    };
  }

  /** What there is to read of each chain whose follower has begun. */
  private async spans(tx: TenantTx, marks: readonly ProjectionMark[], registry: Registry): Promise<Span[]> {
    const cursors = await this.logs.cursors(
      tx,
      marks.map(({ chainId }) => chainId),
    );
    const breaches = await this.logs.breachesAfter(tx, marks);
    return marks.flatMap((before) => {
      const { chainId } = before;
      const contracts = contractsOn(registry, chainId);
      const { collection } = contracts;
      const adopted = registry.adopted?.chainId === chainId ? registry.adopted : null;
      const addresses = [...followedAddresses(contracts), ...(adopted === null ? [] : [adopted.address])];
      const cursor = cursors.get(chainId);
      if (cursor === undefined) return [];
      const fallenTo = breaches.filter((breach) => breach.chainId === chainId);
      const fixedTo = Math.min(before.finalBlock, ...fallenTo.map(({ forkBlock }) => forkBlock));
      const breachId = Math.max(before.breachId, ...fallenTo.map(({ id }) => id));
      const now = { chainId, finalBlock: cursor.final.number, breachId };
      return [{ chainId, source: { chainId, collection, adopted }, addresses, before, now, fixedTo }];
    });
  }

  /** The events above the fixed height of each chain, as they are now, and what changed among them. */
  private async read(tx: TenantTx, registryId: RegistryId, spans: readonly Span[]) {
    const known = await this.events.findAbove(
      tx,
      registryId,
      spans.map(({ chainId, fixedTo }) => ({ chainId, blockNumber: fixedTo })),
    );
    const logs = await this.logs.logsAfter(
      tx,
      spans.map(({ chainId, addresses, fixedTo }) => ({ chainId, addresses, afterBlock: fixedTo })),
    );
    return spans.map((span) => {
      const before = known.filter(({ chainId }) => chainId === span.chainId);
      const decoded = new Map(before.map((event) => [eventKey(event), event]));
      const shown = (logs.get(span.chainId) ?? []).flatMap((log) => {
        // Most of them were taken over before and stand as they did. Once final they are read anew: until then a single
        // endpoint has said what they are, which is put right when their block becomes final.
        const known = decoded.get(eventKey({ ...log, chainId: span.chainId }));
        return known?.final === log.blockNumber <= span.now.finalBlock
          ? known
          : (decodeRegistryEvent(log, span.source, span.now.finalBlock) ?? []);
      });
      const { adopted, collection } = span.source;
      const after = adopted === null ? shown : withoutEscrowing(shown, collection);
      const standing = new Map(after.map((event) => [eventKey(event), event]));
      return {
        span,
        after,
        touched: difference(before, after),
        fallen: before.filter((event) => !saysTheSame(event, standing.get(eventKey(event)))),
      };
    });
  }
}

/** Whether an event still stands, with what it said: it may have become final. */
function saysTheSame(event: RegistryEvent, now: RegistryEvent | undefined): boolean {
  return now !== undefined && isDeepStrictEqual({ ...event, final: now.final }, now);
}

/** The events that only one of the two lists has; an event whose finality changed counts as changed. */
function difference(before: readonly RegistryEvent[], after: readonly RegistryEvent[]): RegistryEvent[] {
  const key = (event: RegistryEvent) => `${eventKey(event)}/${event.final}`;
  const old = new Set(before.map(key));
  const fresh = new Set(after.map(key));
  return [
    ...before.filter((event) => !fresh.has(key(event))),
    ...after.filter((event) => !old.has(key(event))),
  ];
}
