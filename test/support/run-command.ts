import { execFile } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '..', '..', 'cli', 'main.js');
const MAX_OUTPUT_BYTES = 64 * 1_024 * 1_024;

/**
 * Runs a command of the compiled CLI as an operator does, e.g. `check-database`.
 *
 * @param environment - All of it but PATH.
 * @returns What it said, unless it found all well.
 */
export function runCommand(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string[]> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { env, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => resolve(error === null ? [] : [`${args.join(' ')}: ${stdout}\n${stderr}`]),
    );
  });
}
