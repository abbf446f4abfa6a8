import type { ChainId } from '../../../schema/caip';
import type { TransportKind } from '../../../schema/types/chain';
import { AccountIndex } from '../../devnet/accounts';
import { BASE, HOME, MOONBEAM } from '../../faults/support/fault-world';
import { drawn, oneOf } from '../../support/random';

/** Who begins a move: the collector from a wallet, or the platform with its own key or with a permit. */
export type Beginner = 'HOLDER' | 'OWN' | 'PERMIT';

export interface PlannedMove {
  readonly destination: ChainId;
  readonly transport: TransportKind;
}

/** What one work is to go through: out to a mirror and home again, as often as its moves allow. */
export interface Itinerary {
  readonly begunBy: Beginner;
  /** The holder's account of the devnet's phrase; undefined for the platform's own works. */
  readonly collector: number | undefined;
  readonly moves: readonly PlannedMove[];
}

/** How large a run is, and how badly it is disturbed. */
export interface TravelForm {
  readonly seed: number;
  readonly works: number;
  readonly movesPerWork: number;
  /** Works that travel at the same time. */
  readonly abreast: number;
  readonly kills: number;
  readonly movesPerReorg: number;
  readonly timeoutMs: number;
}

const MIRRORS = [BASE, MOONBEAM] as const;
const TRANSPORTS = ['CCIP', 'LAYERZERO'] as const;
const COLLECTORS = [
  AccountIndex.FirstCollector,
  AccountIndex.FirstCollector + 1,
  AccountIndex.FirstCollector + 2,
];
/** Half of the moves are begun by holders; the platform's half is parted between its two ways. */
const BEGINNERS = ['HOLDER', 'OWN', 'HOLDER', 'PERMIT'] as const;

/** Draws every work's itinerary: the same for the same random numbers. */
export function planTravel({ works, movesPerWork }: TravelForm, random: () => number): Itinerary[] {
  return Array.from({ length: works }, (_, index) => {
    const begunBy = oneOf(BEGINNERS, index);
    return {
      begunBy,
      collector: begunBy === 'OWN' ? undefined : drawn(COLLECTORS, random),
      moves: Array.from({ length: movesPerWork }, (_, move) => ({
        destination: move % 2 === 0 ? drawn(MIRRORS, random) : HOME,
        transport: drawn(TRANSPORTS, random),
      })),
    };
  });
}
