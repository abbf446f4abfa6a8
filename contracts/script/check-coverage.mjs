#!/usr/bin/env node
/**
 * Measures what the tests of contracts/src reach and fails below the bars. Gas tests have no say, because the code is
 * compiled without the optimiser for this; invariant runs only repeat what unit tests reach.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forge, root } from './syntax-trees.mjs';

const BARS = { lines: 98, branches: 95 };

const folder = mkdtempSync(join(tmpdir(), 'colophon-coverage-'));
try {
  const report = join(folder, 'lcov.info');
  const selection = ['--exclude-tests', '--no-match-path', 'contracts/test/{Gas,Travel.invariant}.t.sol'];
  const reports = ['--report', 'summary', '--report', 'lcov', '--report-file', report];
  const { status } = spawnSync(forge, ['coverage', ...selection, ...reports], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status === 0 ? judge(readFileSync(report, 'utf8')) : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @param {string} lcov - https://man7.org/linux/man-pages/man1/geninfo.1.html#FILES: LF and LH, BRF and BRH count. */
function judge(lcov) {
  const records = lcov.split('end_of_record').filter((record) => record.includes('SF:contracts/src/'));
  const sum = (key) =>
    records.reduce((n, record) => n + Number(new RegExp(`^${key}:(\\d+)$`, 'm').exec(record)?.[1] ?? 0), 0);
  const reached = { lines: (100 * sum('LH')) / sum('LF'), branches: (100 * sum('BRH')) / sum('BRF') };
  const low = Object.entries(BARS).filter(([what, bar]) => !(reached[what] >= bar));
  for (const record of records) {
    const [file] = /SF:\S+/.exec(record);
    const lines = [...record.matchAll(/^DA:(\d+),0$/gm)].map(([, line]) => line);
    if (lines.length > 0) process.stdout.write(`${file.slice(3)}: not reached: ${lines.join(', ')}\n`);
  }
  process.stdout.write(
    `${reached.lines.toFixed(2)} % of lines (bar ${BARS.lines}), ${reached.branches.toFixed(2)} % of branches (bar ${BARS.branches})\n`,
  );
  return low.length === 0 ? 0 : 1;
}
