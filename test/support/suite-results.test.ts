import { isGreen, readForgeOutput, readJestReport, type SuiteResult, summaryLine } from './suite-results';

const result = (counts: Partial<SuiteResult>): SuiteResult => ({
  suite: 'any',
  passed: 0,
  failed: 0,
  skipped: 0,
  skippedTitles: [],
  ...counts,
});

const jestReport = (counts: object = {}) =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numRuntimeErrorTestSuites: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...counts,
  });

describe("reading Jest's report", () => {
  test('counts passed and failed tests', () => {
    const report = jestReport({ numPassedTests: 7, numFailedTests: 2 });
    expect(readJestReport('unit', report, 1)).toEqual(result({ suite: 'unit', passed: 7, failed: 2 }));
  });

  test('a test file that does not load is a failure', () => {
    const report = jestReport({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 });
    expect(readJestReport('unit', report, 1)).toMatchObject({ passed: 7, failed: 1 });
  });

  test('names what was skipped once, by its outermost title', () => {
    const skipped = { status: 'pending', title: 'a test', ancestorTitles: ['needs Redis', 'inner'] };
    const passed = { status: 'passed', title: 'a test', ancestorTitles: ['needs nothing'] };
    const report = jestReport({
      numPassedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { assertionResults: [skipped, skipped, passed] },
        { assertionResults: [{ status: 'todo', title: 'bare', ancestorTitles: [] }] },
      ],
    });
    expect(readJestReport('unit', report, 0)).toMatchObject({
      passed: 1,
      failed: 0,
      skipped: 3,
      skippedTitles: ['needs Redis', 'bare'],
    });
  });

  test('a crash without a report is a failure', () => {
    expect(readJestReport('unit', undefined, 0)).toEqual(result({ suite: 'unit', failed: 1 }));
  });

  test('an exit code without a failed test is a failure', () => {
    expect(readJestReport('unit', jestReport({ numPassedTests: 7 }), 1)).toMatchObject({
      passed: 7,
      failed: 1,
    });
    expect(readJestReport('unit', jestReport({ numPassedTests: 7 }), null)).toMatchObject({ failed: 1 });
  });

  test('a suite that ran nothing is a failure', () => {
    expect(readJestReport('unit', jestReport(), 0)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("reading forge's output", () => {
  const output = (counts: string) =>
    `[PASS] test_x()\n\nRan 2 test suites in 9.12ms (8.01ms CPU time): ${counts}\n`;

  test('counts the tests of the summary line, not those of each contract', () => {
    const contract = 'Suite result: ok. 1 passed; 0 failed; 0 skipped; finished in 1ms\n';
    const text = contract + output('5 tests passed, 1 failed, 0 skipped (6 total tests)');
    expect(readForgeOutput('contracts', text, 1)).toEqual(
      result({ suite: 'contracts', passed: 5, failed: 1 }),
    );
  });

  test('reads through terminal colours', () => {
    const text = output(
      '\u001b[32m5\u001b[0m tests passed, \u001b[31m0\u001b[0m failed, \u001b[33m2\u001b[0m skipped (7 total tests)',
    );
    expect(readForgeOutput('contracts', text, 0)).toMatchObject({
      passed: 5,
      failed: 0,
      skipped: 2,
      skippedTitles: ['tests that call vm.skip'],
    });
  });

  test('no summary, as when compiling failed, is a failure', () => {
    expect(readForgeOutput('contracts', 'Error: Compiler run failed', 1)).toMatchObject({
      passed: 0,
      failed: 1,
    });
  });
});

describe('the whole run', () => {
  test('sums all suites in the last line', () => {
    expect(summaryLine([result({ passed: 3 }), result({ passed: 4, failed: 2 })])).toBe('7 passed, 2 failed');
  });

  test('counts skips in the last line only when there are any', () => {
    expect(summaryLine([result({ passed: 3, skipped: 1 }), result({ skipped: 4 })])).toBe(
      '3 passed, 0 failed, 5 skipped',
    );
  });

  test('a failure is never green', () => {
    expect(isGreen([result({ passed: 3 }), result({ failed: 1 })], { inCi: false })).toBe(false);
  });

  test('a skip is green on a desk and red in CI', () => {
    const results = [result({ passed: 3, skipped: 1 })];
    expect(isGreen(results, { inCi: false })).toBe(true);
    expect(isGreen(results, { inCi: true })).toBe(false);
  });

  test('a run without any test is red', () => {
    expect(isGreen([], { inCi: false })).toBe(false);
  });
});
