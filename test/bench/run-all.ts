import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from './benchmark';
import { CATALOGUE } from './catalogue';
import { describeMachine } from './machine';
import { allMet, type Outcome, tableOf } from './table';

const DOCUMENT = join(__dirname, '..', '..', '..', 'docs', 'benchmarks.md');

export interface AllOptions {
  readonly small: boolean;
  /** Writes docs/benchmarks.md. */
  readonly write: boolean;
}

/**
 * Runs benchmarks one after the other, each in a process of its own so that what one leaves in memory does not weigh on
 * the next, then prints one table. One that fails does not keep the others from running.
 *
 * @returns True if all ran and no bar is missed; bars are not judged if `small`.
 */
export async function runAll(names: readonly string[], { small, write }: AllOptions): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const [index, name] of names.entries()) {
    console.log(`${name} (${index + 1} of ${names.length})`);
    const startedAt = performance.now();
    outcomes.push({ name, comparisons: await runAlone(name, small) });
    console.log(`  ended after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  }
  console.log(`\n${tableOf(outcomes)}`);
  if (write) {
    writeFileSync(DOCUMENT, documentOf(outcomes));
    console.log('\nwrote docs/benchmarks.md');
  }
  return small ? outcomes.every(({ comparisons }) => comparisons !== undefined) : allMet(outcomes);
}

/** @returns Undefined if it failed. */
async function runAlone(name: string, small: boolean): Promise<readonly Comparison[] | undefined> {
  const child = fork(join(__dirname, 'main.js'), [name, ...(small ? ['--small'] : [])]);
  let comparisons: readonly Comparison[] | undefined;
  child.on('message', (message) => {
    // CAST: main.ts sends nothing else.
    comparisons = message as readonly Comparison[];
  });
  await once(child, 'exit');
  return comparisons;
}

function documentOf(outcomes: readonly Outcome[]): string {
  const entries = outcomes.map(({ name }) => {
    const { how, silent } = CATALOGUE[name] ?? { how: '', silent: '' };
    return `### ${name}\n\n\`npm run bench -- ${name}\`. ${how}\n\nNot said: ${silent}`;
  });
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}: do not edit it. Without \`--write\` it only prints the table, with names it runs only those, with \`--small\` a short form whose figures mean nothing. It needs \`redis-server\` or \`valkey-server\` on PATH and, once, the npm registry for the peers in \`test/bench/peers\`. Run it on a machine that does nothing else.

Ours and peers run in the same run, on the same machine, by turns. A ratio is ours by theirs.

${describeMachine()
  .map((line) => `- ${line}`)
  .join('\n')}

${tableOf(outcomes)}

## How each is measured, and what it does not say

${entries.join('\n\n')}
`;
}
