import { setTimeout as delay } from 'node:timers/promises';
import { toHex } from 'viem';
import { aborted } from '../../cli/stop-signals';
import { CHAINS } from '../faults/support/fault-world';
import { untilSettled } from '../faults/support/settled';
import { type Broken, checkInvariants } from './invariants';
import type { Life } from './life';
import { Load } from './load';
import { planLoad } from './load-plan';
import { runFaults } from './run-faults';
import { type Circumstances, planFaults } from './schedule';
import type { SimWorld } from './world';

/** Within this time after the last fault everything must have come to rest. */
const REST_MS = 180_000;

/** What a seed came to. */
export interface SeedReport {
  readonly seed: number;
  readonly works: number;
  readonly sends: number;
  readonly revisions: number;
  readonly payments: number;
  /** Moves that ended otherwise than asked, each with its reason. */
  readonly failures: readonly string[];
  readonly faults: number;
  readonly kills: number;
  /** Processes of ours that ended by themselves. */
  readonly ownEnds: number;
  readonly restMs: number;
  readonly checkMs: number;
  readonly broken: readonly Broken[];
}

interface RunOptions {
  readonly seed: number;
  readonly lengthMs: number;
  readonly circumstances: Circumstances;
  /** Every work of the world so far, of earlier seeds too; those of this one are added. */
  readonly lives: Life[];
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Runs what a seed draws, waits until all is at rest, and checks the invariants over all that ever was. */
export async function runSeed(world: SimWorld, options: RunOptions): Promise<SeedReport> {
  const { seed, lengthMs, lives, signal, log } = options;
  const before = { kills: world.fleet.kills, ownEnds: world.fleet.ownEnds };
  const faults = planFaults(seed, lengthMs, options.circumstances);
  const load = new Load(world);
  await load.begin(seed, planLoad(seed, lengthMs, world.tenants.length));
  lives.push(...load.lives);
  log(`faults begin: ${faults.length} of them`);
  await Promise.all([
    runFaults(world, faults, { lengthMs, signal, log }),
    delay(lengthMs, undefined, { signal }).catch(() => undefined), // cut short by Ctrl-C
  ]);
  if (options.circumstances.outage === true && !signal.aborted) await sitOutDay(world, log);
  const { kills, ownEnds } = world.fleet;
  const end = signal.aborted
    ? cutShort(load)
    : await Promise.race([aborted(signal).then(() => cutShort(load)), comeToRest(world, load, lives, log)]);
  return {
    seed,
    works: load.lives.filter(({ workId }) => workId !== undefined).length,
    sends: sum(load.lives.map((life) => life.sends)),
    revisions: sum(load.lives.map((life) => life.revisions)),
    payments: sum(load.lives.map((life) => life.payments)),
    failures: load.lives.flatMap((life) => life.failures.map(({ failure }) => JSON.stringify(failure))),
    faults: faults.length,
    kills: kills - before.kills,
    ownEnds: ownEnds - before.ownEnds,
    ...end,
  };
}

/** A day of blocks, as Ethereum makes them. */
const DAY = { blocks: 7_200, secondsApart: 12 } as const;

/** Everything of ours dies; a day goes by on every chain, with what is on its way; then everything is there again. */
async function sitOutDay({ fleet, stage: { devnet } }: SimWorld, log: (line: string) => void): Promise<void> {
  log('nothing of ours runs for a day of the chains');
  await Promise.all(fleet.names.map((name) => fleet.lose(name)));
  const day = [toHex(DAY.blocks), toHex(DAY.secondsApart)];
  await Promise.all(CHAINS.map((chainId) => devnet.rpc(chainId, 'anvil_mine', day)));
  await Promise.all(fleet.names.map((name) => fleet.replace(name)));
  log('everything of ours is started again');
}

type End = Pick<SeedReport, 'restMs' | 'checkMs' | 'broken'>;

function cutShort(load: Load): End {
  load.end();
  return { restMs: 0, checkMs: 0, broken: [] };
}

async function comeToRest(
  world: SimWorld,
  load: Load,
  lives: readonly Life[],
  log: (line: string) => void,
): Promise<End> {
  log('no more faults; all has to come to rest');
  const begun = Date.now();
  try {
    await world.fleet.allReady();
    await load.finish(REST_MS);
    await untilSettled(world.stage, REST_MS - (Date.now() - begun));
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const broken = [{ invariant: `all is at rest within ${REST_MS / 1_000} s`, what }];
    return { restMs: Date.now() - begun, checkMs: 0, broken };
  }
  const rested = Date.now();
  log('at rest; checking');
  const broken = await checkInvariants(world, lives);
  return { restMs: rested - begun, checkMs: Date.now() - rested, broken };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
