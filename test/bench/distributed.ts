import { setTimeout as delay } from 'node:timers/promises';
import { untilSettled } from '../faults/support/settled';
import { PatientClient } from '../support/patient-client';
import type { Benchmark, BenchmarkOptions, Comparison } from './benchmark';
import { audit } from './distributed/audit';
import { APIS, Deployment, POOLS } from './distributed/deployment';
import { Gauges } from './distributed/gauges';
import { Load, type LoadOptions } from './distributed/load';
import {
  describeStretch,
  type Recovery,
  recoveredAfterMs,
  recoveryAfter,
  type Seen,
  type Stretch,
} from './distributed/recovery';
import { describeMachine } from './machine';
import { markdownTable } from './table';

const MINUTES = 10;
const SMALL_MINUTES = 2;
/** Shares of the run: when half of the processes are lost, and when PostgreSQL's primary is. */
const LOSSES = { processes: 0.4, primary: 0.7 } as const;
/** Left out of the figures at the beginning: connections and caches are made then. */
const WARM_UP_SHARE = 0.1;
/** Until somebody's health checks have noticed that a primary is gone, and its replica is promoted. */
const NOTICED_AFTER_MS = 5_000;
const LIMIT_S = 30;
/** Within this time after the load has ended all that it began has come about. */
const SETTLE_MS = 180_000;
const LOAD: LoadOptions = { artistsPerGallery: 3, worksPerMint: 4, readsPerSecond: 20 };
const SMALL_LOAD: LoadOptions = { artistsPerGallery: 2, worksPerMint: 2, readsPerSecond: 5 };

/** When each thing happened, in milliseconds since the run began. */
interface Moments {
  readonly steady: number;
  readonly processesLost: number;
  readonly primaryLost: number;
  readonly end: number;
}

/**
 * A whole deployment on one machine under load, which loses half of its processes at once, later PostgreSQL's primary.
 *
 * @throws Error if something that was accepted is not on chain exactly once, or the record is not what the chains say.
 */
export const benchDistributed: Benchmark = async (options) => {
  const deployment = await Deployment.start(options.log);
  try {
    return await measure(deployment, options);
  } finally {
    await deployment.stop();
  }
};

async function measure(deployment: Deployment, options: BenchmarkOptions): Promise<Comparison[]> {
  const { small, minutes = small ? SMALL_MINUTES : MINUTES, log } = options;
  const client = new PatientClient(APIS.map((name) => deployment.fleet.urlOf(name)));
  const gauges = await Gauges.start(deployment, () => client.now());
  const load = new Load(client, deployment.galleries, small ? SMALL_LOAD : LOAD);
  try {
    load.start();
    const moments = await play(deployment, client, minutes * 60_000, log);
    await load.finish();
    await untilSettled(deployment.stage, SETTLE_MS);
    const wrong = await audit(deployment, load.accepted);
    const sends = load.accepted.filter(({ sentTo }) => sentTo !== undefined).length;
    log(
      `${load.accepted.length} mints and ${sends} sends were accepted; not answered: ${JSON.stringify(Object.fromEntries(client.failures))}`,
    );
    const comparisons = report({ attempts: client.attempts, samples: gauges.samples }, moments, log);
    log(`longest wait for an answer: ${(client.longestWaitMs / 1_000).toFixed(1)} s`);
    if (wrong.length > 0) throw new Error(`${wrong.length} wrong:\n${wrong.slice(0, 20).join('\n')}`);
    log('every accepted mint and send is on chain once; the record is what the chains say');
    return comparisons;
  } finally {
    await gauges.stop();
    client.close();
  }
}

/** Lets the load run, and takes from the deployment what it is to lose. */
async function play(
  deployment: Deployment,
  client: PatientClient,
  lengthMs: number,
  log: (line: string) => void,
): Promise<Moments> {
  const { postgres } = deployment;
  const begun = client.now();
  const reach = (share: number) => delay(Math.max(0, begun + share * lengthMs - client.now()));
  await reach(LOSSES.processes);
  const processesLost = client.now();
  await loseHalf(deployment, log);
  await reach(LOSSES.primary);
  const primaryLost = client.now();
  await postgres.losePrimary();
  await delay(NOTICED_AFTER_MS);
  await postgres.promote();
  log("PostgreSQL's primary was lost and its replica promoted");
  await reach(1);
  const end = client.now();
  await postgres.addStandby();
  log('the promoted one has a replica again');
  return { steady: begun + WARM_UP_SHARE * lengthMs, processesLost, primaryLost, end };
}

/** Two of three APIs, one of two workers of each pool, the follower that leads at home, and Redis' primary. */
async function loseHalf(deployment: Deployment, log: (line: string) => void): Promise<void> {
  const { fleet, redis } = deployment;
  const names = ['api-1', 'api-2', ...POOLS.map((pool) => `${pool}-1`), await deployment.leadingFollower()];
  await Promise.all([redis.losePrimary(), ...names.map((name) => fleet.kill(name))]);
  log(`killed at once: ${names.join(', ')} of ${fleet.names.length}, and Redis' primary`);
  await delay(NOTICED_AFTER_MS);
  await redis.promote();
}

function report(seen: Seen, moments: Moments, log: (line: string) => void): Comparison[] {
  const { steady, processesLost, primaryLost, end } = moments;
  const before = describeStretch(seen, steady, processesLost);
  const rate = before.dispatchesPerSecond;
  if (rate === 0) throw new Error('nothing was dispatched before the first loss: run it for more minutes');
  const halfLost = recoveryAfter(seen, processesLost, primaryLost, rate);
  const withoutPrimary = recoveryAfter(seen, primaryLost, end, rate);
  const stretches = [
    ['undisturbed', before],
    ['after half of the processes were lost', describeStretch(seen, processesLost, primaryLost)],
    ["after PostgreSQL's primary was lost", describeStretch(seen, primaryLost, end)],
  ] as const;
  log(`\nnpm run bench -- distributed (${((end - steady) / 60_000).toFixed(1)} minutes)`);
  for (const line of describeMachine()) log(`- ${line}`);
  log(`\n${markdownTable(STRETCH_HEADS, stretches.map(toRow))}`);
  log(
    `\n${markdownTable(RECOVERY_HEADS, [
      ['half of the processes', ...toSeconds(halfLost)],
      ["PostgreSQL's primary", ...toSeconds(withoutPrimary)],
    ])}\n`,
  );
  return [
    bounded('recovery from the loss of half of the processes vs limit', halfLost),
    bounded("recovery from the loss of PostgreSQL's primary vs limit", withoutPrimary),
  ];
}

const STRETCH_HEADS = ['stretch', 'dispatches/s', 'requests/s', 'p50', 'p99', 'failed', 'lag p50', 'lag p99'];
const RECOVERY_HEADS = ['lost', 'API', 'followers', 'dispatches'];

function toRow([name, stretch]: readonly [string, Stretch]): string[] {
  return [
    name,
    stretch.dispatchesPerSecond.toFixed(2),
    stretch.requestsPerSecond.toFixed(1),
    `${stretch.p50Ms.toFixed(0)} ms`,
    `${stretch.p99Ms.toFixed(0)} ms`,
    `${(stretch.failedShare * 100).toFixed(2)} %`,
    `${stretch.lagP50} blocks`,
    `${stretch.lagP99} blocks`,
  ];
}

function toSeconds({ api, follower, dispatches }: Recovery): string[] {
  return [api, follower, dispatches].map((ms) =>
    ms === undefined ? 'never' : `${(ms / 1_000).toFixed(1)} s`,
  );
}

function bounded(name: string, recovery: Recovery): Comparison {
  const figure = recoveredAfterMs(recovery) / 1_000;
  return { name, unit: 's', figure, peer: LIMIT_S, bar: 1, lessIsBetter: true };
}
