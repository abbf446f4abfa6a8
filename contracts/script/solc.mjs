#!/usr/bin/env node
/**
 * The npm package `solc` (wasm) behind the two calls that forge makes of a native compiler:
 * `--version`, and `--standard-json` with the input on stdin and the output on stdout.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);

if (args.includes('--version')) {
  // Answered from package.json: loading the compiler only to name it costs 400 ms.
  const { version } = require('solc/package.json');
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${version}+commit.00000000.Linux.g++\n`,
  );
} else if (args.includes('--standard-json')) {
  const output = Buffer.from(require('solc').compile(readFileSync(0, 'utf8')));
  writeFully(output);
  // soljson keeps timers alive.
  process.exit(0);
} else {
  process.stderr.write(`solc.mjs: unsupported arguments: ${args.join(' ')}\n`);
  process.exit(1);
}

/** Writes all of `buffer` to stdout. A pipe takes 64 KiB at a time and answers EAGAIN while it is full. */
function writeFully(buffer) {
  let offset = 0;
  while (offset < buffer.length) {
    try {
      offset += writeSync(1, buffer, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
