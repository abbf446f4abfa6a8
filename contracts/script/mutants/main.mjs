#!/usr/bin/env node
/**
 * Takes the guards of contracts/src away one at a time and looks whether a test fails.
 *
 * Usage: node contracts/script/mutants/main.mjs [--all] [--count N] [--seed TEXT] [--only TEXT]
 *
 * Without `--all`, six mutants drawn by a seed (the sources' hash unless given), as CI runs it: each must be caught, or
 * be listed with a reason in contracts/mutants.json. With `--all`, every one, and that file is written anew; an
 * interrupted run goes on where it stopped as long as sources and tests are the same. `--only` takes the mutants whose
 * name contains the text, and writes no result.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { forge, root } from '../syntax-trees.mjs';
import { findGuards } from './find-guards.mjs';
import { mutantsOf } from './instrument.mjs';
import { compileMutants, Workspace } from './workspace.mjs';

/** Of all mutants, at least so many must be caught. */
const BAR = 0.95;
/** Gas bars say nothing of guards, and the switches cost gas. */
const NOT_FOR_MUTANTS = ['Gas.t.sol'];

const resultFile = join(root, 'contracts/mutants.json');
const progressFile = join(root, 'contracts/cache/mutants-progress.json');

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    count: { type: 'string', default: '6' },
    seed: { type: 'string' },
    only: { type: 'string' },
    workers: { type: 'string', default: String(Math.min(cpus().length, 4)) },
  },
});

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interruption.abort());

const folder = mkdtempSync(join(tmpdir(), 'colophon-mutants-'));
try {
  process.exitCode = await main();
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  process.stdout.write('interrupted; what is done is kept for the next --all\n');
  process.exitCode = 130;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const { sources, guards } = findGuards();
  const all = mutantsOf(guards);
  const fingerprint = hashOf([...sources.values()].map(String));
  const seed = options.seed ?? fingerprint.slice(0, 12);
  const chosen = choose(all, seed);
  process.stdout.write(
    `${guards.length} guards, ${all.length} mutants, ${chosen.length} to try${options.all ? '' : ` (seed ${seed})`}\n`,
  );

  const progress = options.all ? openProgress() : new Map();
  const begun = Date.now();
  const compiled = join(folder, 'compiled');
  await compileMutants({
    root,
    forge,
    folder: compiled,
    sources,
    mutants: withTheirGuards(all, chosen),
    notForMutants: NOT_FOR_MUTANTS,
    signal: interruption.signal,
  });
  process.stdout.write(`compiled in ${seconds(begun)} s\n`);

  const count = Math.min(Number(options.workers), chosen.length);
  const workspaces = Array.from(
    { length: count },
    (_, i) => new Workspace({ forge, compiled, folder: join(folder, `worker-${i}`) }),
  );
  await checkUnchanged(workspaces[0]);
  await tryAll(chosen, workspaces, progress);
  const survivors = chosen.filter(({ key }) => progress.get(key) === null);
  process.stdout.write(
    `${chosen.length - survivors.length} of ${chosen.length} mutants made a test fail, in ${seconds(begun)} s\n`,
  );
  return options.all && options.only === undefined ? writeResult(all, survivors) : judge(survivors);
}

/** The first N in an order that the seed decides, put back into the order of the source. */
function choose(mutants, seed) {
  const named = mutants.filter(({ key }) => options.only === undefined || key.includes(options.only));
  if (options.all || options.only !== undefined) return named;
  const drawn = named.toSorted((a, b) => (hashOf([seed, a.key]) < hashOf([seed, b.key]) ? -1 : 1));
  return drawn.slice(0, Number(options.count)).sort((a, b) => a.id - b.id);
}

/** What has to be compiled for some mutants: a guard takes its switches all at once. The compiler is what takes time. */
function withTheirGuards(all, chosen) {
  const guards = new Set(chosen.map(({ guard }) => guard));
  return all.filter(({ guard }) => guards.has(guard));
}

/** With every switch off the tests must pass, or a failure would say nothing. */
async function checkUnchanged(workspace) {
  const begun = Date.now();
  workspace.turnOn(0);
  const failure = await workspace.test([], interruption.signal);
  if (failure !== undefined) throw new Error(`${failure} fails without any mutant`);
  process.stdout.write(`tests pass without mutants in ${seconds(begun)} s\n`);
}

async function tryAll(mutants, workspaces, progress) {
  const waiting = mutants.filter(({ key }) => !progress.has(key));
  let done = mutants.length - waiting.length;
  if (done > 0) process.stdout.write(`${done} were tried before\n`);
  const work = async (workspace) => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const failure = await tryOne(workspace, mutant);
      progress.set(mutant.key, failure ?? null);
      progress.save?.();
      done += 1;
      const verdict = failure === undefined ? 'SURVIVED' : `caught by ${failure}`;
      process.stdout.write(`${done}/${mutants.length} ${mutant.key}: ${verdict}\n`);
    }
  };
  await Promise.all(workspaces.map(work));
}

/** The tests that are most likely to notice come first: those of the same contract. Invariants take longest. */
async function tryOne(workspace, { id, guard }) {
  workspace.turnOn(id);
  const files = readdirSync(join(workspace.folder, 'contracts/test')).filter((name) =>
    name.endsWith('.t.sol'),
  );
  const own = files.filter((name) => name.startsWith(`${basename(guard.file, '.sol')}.`));
  const invariants = '*.invariant.t.sol';
  const selections = [
    ...(own.length > 0 ? [['--match-path', testPath(`${basename(guard.file, '.sol')}.*`)]] : []),
    ['--no-match-path', testPath(invariants)],
    ['--match-path', testPath(invariants)],
  ];
  for (const selection of selections) {
    const failure = await workspace.test(selection, interruption.signal);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function testPath(pattern) {
  return `contracts/test/${pattern}`;
}

/** What is known of this source with these tests, kept from run to run. */
function openProgress() {
  const folders = ['contracts/src', 'contracts/test', 'contracts/script/mutants'];
  const files = folders.flatMap((path) =>
    readdirSync(join(root, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const state = hashOf(files.sort().map((file) => `${file}\n${readFileSync(file, 'utf8')}`));
  const kept = existsSync(progressFile) ? JSON.parse(readFileSync(progressFile, 'utf8')) : {};
  const progress = new Map(kept.state === state ? Object.entries(kept.results) : []);
  progress.save = () => {
    mkdirSync(dirname(progressFile), { recursive: true });
    writeFileSync(progressFile, JSON.stringify({ state, results: Object.fromEntries(progress) }));
  };
  return progress;
}

function readReasons() {
  if (!existsSync(resultFile)) return new Map();
  return new Map(JSON.parse(readFileSync(resultFile, 'utf8')).survivors.map((s) => [s.mutant, s.reason]));
}

/** Judges a draw: a survivor is excused only by its reason. */
function judge(survivors) {
  const reasons = readReasons();
  const unexcused = survivors.filter(({ key }) => !reasons.get(key));
  for (const { key } of unexcused) process.stdout.write(`survived, and no reason is listed: ${key}\n`);
  return unexcused.length === 0 ? 0 : 1;
}

function writeResult(all, survivors) {
  const reasons = readReasons();
  const result = {
    mutants: all.length,
    caught: all.length - survivors.length,
    survivors: survivors.map(({ key }) => ({ mutant: key, reason: reasons.get(key) ?? '' })),
  };
  writeFileSync(resultFile, `${JSON.stringify(result, undefined, 2)}\n`);
  if (result.caught < BAR * result.mutants) {
    process.stdout.write(`fewer than ${BAR * 100} % were caught\n`);
    return 1;
  }
  return judge(survivors);
}

function hashOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex');
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(1);
}
