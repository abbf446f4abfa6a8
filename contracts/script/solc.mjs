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
  writeFully(Buffer.from(compile(readFileSync(0, 'utf8'))));
  // soljson keeps timers alive.
  process.exit(0);
} else {
  process.stderr.write(`solc.mjs: unsupported arguments: ${args.join(' ')}\n`);
  process.exit(1);
}

/**
 * `compile` of the package puts its input on the stack of the wasm module, four bytes a character, so that a project of
 * 1.3 MB ends it with "memory access out of bounds". Here the compiler reads from its heap. forge hands over all
 * sources, so there is nothing to import.
 */
function compile(input) {
  const soljson = require('solc/soljson.js');
  const size = soljson.lengthBytesUTF8(input) + 1;
  const pointer = soljson._solidity_alloc(size);
  soljson.stringToUTF8(input, pointer, size);
  return soljson.UTF8ToString(soljson._solidity_compile(pointer, 0, 0));
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
