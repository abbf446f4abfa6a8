import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isGreen,
  readExitCode,
  readForgeOutput,
  readJestReport,
  type SuiteResult,
  summaryLine,
} from './support/suite-results';

/** `npm test`: every suite, then one line with the sum over all of them. */

/**
 * The scripts of package.json that are suites, quickest first; those that do not exist (yet) are left out.
 * A stage has tracks that run side by side, as their suites wait for blocks, or for a compiler that takes one core, most
 * of the time; the suites of a track run one after the other.
 */
const STAGES: readonly Stage[] = [
  [['check'], ['test:unit']],
  [['test:contracts'], ['test:contracts:mutants']],
  [['test:integration']],
  [['test:faults'], ['test:e2e']],
  // It leaves half of two cores, and starves more than one suite beside it.
  [['test:sim'], ['test:adversary', 'test:helm']],
];
const FORGE_SUITE = 'test:contracts';
/**
 * They pass or fail as one, with these arguments: types, lint, format, import rules and generated files; six contract
 * guards, each taken away, of which every one must be missed by a test; and three seeds of the simulation.
 */
const WHOLE_SUITES: Readonly<Record<string, readonly string[]>> = {
  check: [],
  'test:contracts:mutants': [],
  'test:sim': ['--seeds', '3', '--minutes', '1'],
};

let stopSignal: NodeJS.Signals | undefined;

type Stage = readonly (readonly string[])[];

/** What a suite prints: `live` as it comes, `kept` until the suites beside it have said theirs. */
type Printing = 'live' | 'kept';

interface Finished {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs one npm script. @returns what it printed. */
async function runScript(script: string, args: readonly string[], printing: Printing): Promise<Finished> {
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forward = (signal: NodeJS.Signals) => {
    stopSignal = signal;
    // The whole group: npm's shell would leave the suite's own processes behind.
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk;
    if (printing === 'live') process.stdout.write(chunk);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  return { exitCode, output };
}

/** A suite that has ended. */
interface Ran {
  readonly output: string;
  readonly result: SuiteResult;
  readonly seconds: number;
}

async function runSuite(script: string, folder: string, printing: Printing): Promise<Ran> {
  const begun = performance.now();
  const reportFile = join(folder, `${script.replaceAll(':', '-')}.json`);
  const jestArgs = script === FORGE_SUITE ? [] : ['--json', `--outputFile=${reportFile}`];
  const args = WHOLE_SUITES[script] ?? jestArgs;
  const { exitCode, output } = await runScript(script, args, printing);
  const result = readResult(script, exitCode, output, reportFile);
  return { output, result, seconds: Math.round((performance.now() - begun) / 1000) };
}

function readResult(
  script: string,
  exitCode: number | null,
  output: string,
  reportFile: string,
): SuiteResult {
  if (script === FORGE_SUITE) return readForgeOutput(script, output, exitCode);
  if (script in WHOLE_SUITES) return readExitCode(script, exitCode);
  const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined;
  return readJestReport(script, report, exitCode);
}

/** Runs the tracks of a stage side by side: the first prints as it goes, the others once it has ended. */
async function runStage(tracks: Stage, folder: string): Promise<Ran[]> {
  console.log(`\n== ${tracks.map((track) => track.join(', then ')).join(', beside it ')}`);
  const runs = tracks.map((track, index) => runTrack(track, folder, index === 0 ? 'live' : 'kept'));
  const ended: Ran[] = [];
  for (const [index, run] of runs.entries()) {
    for (const suite of await run) {
      if (index > 0) process.stdout.write(`\n== ${suite.result.suite}\n${suite.output}`);
      ended.push(suite);
    }
  }
  return ended;
}

async function runTrack(scripts: readonly string[], folder: string, printing: Printing): Promise<Ran[]> {
  const ran: Ran[] = [];
  for (const script of scripts) {
    if (stopSignal === undefined) ran.push(await runSuite(script, folder, printing));
  }
  return ran;
}

async function main(): Promise<number> {
  // CAST: npm itself has read this package.json before it started us.
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const folder = mkdtempSync(join(tmpdir(), 'colophon-run-'));
  const ended: Ran[] = [];
  try {
    for (const stage of STAGES) {
      const present = stage.map((track) => track.filter((name) => name in scripts));
      if (present.flat().length > 0) ended.push(...(await runStage(present, folder)));
      if (stopSignal !== undefined) return 128 + constants.signals[stopSignal];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  // At the end once more, where it is found, and where a log that was cut still has it.
  for (const { result } of ended) {
    for (const failure of result.failures) console.log(`\n${result.suite}: failed: ${failure}`);
  }
  console.log('');
  for (const { result, seconds } of ended) {
    console.log(`${result.suite}: ${summaryLine([result])} (${seconds} s)`);
    for (const title of result.skippedTitles) console.log(`  skipped: ${title}`);
  }
  const results = ended.map(({ result }) => result);
  const inCi = process.env['CI'] === 'true';
  if (inCi && results.some(({ skipped }) => skipped > 0)) console.log('Under CI=true a skip is a failure.');
  console.log(summaryLine(results));
  return isGreen(results, { inCi }) ? 0 : 1;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
