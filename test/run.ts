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

/** `npm test`: every suite in turn, then one line with the sum over all of them. */

/** The scripts of package.json that are suites, quickest first; those that do not exist (yet) are left out. */
const SUITES = [
  'check',
  'test:unit',
  'test:contracts',
  'test:integration',
  'test:faults',
  'test:e2e',
  'test:helm',
];
const FORGE_SUITE = 'test:contracts';
/** Types, lint, format, import rules and generated files: it passes or fails as one. */
const CHECK_SUITE = 'check';

let stopSignal: NodeJS.Signals | undefined;

interface Finished {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs one npm script, showing what it prints; answers what went to its standard output if that was piped. */
async function runScript(script: string, args: string[], stdout: 'inherit' | 'pipe'): Promise<Finished> {
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    detached: true,
    stdio: ['ignore', stdout, 'inherit'],
  });
  const forward = (signal: NodeJS.Signals) => {
    stopSignal = signal;
    // The whole group: npm's shell would leave the suite's own processes behind.
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  return { exitCode, output };
}

async function runSuite(script: string, folder: string): Promise<SuiteResult> {
  if (script === FORGE_SUITE) {
    const { exitCode, output } = await runScript(script, [], 'pipe');
    return readForgeOutput(script, output, exitCode);
  }
  if (script === CHECK_SUITE) {
    const { exitCode } = await runScript(script, [], 'inherit');
    return readExitCode(script, exitCode);
  }
  const reportFile = join(folder, `${script.replace(':', '-')}.json`);
  const { exitCode } = await runScript(script, ['--json', `--outputFile=${reportFile}`], 'inherit');
  const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined;
  return readJestReport(script, report, exitCode);
}

async function main(): Promise<number> {
  // CAST: npm itself has read this package.json before it started us.
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const folder = mkdtempSync(join(tmpdir(), 'colophon-run-'));
  const results: SuiteResult[] = [];
  try {
    for (const script of SUITES.filter((name) => name in scripts)) {
      console.log(`\n== ${script}`);
      results.push(await runSuite(script, folder));
      if (stopSignal !== undefined) return 128 + constants.signals[stopSignal];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  console.log('');
  for (const result of results) {
    console.log(`${result.suite}: ${summaryLine([result])}`);
    for (const title of result.skippedTitles) console.log(`  skipped: ${title}`);
  }
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
