import {
  isGreen,
  NOT_RUN,
  readExitCode,
  readForgeOutput,
  readJestReport,
  type SuiteResult,
  summaryLine,
} from './suite-results';

const result = (counts: Partial<SuiteResult>): SuiteResult => ({
  suite: 'any',
  passed: 0,
  failed: 0,
  skipped: 0,
  skippedTitles: [],
  failures: [],
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

const assertion = (over: object) => ({
  status: 'failed',
  title: 'a test',
  ancestorTitles: [],
  failureMessages: [],
  ...over,
});

describe('a suite that is one test', () => {
  test.each([
    ['passes with 0', 0, { passed: 1, failed: 0, skipped: 0 }],
    ['fails with anything else', 1, { passed: 0, failed: 1, skipped: 0 }],
    ['fails when a signal ended it', null, { passed: 0, failed: 1, skipped: 0 }],
    ['is skipped when it says that it could not run', NOT_RUN, { passed: 0, failed: 0, skipped: 1 }],
  ])('%s', (_, exitCode, counts) => {
    expect(readExitCode('whole', exitCode)).toMatchObject(counts);
  });
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
    const skipped = assertion({ status: 'pending', ancestorTitles: ['needs Redis', 'inner'] });
    const passed = assertion({ status: 'passed', ancestorTitles: ['needs nothing'] });
    const report = jestReport({
      numPassedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { message: '', assertionResults: [skipped, skipped, passed] },
        { message: '', assertionResults: [assertion({ status: 'todo', title: 'bare' })] },
      ],
    });
    expect(readJestReport('unit', report, 0)).toMatchObject({
      passed: 1,
      failed: 0,
      skipped: 3,
      skippedTitles: ['needs Redis', 'bare'],
    });
  });

  test('says what failed and how that began, without colours, and which file does not run', () => {
    const reason = `\u001b[31mone\u001b[39m${'\n'.repeat(30)}too far down`;
    const failed = assertion({ ancestorTitles: ['books'], failureMessages: [reason] });
    const report = jestReport({
      numFailedTests: 1,
      numRuntimeErrorTestSuites: 1,
      testResults: [
        { message: 'said by its test', assertionResults: [failed, assertion({ status: 'passed' })] },
        { message: 'cannot find a module', assertionResults: [] },
      ],
    });
    expect(readJestReport('unit', report, 1).failures).toEqual([
      'books › a test\n  one',
      'a file that does not run\n  cannot find a module',
    ]);
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
    const failure = '[FAIL: 1 != 2] test_y() (gas: 3)';
    const text = `${contract}${failure}\n${failure}\n${output('5 tests passed, 1 failed, 0 skipped (6 total tests)')}`;
    expect(readForgeOutput('contracts', text, 1)).toEqual(
      result({ suite: 'contracts', passed: 5, failed: 1, failures: [failure] }),
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
