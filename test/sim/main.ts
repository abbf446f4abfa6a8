import 'reflect-metadata';
import { setMaxListeners } from 'node:events';
import { cpuUsage } from 'node:process';
import { UsageError } from '../../cli/cli-errors';
import { listenForStop } from '../../cli/stop-signals';
import { NOT_RUN } from '../support/suite-results';
import type { Life } from './life';
import { planLoad } from './load-plan';
import { runSeed, type SeedReport } from './run-seed';
import { planFaults } from './schedule';
import { parseSimArguments, SIM_USAGE, type SimOptions } from './sim-arguments';
import { NoRedisError } from './sim-redis';
import { SimWorld, TENANT_COUNT } from './world';

const begun = Date.now();
/** As a shell tells of a program that SIGINT has ended. */
const STOPPED = 130;

function log(line: string): void {
  console.log(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(7)} ${line}`);
}

/**
 * `npm run test:sim`: runs the whole deployment as its image does, does to it what the seeds draw, and compares with the
 * chains what came of it. Exits with 1 if an invariant is broken, with 2 for wrong arguments, with 77 without Redis.
 */
async function main(): Promise<number> {
  const options = parseSimArguments(process.argv.slice(2));
  if (options.planOnly) {
    for (const seed of options.seeds) tellPlan(seed, options);
    return 0;
  }
  const signal = listenForStop(() => log('stopping'));
  setMaxListeners(0, signal);
  const world = await SimWorld.start(options.circumstances, signal, log);
  let passed = false;
  try {
    passed = await runSeeds(world, options, signal);
  } finally {
    const keep = options.keep || !(passed || signal.aborted);
    await world.stop({ keep });
    if (keep) log(`logs and data are in ${world.folder}`);
  }
  if (signal.aborted) return STOPPED;
  return passed ? 0 : 1;
}

/** Runs seed after seed until one fails. @returns True if none has. */
async function runSeeds(world: SimWorld, options: SimOptions, signal: AbortSignal): Promise<boolean> {
  const { seeds, minutes, circumstances } = options;
  const lives: Life[] = [];
  for (const seed of seeds) {
    if (signal.aborted) return false;
    log(`seed ${seed}, ${minutes} min`);
    const lengthMs = minutes * 60_000;
    let passed = false;
    try {
      const report = await runSeed(world, { seed, lengthMs, circumstances, lives, signal, log });
      if (!signal.aborted) tell(report, world);
      passed = report.broken.length === 0;
    } finally {
      if (!passed) tellPlan(seed, options);
    }
    if (!passed || signal.aborted) return false;
  }
  const { user, system } = cpuUsage();
  log(
    `${seeds.length} seeds, ${world.fleet.kills} kills, nothing broken; own CPU ${((user + system) / 1e6).toFixed(0)} s`,
  );
  return true;
}

function tell({ broken, failures, restMs, checkMs, ...counts }: SeedReport, { client }: SimWorld): void {
  log(JSON.stringify(counts));
  log(`at rest after ${(restMs / 1_000).toFixed(1)} s, checked in ${(checkMs / 1_000).toFixed(1)} s`);
  log(`asked again after: ${JSON.stringify(Object.fromEntries(client.failures))}`);
  for (const failure of failures) log(`a move ended with ${failure}`);
  for (const { invariant, what } of broken) log(`BROKEN: ${invariant}: ${what}`);
}

function tellPlan(seed: number, { minutes, circumstances, again }: SimOptions): void {
  const lengthMs = minutes * 60_000;
  console.log(`seed ${seed} draws`);
  for (const { atMs, lastsMs, fault } of planFaults(seed, lengthMs, circumstances))
    console.log(
      `  ${(atMs / 1_000).toFixed(1).padStart(7)} s for ${(lastsMs / 1_000).toFixed(1)} s: ${fault.name}`,
    );
  const lives = planLoad(seed, lengthMs, TENANT_COUNT);
  console.log(`  ${lives.length} works, born from ${lives[0]?.bornAtMs} to ${lives.at(-1)?.bornAtMs} ms`);
  console.log(`again: npm run test:sim -- --seed ${seed} ${again}`);
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') process.exit(STOPPED);
    if (error instanceof NoRedisError) {
      console.error(error.message);
      process.exit(NOT_RUN);
    }
    console.error(error instanceof UsageError ? `${error.message}\n\n${SIM_USAGE}` : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
