import { AccountIndex } from '../devnet/accounts';
import type { Beginner, PlannedMove } from '../e2e/support/travel-plan';
import { BASE, HOME, MOONBEAM } from '../faults/support/fault-world';
import { drawn, randomFrom } from '../support/random';
import { wholeBetween } from './faults/fault';

/** One thing that happens to a work, after the one before it is over. */
export type Step =
  | { readonly kind: 'SEND'; readonly move: PlannedMove }
  | { readonly kind: 'REVISE'; readonly title: string }
  /** Somebody pays native money to the royalty receiver of the chain where the work is. */
  | { readonly kind: 'PAY'; readonly wei: number };

/** What one work is to go through. */
export interface PlannedLife {
  /** Since the faults began; those of 0 ms are there before. */
  readonly bornAtMs: number;
  /** By its place in the world. */
  readonly tenant: number;
  readonly begunBy: Beginner;
  /** The holder's account of the devnet's phrase; undefined for the tenant's own works. */
  readonly collector: number | undefined;
  readonly steps: readonly Step[];
}

const COLLECTORS = [
  AccountIndex.FirstCollector,
  AccountIndex.FirstCollector + 1,
  AccountIndex.FirstCollector + 2,
];
const BEGINNERS = ['OWN', 'HOLDER', 'PERMIT'] as const;
const FIRST_WORKS = 8;
/** Between two mints, in milliseconds. */
const MINT_EVERY_MS = [500, 3_000] as const;
/** More than any work can do within a run: works live as long as the run lasts. */
const STEPS_PER_MINUTE = 12;
const REVISIONS_OF_STEPS = 0.2;
const PAYMENTS_OF_STEPS = 0.15;

/** Draws the life of every work of a run of this length: the same for the same seed. */
export function planLoad(seed: number, lengthMs: number, tenants: number): PlannedLife[] {
  const random = randomFrom(seed ^ 0x10ad);
  const lives: PlannedLife[] = [];
  for (let bornAtMs = 0; bornAtMs < lengthMs; ) {
    if (lives.length >= FIRST_WORKS) bornAtMs += wholeBetween(...MINT_EVERY_MS, random);
    const begunBy = drawn(BEGINNERS, random);
    lives.push({
      bornAtMs,
      tenant: wholeBetween(0, tenants - 1, random),
      begunBy,
      collector: begunBy === 'OWN' ? undefined : drawn(COLLECTORS, random),
      steps: planSteps(Math.ceil((STEPS_PER_MINUTE * lengthMs) / 60_000), random),
    });
  }
  return lives;
}

/** Out to a mirror and home again, with new metadata now and then. */
function planSteps(count: number, random: () => number): Step[] {
  let isHome = true;
  return Array.from({ length: count }, (_, index): Step => {
    const draw = random();
    if (draw < REVISIONS_OF_STEPS) return { kind: 'REVISE', title: `Tide, state ${index}` };
    if (draw < REVISIONS_OF_STEPS + PAYMENTS_OF_STEPS)
      return { kind: 'PAY', wei: wholeBetween(1, 1e9, random) };
    const destination = isHome ? drawn([BASE, MOONBEAM], random) : HOME;
    isHome = !isHome;
    return { kind: 'SEND', move: { destination, transport: drawn(['CCIP', 'LAYERZERO'] as const, random) } };
  });
}
