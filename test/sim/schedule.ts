import { DEFAULT_BLOCK_TIME_MS } from '../devnet/devnet';
import { FINALITY_BLOCKS } from '../devnet/networks';
import { CHAINS } from '../faults/support/fault-world';
import { drawn, randomFrom } from '../support/random';
import { bridgeFault, killBridge } from './faults/bridges';
import { flood, halt, reorg } from './faults/chains';
import { endpointFault } from './faults/endpoints';
import { type Fault, type FaultKind, wholeBetween } from './faults/fault';
import { drain, earlierRelease, freeze, kill, killAll, skewClock } from './faults/processes';
import {
  emptyRedis,
  failOver,
  fillDisk,
  freezePrimary,
  losePrimary,
  loseRedis,
  slowDisk,
} from './faults/stores';

/** A fault with its time, in milliseconds since the run began. */
export interface PlannedFault {
  readonly atMs: number;
  readonly lastsMs: number;
  readonly track: string;
  readonly fault: Fault;
}

/** What one thing suffers, one fault after the other; things suffer side by side. */
interface Track {
  readonly name: string;
  /** Least and greatest rest between two faults, in milliseconds. */
  readonly restMs: readonly [number, number];
  readonly lastsMs: readonly [number, number];
  /** Drawn evenly: what is there twice comes twice as often. */
  readonly kinds: readonly FaultKind[];
}

const MOMENT = [0, 0] as const;

/** How the chains of a run go. */
export interface Pace {
  readonly blockTimeMs: number;
  /** How far what is final stays below the head: even. */
  readonly finalityBlocks: number;
  readonly deepestReorg: number;
}

/** What a run has to do with. */
export interface Circumstances extends Pace {
  /** Whether nothing of ours runs for a day of the chains at the end of a seed's faults. */
  readonly outage?: boolean;
  /** The folder of an earlier release's compiled programs, if they are to run beside those of this one. */
  readonly earlierBuild?: string;
}

/** Final after 3.2 s. */
export const SHALLOW: Pace = {
  blockTimeMs: DEFAULT_BLOCK_TIME_MS,
  finalityBlocks: FINALITY_BLOCKS,
  deepestReorg: FINALITY_BLOCKS - 1,
};
/** Reorgs of up to a hundred blocks; final after 10.4 s. */
export const DEEP: Pace = { blockTimeMs: 100, finalityBlocks: 104, deepestReorg: 100 };

/** About eleven kills a minute. */
const tracks = ({ deepestReorg, earlierBuild }: Circumstances): readonly Track[] => [
  { name: 'kills', restMs: [4_000, 7_000], lastsMs: MOMENT, kinds: [...Array(24).fill(kill), killAll] },
  {
    name: 'processes',
    restMs: [6_000, 14_000],
    lastsMs: [2_000, 20_000],
    kinds: [
      freeze,
      freeze,
      drain,
      skewClock,
      ...(earlierBuild === undefined ? [] : Array(4).fill(earlierRelease(earlierBuild))),
    ],
  },
  {
    name: 'postgres',
    restMs: [12_000, 25_000],
    lastsMs: [200, 4_000],
    kinds: [losePrimary, freezePrimary, failOver, slowDisk, fillDisk],
  },
  {
    name: 'redis',
    restMs: [8_000, 16_000],
    lastsMs: [200, 5_000],
    kinds: [emptyRedis, emptyRedis, loseRedis],
  },
  ...CHAINS.flatMap((chainId): Track[] => [
    {
      name: `endpoint ${chainId}`,
      restMs: [2_000, 10_000],
      lastsMs: [2_000, 10_000],
      kinds: [endpointFault(chainId)],
    },
    {
      name: `chain ${chainId}`,
      restMs: [6_000, 16_000],
      lastsMs: [500, 4_000],
      kinds: [...Array(3).fill(reorg(chainId, deepestReorg)), halt(chainId), flood(chainId)],
    },
  ]),
  ...(['ccip', 'layerZero'] as const).map(
    (network): Track => ({
      name: network,
      restMs: [1_000, 6_000],
      lastsMs: [3_000, 12_000],
      kinds: [bridgeFault(network), bridgeFault(network), bridgeFault(network), killBridge(network)],
    }),
  ),
];

/** Draws all that happens in a run of this length: the same for the same seed. In the order of the beginnings. */
export function planFaults(seed: number, lengthMs: number, circumstances: Circumstances): PlannedFault[] {
  return tracks(circumstances)
    .flatMap((track, index, all) => planTrack(track, lengthMs, randomFrom(seed * all.length + index)))
    .sort((one, other) => one.atMs - other.atMs);
}

function planTrack(
  { name: track, restMs, lastsMs, kinds }: Track,
  lengthMs: number,
  random: () => number,
): PlannedFault[] {
  const planned: PlannedFault[] = [];
  for (let atMs = wholeBetween(0, restMs[1], random); atMs < lengthMs; ) {
    const fault = drawn(kinds, random)(random);
    const lasts = wholeBetween(...lastsMs, random);
    planned.push({ atMs, lastsMs: Math.min(lasts, lengthMs - atMs), track, fault });
    atMs += lasts + wholeBetween(...restMs, random);
  }
  return planned;
}
