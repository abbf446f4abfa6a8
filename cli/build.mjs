// Builds what the compiled program needs: contract artifacts, JavaScript, and the bundle of ccip-js.
//
// Usage: node cli/build.mjs [--if-stale]
// With --if-stale a part is built only if one of its sources has changed since it was built.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const codeFolders = ['api', 'chains', 'cli', 'domain', 'migrations', 'schema', 'tenants', 'test', 'workers'];

const parts = [
  {
    name: 'contracts',
    sources: ['foundry.toml', 'contracts/src', 'contracts/test'],
    output: 'contracts/out',
    // Tests of contracts take most of the compiler's time; `forge test` compiles them when they are run.
    command: ['node_modules/.bin/forge', 'build', '--skip', 'test'],
  },
  {
    name: 'TypeScript',
    sources: ['tsconfig.json', ...codeFolders],
    output: 'dist',
    // `npm run check` looks for type errors; a start does not wait for that.
    command: ['node_modules/.bin/tsc', '--noCheck'],
  },
  {
    name: 'client',
    sources: ['tsconfig.json', 'packages/client/tsconfig.json', 'packages/client/src'],
    output: 'packages/client/dist',
    command: ['node_modules/.bin/tsc', '-p', 'packages/client'],
  },
  {
    name: 'ccip-js',
    sources: ['package-lock.json', 'chains/ccip/bundle-ccip-js.mjs'],
    output: 'dist/chains/ccip',
    command: [process.execPath, 'chains/ccip/bundle-ccip-js.mjs'],
  },
];

const onlyIfStale = process.argv.includes('--if-stale');
for (const { name, sources, output, command } of parts) {
  const stamp = join(root, output, '.built');
  if (onlyIfStale && Math.max(...sources.map((path) => changedAt(join(root, path)))) < changedAt(stamp))
    continue;
  const begun = new Date();
  run(command);
  // Of the beginning: what changes during a build may not be in it.
  mkdirSync(join(root, output), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, begun, begun);
  process.stderr.write(`built ${name} in ${((Date.now() - begun.getTime()) / 1000).toFixed(1)} s\n`);
}

/** The newest change of a file, or in a folder (of which a removal counts too), in milliseconds; 0 if there is none. */
function changedAt(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  const entries = readdirSync(path).filter((entry) => entry !== 'node_modules');
  const inside = entries.map((entry) => changedAt(join(path, entry)));
  return Math.max(found.mtimeMs, ...inside);
}

function run([program, ...args]) {
  // What builders say goes to standard error: standard output is the program's own.
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
