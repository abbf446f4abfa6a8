import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { type BenchmarkOptions, describe, isMet } from './benchmark';
import { CATALOGUE } from './catalogue';
import { runAll } from './run-all';

/**
 * `npm run bench [-- NAME…] [--small] [--minutes M] [--write]`: with one name that benchmark, otherwise all or those
 * named, each in a process of its own, and one table, which `--write` puts into docs/benchmarks.md.
 *
 * Exits with 1 below a bar (never with `--small`) or if one failed, with 2 for an unknown name or option.
 */
async function main(): Promise<void> {
  const asked = parse(process.argv.slice(2));
  if (asked === undefined) {
    console.error(
      `usage: npm run bench [-- ${Object.keys(CATALOGUE).join('|')} …] [--small] [--minutes M] [--write]; --write not with --small`,
    );
    process.exitCode = 2;
    return;
  }
  const { names, small, write, minutes } = asked;
  const [only, ...others] = names;
  const passed =
    only !== undefined && others.length === 0 && !write
      ? await runOne(only, { small, ...(minutes !== undefined && { minutes }) })
      : await runAll(names.length === 0 ? Object.keys(CATALOGUE) : names, { small, write });
  if (!passed) process.exitCode = 1;
}

/** Undefined if it is not understood. */
function parse(args: string[]) {
  const { values, positionals: names } = parseArgs({
    args,
    options: { small: { type: 'boolean' }, write: { type: 'boolean' }, minutes: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const { small = false, write = false, minutes, ...unknown } = values;
  const isKnown = names.every((name) => CATALOGUE[name] !== undefined) && Object.keys(unknown).length === 0;
  const length = minutes === undefined ? undefined : Number(minutes);
  if (!isKnown || (small && write) || (length !== undefined && !(length > 0))) return undefined;
  return { names, small: small === true, write: write === true, minutes: length };
}

/** @returns True if no bar is missed, or none is judged. */
async function runOne(name: string, options: Omit<BenchmarkOptions, 'log'>): Promise<boolean> {
  const comparisons = await CATALOGUE[name]?.run({ ...options, log: (line) => console.log(line) });
  if (comparisons === undefined) throw new Error(`there is no benchmark ${name}`);
  console.log(comparisons.map(describe).join('; '));
  process.send?.(comparisons);
  return options.small || comparisons.every(isMet);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
