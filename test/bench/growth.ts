import { loadavg, totalmem } from 'node:os';
import { writeServiceUrls } from '../support/service-urls';
import { createTemplateDatabase } from '../support/template-database';
import { latencies } from './api/load';
import {
  type Benchmark,
  type BenchmarkOptions,
  type Comparison,
  median,
  percentile,
  trimmedMean,
} from './benchmark';
import { Contestant, type ContestantOptions, type Step } from './growth/contestant';
import { QUESTIONS } from './growth/questions';
import { sizesOf, sizeTable } from './growth/sizes';
import { withPostgres } from './services';

/** What may come of a hundred times as many works. */
const BAR = 1.3;
/**
 * More than docs/operations.md recommends, so that neither disks nor checkpoints are measured: memory for all registries,
 * 11 GB (PostgreSQL advises 40 % at most: https://www.postgresql.org/docs/18/runtime-config-resource.html), and no
 * checkpoint by itself in the time that this takes. What follows one is measured apart.
 */
const POSTGRES_SETTINGS = {
  shared_buffers: `${Math.floor((totalmem() * 0.5) / 1_048_576)}MB`,
  max_wal_size: '32GB',
  checkpoint_timeout: '1h',
};

interface Form {
  readonly contestants: readonly Omit<ContestantOptions, 'folder' | 'rounds'>[];
  readonly steps: number;
  readonly roundsPerStep: number;
  /** More steps, right after a checkpoint. */
  readonly stepsAfterCheckpoint: number;
  /** Before any is measured: each API is a process of its own, whose engine compiles for thousands of requests. */
  readonly apiWarmUps: number;
  readonly apiRounds: number;
  /** Of each kind, in each round. */
  readonly requests: number;
}

/** How long the answers of one round took, in milliseconds. */
interface Asked {
  readonly p50: number;
  readonly p99: number;
}

const FULL: Form = {
  contestants: [
    { works: 10_000, chains: 'anvil', begin: 'followed' },
    { works: 10_000, chains: 'synthetic', begin: 'followed' },
    { works: 100_000, chains: 'synthetic', begin: 'loaded' },
    { works: 1_000_000, chains: 'synthetic', begin: 'loaded' },
  ],
  // One to warm up, ten of 2,000 events.
  steps: 11,
  roundsPerStep: 8,
  stepsAfterCheckpoint: 3,
  apiWarmUps: 6,
  apiRounds: 36,
  requests: 400,
};
const SMALL: Form = {
  contestants: [
    { works: 400, chains: 'anvil', begin: 'followed' },
    { works: 400, chains: 'synthetic', begin: 'followed' },
    { works: 2_000, chains: 'synthetic', begin: 'loaded' },
  ],
  steps: 2,
  roundsPerStep: 1,
  stepsAfterCheckpoint: 1,
  apiWarmUps: 1,
  apiRounds: 1,
  requests: 20,
};

/**
 * The same load on registries of ever more works: new events through the real followers and the projector, and the
 * API's questions. Everything by turns, so that what others do on the machine falls on all alike.
 */
export const benchGrowth: Benchmark = (options) =>
  withPostgres(async (adminUrl, folder) => {
    writeServiceUrls({ ...(await createTemplateDatabase(adminUrl)), redisUrl: undefined });
    const form = options.small ? SMALL : FULL;
    const contestants: Contestant[] = [];
    try {
      for (const contestant of form.contestants)
        contestants.push(
          await Contestant.prepare(
            { ...contestant, folder, rounds: (form.steps + form.stepsAfterCheckpoint) * form.roundsPerStep },
            options.log,
          ),
        );
      // The load of the largest leaves little of the others in memory, where they would be had nobody loaded anything.
      for (const contestant of contestants.toReversed()) await contestant.prewarm();
      const followed = await follow(contestants, form, options);
      const asked = await ask(contestants, form, options);
      const burdened = await followAfterCheckpoint(contestants, form, options);
      const largest = contestants.at(-1);
      if (largest !== undefined)
        options.log(sizeTable(await sizesOf(largest.admin), largest.life.worksAfter(largest.life.rounds)));
      return [...followed, ...burdened, ...asked];
    } finally {
      for (const contestant of contestants) await contestant.close();
    }
  }, POSTGRES_SETTINGS);

async function follow(
  contestants: readonly Contestant[],
  { steps, roundsPerStep }: Form,
  { log }: BenchmarkOptions,
): Promise<Comparison[]> {
  await takeSteps(contestants, { steps: 1, roundsPerStep });
  const rates = ratesOf(contestants, await takeSteps(contestants, { steps: steps - 1, roundsPerStep }), log);
  return compareAll(contestants, rates, (name) => ({
    name: `events followed and projected, ${name}`,
    unit: 'events/s',
    bar: 1 / BAR,
  }));
}

/** Whole pages go to WAL at their first change after a checkpoint: the more pages, the longer each event finds new ones. */
async function followAfterCheckpoint(
  contestants: readonly Contestant[],
  { stepsAfterCheckpoint: steps, roundsPerStep }: Form,
  { log }: BenchmarkOptions,
): Promise<Comparison[]> {
  await contestants[0]?.admin.query('checkpoint');
  const rates = ratesOf(contestants, await takeSteps(contestants, { steps, roundsPerStep }), log);
  return compareAll(contestants, rates, (name) => ({
    name: `the same right after a checkpoint, ${name}`,
    unit: 'events/s',
  }));
}

async function takeSteps(
  contestants: readonly Contestant[],
  { steps, roundsPerStep }: Pick<Form, 'steps' | 'roundsPerStep'>,
): Promise<Step[][]> {
  const found = contestants.map((): Step[] => []);
  for (let step = 0; step < steps; step += 1)
    for (const [index, contestant] of byTurns(contestants, step))
      found[index]?.push(await contestant.step(roundsPerStep));
  return found;
}

/** Events a second. */
function ratesOf(
  contestants: readonly Contestant[],
  found: readonly (readonly Step[])[],
  log: BenchmarkOptions['log'],
): number[] {
  const rates = found.map((all) => sum(all, ({ events }) => events) / (sum(all, msOf) / 1_000));
  for (const [index, contestant] of contestants.entries()) {
    const all = found[index] ?? [];
    const events = sum(all, (step) => step.events);
    log(
      `  ${contestant.name}: ${rates[index]?.toFixed(0)} events/s (follow ${sum(all, (step) => step.followMs).toFixed(0)} ms, ` +
        `project ${sum(all, (step) => step.projectMs).toFixed(0)} ms, ${(sum(all, (step) => step.walBytes) / events).toFixed(0)} bytes of WAL per event; ${load()})`,
    );
  }
  return rates;
}

/**
 * Now and then an API's garbage collector takes both cores for some 50 ms, which meets a dozen answers however many
 * works there are. A p99 of all rounds together would say by chance whom that met more often, and so does a median of
 * rounds of which about half were met: each round has its own p99, and the mean of these counts, without the highest
 * and lowest tenth. All questions are asked in each round, so that what one process does for half a minute falls on a
 * few rounds of each question and not on all rounds of one.
 */
async function ask(
  contestants: readonly Contestant[],
  { apiWarmUps, apiRounds, requests }: Form,
  { log }: BenchmarkOptions,
): Promise<Comparison[]> {
  const servers = await Promise.all(contestants.map((contestant) => contestant.serve()));
  const found = QUESTIONS.map(() => contestants.map((): Asked[] => []));
  try {
    for (let round = 0; round < apiWarmUps + apiRounds; round += 1) {
      for (const [question, { document: query, variables }] of QUESTIONS.entries()) {
        for (const [index, contestant] of byTurns(contestants, round)) {
          const target = servers[index]?.target;
          if (target === undefined) throw new Error('each contestant has its server');
          const askings = Array.from({ length: requests }, (_, draw) => ({
            query,
            variables: variables?.(contestant.life, round * requests + draw),
          }));
          const took = await latencies(target, askings);
          if (round >= apiWarmUps)
            found[question]?.[index]?.push({ p50: percentile(took, 0.5), p99: percentile(took, 0.99) });
        }
      }
    }
  } finally {
    for (const server of servers) await server.stop();
  }
  return QUESTIONS.flatMap(({ name }, question) => {
    const rounds = found[question] ?? [];
    const p50s = rounds.map((asked) => median(asked.map(({ p50 }) => p50)));
    const p99s = rounds.map((asked) => trimmedMean(asked.map(({ p99 }) => p99)));
    const shown = contestants.map(
      (contestant, index) => `${contestant.name} ${p50s[index]?.toFixed(1)}/${p99s[index]?.toFixed(1)}`,
    );
    log(`  ${name}, p50/p99 in ms: ${shown.join('; ')}`);
    return compareAll(
      contestants,
      p99s.map((ms) => ms * 1_000),
      (size) => ({ name: `API p99, ${name}, ${size}`, unit: 'µs', bar: BAR, lessIsBetter: true }),
    );
  });
}

/** The largest against the first synthetic one, then the others; anvil against it is only told. */
function compareAll(
  contestants: readonly Contestant[],
  figures: readonly number[],
  saying: (name: string) => Omit<Comparison, 'figure' | 'peer'>,
): Comparison[] {
  const [anvil, first, ...more] = contestants.map(({ name }, index) => ({
    name,
    figure: figures[index] ?? 0,
  }));
  if (anvil === undefined || first === undefined) throw new Error('there are at least two');
  const { bar: _, ...told } = saying(`${first.name} vs ${anvil.name}`);
  return [
    ...more
      .reverse()
      .map(({ name, figure }) => ({ ...saying(`${name} vs ${first.name}`), figure, peer: first.figure })),
    { ...told, figure: first.figure, peer: anvil.figure },
  ];
}

/** All of them, another one first each time. */
function byTurns<T>(all: readonly T[], turn: number): (readonly [index: number, one: T])[] {
  const entries = [...all.entries()];
  const first = turn % entries.length;
  return [...entries.slice(first), ...entries.slice(0, first)];
}

function msOf({ followMs, projectMs }: Step): number {
  return followMs + projectMs;
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}
