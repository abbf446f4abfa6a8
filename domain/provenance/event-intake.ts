import type { RegistryId } from '../../schema/ids';
import type { RegistryContracts } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ChainLogRepository } from '../chain-state/log-repository';
import { decodeRegistryEvent } from './event-decoder';
import type { ProjectionMark, ProjectionRepository } from './projection-repository';
import { eventKey, type RegistryEvent } from './registry-event';
import type { RegistryEventRepository } from './registry-event-repository';

/** The events of a registry that are new, gone or newly final; among them, those that are gone; and of these, those that were final. */
export interface Intake {
  readonly touched: readonly RegistryEvent[];
  readonly fallen: readonly RegistryEvent[];
  readonly breached: readonly RegistryEvent[];
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
  async take(tx: TenantTx, registryId: RegistryId, contracts: readonly RegistryContracts[]): Promise<Intake> {
    const touched: RegistryEvent[] = [];
    const fallen: RegistryEvent[] = [];
    for (const mark of await this.projections.lock(tx, registryId)) {
      const ofChain = contracts.find(({ chainId }) => chainId === mark.chainId);
      if (ofChain === undefined)
        throw new Error(`registry ${registryId} has no contracts on ${mark.chainId}`);
      const change = await this.takeChain(tx, registryId, mark, ofChain);
      touched.push(...change.touched);
      fallen.push(...change.fallen);
    }
    return { touched, fallen, breached: fallen.filter(({ final }) => final) };
  }

  private async takeChain(
    tx: TenantTx,
    registryId: RegistryId,
    mark: ProjectionMark,
    contracts: RegistryContracts,
  ): Promise<Omit<Intake, 'breached'>> {
    const { chainId } = mark;
    const cursor = await this.logs.cursor(tx, chainId);
    if (cursor === undefined) return { touched: [], fallen: [] };
    const breaches = await this.logs.breachesAfter(tx, chainId, mark.breachId);
    const fixedTo = Math.min(mark.finalBlock, ...breaches.map(({ forkBlock }) => forkBlock));
    const breachId = Math.max(mark.breachId, ...breaches.map(({ id }) => id));

    const before = await this.events.find(tx, registryId, { chainId, aboveBlock: fixedTo });
    const recorded = await this.logs.logsAfter(tx, {
      chainId,
      addresses: [contracts.collection, contracts.gateway],
      afterBlock: fixedTo,
    });
    const after = recorded.flatMap((log) => decodeRegistryEvent(log, contracts, cursor.final.number) ?? []);
    const change = difference(before, after);
    if (change.length > 0)
      await this.events.replaceAbove(tx, registryId, { chainId, aboveBlock: fixedTo, events: after });
    if (cursor.final.number !== mark.finalBlock || breachId !== mark.breachId) {
      await this.projections.save(tx, registryId, { chainId, finalBlock: cursor.final.number, breachId });
    }
    const standing = new Set(after.map(eventKey));
    return {
      touched: change,
      fallen: before.filter((event) => !standing.has(eventKey(event))),
    };
  }
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
