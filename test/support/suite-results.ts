import { z } from 'zod';

/** What one suite of `npm test` came to. */
export interface SuiteResult {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The outermost titles of what was skipped; they name the reason. */
  readonly skippedTitles: readonly string[];
  /** What failed and the beginning of why, as far as the suite says so by itself. */
  readonly failures: readonly string[];
}

/** The part that we read of what `jest --json` writes (https://jestjs.io/docs/cli#--json, Jest 30). */
const jestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          status: z.string(),
          title: z.string(),
          ancestorTitles: z.array(z.string()),
          failureMessages: z.array(z.string()),
        }),
      ),
      /** Why the file could not be run; else what of its tests is in their own messages. */
      message: z.string(),
    }),
  ),
});

/** forge's last line, e.g. `Ran 2 test suites in 9ms (8ms CPU time): 5 tests passed, 0 failed, 0 skipped (5 total tests)`. */
const FORGE_SUMMARY = /: (\d+) tests passed, (\d+) failed, (\d+) skipped \(\d+ total tests\)/;
/** Enough for an assertion's difference, and for the first frames of a stack. */
const REASON_LINES = 25;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with ESC
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * Reads Jest's report. A test file that could not be loaded counts as one failure.
 *
 * @param report - The text of the report, or undefined if Jest ended without writing one.
 */
export function readJestReport(
  suite: string,
  report: string | undefined,
  exitCode: number | null,
): SuiteResult {
  if (report === undefined) return crashed(suite);
  const results = jestReport.parse(JSON.parse(report));
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults);
  const skippedTests = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return withExitCode(exitCode, {
    suite,
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
    skippedTitles: [
      ...new Set(skippedTests.map(({ ancestorTitles: [outermost], title }) => outermost ?? title)),
    ],
    failures: [
      ...tests
        .filter(({ status }) => status === 'failed')
        .map(({ ancestorTitles, title, failureMessages: [reason = ''] }) =>
          failure([...ancestorTitles, title].join(' › '), reason),
        ),
      ...results.testResults
        .filter(({ assertionResults, message }) => assertionResults.length === 0 && message !== '')
        .map(({ message }) => failure('a file that does not run', message)),
    ],
  });
}

function failure(title: string, reason: string): string {
  const lines = reason.replace(COLOURS, '').split('\n').slice(0, REASON_LINES);
  return [title, ...lines.map((line) => `  ${line}`)].join('\n').trimEnd();
}

/** Reads the summary line of `forge test`, which skips a test only by `vm.skip`. */
export function readForgeOutput(suite: string, output: string, exitCode: number | null): SuiteResult {
  const text = output.replace(COLOURS, '');
  const summary = FORGE_SUMMARY.exec(text);
  if (summary === null) return crashed(suite);
  const [passed = 0, failed = 0, skipped = 0] = summary.slice(1).map(Number);
  return withExitCode(exitCode, {
    suite,
    passed,
    failed,
    skipped,
    skippedTitles: skipped > 0 ? ['tests that call vm.skip'] : [],
    // It says them where they are and once more at the end.
    failures: [...new Set(text.match(/^\[FAIL.*$/gm))],
  });
}

/** With this exit code a program says that a test could not be run here, as Automake's do. */
export const NOT_RUN = 77;

/** A suite that is one test: it passes with exit code 0, and is skipped with {@link NOT_RUN}. */
export function readExitCode(suite: string, exitCode: number | null): SuiteResult {
  const passed = exitCode === 0 ? 1 : 0;
  const skipped = exitCode === NOT_RUN ? 1 : 0;
  const skippedTitles = skipped > 0 ? [`${suite}: it says why`] : [];
  return { suite, passed, failed: 1 - passed - skipped, skipped, skippedTitles, failures: [] };
}

/** True when the run must exit with 0. In CI every optional program is installed, so a skip is a mistake there. */
export function isGreen(results: readonly SuiteResult[], { inCi }: { inCi: boolean }): boolean {
  const { passed, failed, skipped } = total(results);
  return passed > 0 && failed === 0 && !(inCi && skipped > 0);
}

/** The last line of `npm test`. */
export function summaryLine(results: readonly SuiteResult[]): string {
  const { passed, failed, skipped } = total(results);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function total(results: readonly SuiteResult[]): { passed: number; failed: number; skipped: number } {
  const sum = (count: (result: SuiteResult) => number) => results.reduce((n, result) => n + count(result), 0);
  return { passed: sum((r) => r.passed), failed: sum((r) => r.failed), skipped: sum((r) => r.skipped) };
}

function crashed(suite: string): SuiteResult {
  return { suite, passed: 0, failed: 1, skipped: 0, skippedTitles: [], failures: [] };
}

/** A suite that is unhappy although no test failed (set-up, teardown, no tests at all) has failed once. */
function withExitCode(exitCode: number | null, result: SuiteResult): SuiteResult {
  const ranNothing = result.passed + result.failed + result.skipped === 0;
  return (exitCode !== 0 && result.failed === 0) || ranNothing ? { ...result, failed: 1 } : result;
}
