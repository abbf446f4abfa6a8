/** Temporary copies of the Foundry project in which the mutants are compiled and tested. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instrument, SWITCH_FILE, SWITCH_SOURCE } from './instrument.mjs';

/** A mutant may loop until its gas is gone; this long, and it counts as noticed. */
const TEST_TIMEOUT_MS = 180_000;
/** All mutants together take a minute on two idle cores. */
const BUILD_TIMEOUT_MS = 900_000;
/**
 * What makes code small enough to be deployed, and not what makes it cheap: the compiler takes half as long, and guards do
 * not hang on it.
 */
const OPTIMIZER = `
[profile.default.optimizer_details]
peephole = true
inliner = true
jumpdest_remover = true
order_literals = false
deduplicate = true
cse = false
constant_optimizer = false
yul = false
`;
const SUMMARY = /: (\d+) tests passed, (\d+) failed, (\d+) skipped/;

/** Makes the copy that holds every mutant, and compiles it. */
export async function compileMutants({ root, forge, folder, sources, mutants, notForMutants, signal }) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'foundry.toml'), readFileSync(join(root, 'foundry.toml'), 'utf8') + OPTIMIZER);
  for (const part of ['src', 'test', 'script/solc.mjs']) {
    cpSync(join(root, 'contracts', part), join(folder, 'contracts', part), { recursive: true });
  }
  for (const file of notForMutants) rmSync(join(folder, 'contracts/test', file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, source] of sources) {
    const own = mutants.filter(({ guard }) => guard.file === file);
    writeFileSync(join(folder, file), instrument(file, source, own));
  }
  writeFileSync(join(folder, SWITCH_FILE), SWITCH_SOURCE);
  const { code, output } = await runForge(forge, folder, ['build'], BUILD_TIMEOUT_MS, signal);
  if (code !== 0) throw new Error(`the mutants do not compile:\n${output}`);
}

/** One copy of the compiled mutants, in which one at a time is turned on. */
export class Workspace {
  /** Artifacts whose bytecode has gaps for the switch, by path. */
  #artifacts = new Map();

  constructor({ forge, compiled, folder }) {
    this.forge = forge;
    this.folder = folder;
    cpSync(compiled, folder, { recursive: true, verbatimSymlinks: true });
    const out = join(folder, 'contracts/out');
    for (const path of readdirSync(out, { recursive: true }).filter((name) => name.endsWith('.json'))) {
      const text = readFileSync(join(out, path), 'utf8');
      if (text.includes('__$')) this.#artifacts.set(join(out, path), withoutReferences(text));
    }
  }

  /** @param {number} id - Zero turns all mutants off. */
  turnOn(id) {
    const address = id.toString(16).padStart(40, '0');
    for (const [path, text] of this.#artifacts) {
      writeFileSync(path, text.replaceAll(/__\$[0-9a-f]{34}\$__/g, address));
    }
  }

  /**
   * Runs tests until the first failure.
   *
   * @param {string[]} selection - Arguments of `forge test`.
   * @returns {Promise<string | undefined>} What failed; undefined if all passed or the selection is empty.
   */
  async test(selection, signal) {
    const { code, output, timedOut } = await runForge(
      this.forge,
      this.folder,
      ['test', '--fail-fast', ...selection],
      TEST_TIMEOUT_MS,
      signal,
    );
    if (timedOut) return 'timeout';
    if (code === 0) return undefined;
    const failure = /\[FAIL.*\] (\S+)/.exec(output);
    if (failure === null && !SUMMARY.test(output)) throw new Error(`forge test did not run:\n${output}`);
    return failure?.[1] ?? 'a test';
  }
}

/** What forge would link by itself is linked by us. */
function withoutReferences(text) {
  const artifact = JSON.parse(text);
  for (const part of ['bytecode', 'deployedBytecode']) {
    if (artifact[part]) artifact[part].linkReferences = {};
  }
  return JSON.stringify(artifact);
}

async function runForge(forge, cwd, args, timeoutMs, signal) {
  // A profile with more fuzz runs would take many times as long and notice no more.
  const env = { ...process.env, FOUNDRY_PROFILE: 'default' };
  const child = spawn(forge, [...args, '--color', 'never'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let timedOut = false;
  const collect = (chunk) => {
    output += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  return { code, output, timedOut };
}
