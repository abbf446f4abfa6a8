import { setTimeout as delay } from 'node:timers/promises';
import type { ChainId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { Dispatch } from '../../../schema/types/dispatch';
import type { Work } from '../../../schema/types/work';
import type { FaultWorld } from '../../faults/support/fault-world';

const POLL_MS = 300;
const LAST_DISPATCHES = { first: 100, after: undefined } as const;

interface Awaited {
  readonly chainId: ChainId;
  readonly hop: number;
  readonly arrived: () => void;
}

/** Watches all works that travel by one query at a time, however many they are. */
export class Arrivals {
  private readonly expected = new Map<WorkId, Awaited>();

  constructor(private readonly world: FaultWorld) {}

  /** Resolves when the work lives there for good, after its move of this number. */
  arrival(workId: WorkId, chainId: ChainId, hop: number): Promise<void> {
    return new Promise((arrived) => this.expected.set(workId, { chainId, hop, arrived }));
  }

  /** Watches until aborted. @throws Error with what is known when a dispatch fails, or nothing arrives for `patienceMs`. */
  async watch(signal: AbortSignal, patienceMs: number): Promise<void> {
    let lastArrival = Date.now();
    while (!signal.aborted) {
      if ((await this.look()) > 0 || this.expected.size === 0) lastArrival = Date.now();
      if (Date.now() - lastArrival > patienceMs) {
        throw new Error(`nothing arrived for ${patienceMs} ms:\n${await this.describeMissing()}`);
      }
      const [failed] = await this.inState('FAILED');
      if (failed !== undefined) throw new Error(`a dispatch failed: ${JSON.stringify(failed)}`);
      await delay(POLL_MS);
    }
  }

  private async look(): Promise<number> {
    const works = await this.world.domain.works.findByIds(this.world.tenantId, [...this.expected.keys()]);
    const there = works.filter((work) => isThere(work, this.expected.get(work.id)));
    for (const { id } of there) {
      const { arrived } = this.expected.get(id) ?? {};
      this.expected.delete(id);
      arrived?.();
    }
    return there.length;
  }

  private async inState(state: Dispatch['state']): Promise<Dispatch[]> {
    const { dispatches } = this.world.domain;
    const { edges } = await dispatches.page(this.world.tenantId, LAST_DISPATCHES, { state });
    return edges.map(({ node }) => node);
  }

  private async describeMissing(): Promise<string> {
    const { tenantId, domain } = this.world;
    const lines = [...this.expected].map(async ([workId, { hop }]) => {
      const { edges } = await domain.dispatches.page(tenantId, LAST_DISPATCHES, { workId });
      const dispatch = edges.map(({ node }) => node).find((candidate) => candidate.hop === hop);
      return `${workId}: ${JSON.stringify(dispatch)}`;
    });
    return (await Promise.all(lines)).join('\n');
  }
}

function isThere({ state, provisional, chainId, hop }: Work, expected: Awaited | undefined): boolean {
  return state === 'LIVE' && !provisional && chainId === expected?.chainId && hop === expected.hop;
}
