import 'reflect-metadata';
import { describe, isMet } from './benchmark';
import { CATALOGUE } from './catalogue';
import { runAll } from './run-all';

const FLAGS = ['--small', '--write'];

/**
 * `npm run bench [-- NAME…] [--small] [--write]`: with one name that benchmark, otherwise all or those named, each in a
 * process of its own, and one table, which `--write` puts into docs/benchmarks.md.
 *
 * Exits with 1 below a bar (never with `--small`) or if one failed, with 2 for an unknown name.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const flags = args.filter((arg) => arg.startsWith('--'));
  const names = args.filter((arg) => !arg.startsWith('--'));
  const small = flags.includes('--small');
  const write = flags.includes('--write');
  const unknown =
    names.some((name) => CATALOGUE[name] === undefined) || flags.some((flag) => !FLAGS.includes(flag));
  if (unknown || (small && write)) {
    console.error(
      `usage: npm run bench [-- ${Object.keys(CATALOGUE).join('|')} …] [--small] [--write]; --write not with --small`,
    );
    process.exitCode = 2;
    return;
  }
  const [only, ...others] = names;
  const passed =
    only !== undefined && others.length === 0 && !write
      ? await runOne(only, small)
      : await runAll(names.length === 0 ? Object.keys(CATALOGUE) : names, { small, write });
  if (!passed) process.exitCode = 1;
}

/** @returns True if no bar is missed, or none is judged. */
async function runOne(name: string, small: boolean): Promise<boolean> {
  const comparisons = await CATALOGUE[name]?.run({ small, log: (line) => console.log(line) });
  if (comparisons === undefined) throw new Error(`there is no benchmark ${name}`);
  console.log(comparisons.map(describe).join('; '));
  process.send?.(comparisons);
  return small || comparisons.every(isMet);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
