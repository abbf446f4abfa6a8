import { CHAINS } from '../faults/support/fault-world';
import { drawn, randomFrom } from '../support/random';
import { bridgeFault, killBridge } from './faults/bridges';
import { flood, halt, reorg } from './faults/chains';
import { endpointFault } from './faults/endpoints';
import { type Fault, type FaultKind, wholeBetween } from './faults/fault';
import { drain, freeze, kill, killAll, skewClock } from './faults/processes';
import { crashPostgres, emptyRedis, freezePostgres, loseRedis } from './faults/stores';

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

/** About eleven kills a minute. */
const TRACKS: readonly Track[] = [
  { name: 'kills', restMs: [4_000, 7_000], lastsMs: MOMENT, kinds: [...Array(24).fill(kill), killAll] },
  {
    name: 'processes',
    restMs: [6_000, 14_000],
    lastsMs: [2_000, 20_000],
    kinds: [freeze, freeze, drain, skewClock],
  },
  {
    name: 'postgres',
    restMs: [12_000, 25_000],
    lastsMs: [200, 4_000],
    kinds: [crashPostgres, crashPostgres, freezePostgres],
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
      kinds: [reorg(chainId), reorg(chainId), reorg(chainId), halt(chainId), flood(chainId)],
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
export function planFaults(seed: number, lengthMs: number): PlannedFault[] {
  return TRACKS.flatMap((track, index) =>
    planTrack(track, lengthMs, randomFrom(seed * TRACKS.length + index)),
  ).sort((one, other) => one.atMs - other.atMs);
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
