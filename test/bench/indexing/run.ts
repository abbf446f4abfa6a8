import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import { withClient } from '../../../cli/database';
import { cpuSecondsOf } from '../process-cpu';
import { type Field, factsOf, type RunUrls } from './field';
import { FirstRead } from './first-read';
import type { Indexer } from './indexers';

/** How often the database is asked whether the last transfer is there. */
const ASK_EVERY_MS = 10;
const WAIT_MS = 600_000;
/** SQLSTATEs of what is not there yet: a table, a schema. */
const NOT_YET = new Set(['42P01', '3F000']);

export interface Indexing {
  /** From the process's start to its first request for logs; undefined if it never asked. */
  readonly startMs: number | undefined;
  /** From the process's start to the last transfer's commit. */
  readonly totalMs: number;
  /** Processor time of the indexer in all, and of the chain's node meanwhile. */
  readonly cpu: { readonly indexer: number; readonly node: number };
}

/** One run of one indexer in a fresh database. */
export async function indexFresh(indexer: Indexer, field: Field, folder: string): Promise<Indexing> {
  return index(indexer, field, folder, await field.freshDatabase(indexer.database));
}

/** One run of one indexer. @throws Unless the database then holds every transfer, and each as it was emitted. */
export async function index(
  indexer: Indexer,
  field: Field,
  folder: string,
  urls: RunUrls,
): Promise<Indexing> {
  const outputFile = join(folder, `${indexer.name}.out`);
  const output = openSync(outputFile, 'w');
  try {
    return await withClient(urls.adminUrl, async (client) => {
      await client.query('checkpoint');
      const nodeBefore = cpuSecondsOf(field.chain.anvil.pid);
      const firstRead = new FirstRead(field.calls);
      const startedAt = performance.now();
      const child = await indexer.launch(urls, output);
      try {
        await untilThere(client, indexer.find(field.last), child);
        const endedAt = performance.now();
        const cpu = {
          indexer: child.pid === undefined ? 0 : cpuSecondsOf(child.pid),
          node: cpuSecondsOf(field.chain.anvil.pid) - nodeBefore,
        };
        await checkFacts(client, indexer, field);
        return {
          startMs: firstRead.at === undefined ? undefined : firstRead.at - startedAt,
          totalMs: endedAt - startedAt,
          cpu,
        };
      } finally {
        firstRead.stop();
        await stop(child);
      }
    });
  } catch (error) {
    throw new Error(`${indexer.name} said: ${readFileSync(outputFile, 'utf8').slice(-2_000)}`, {
      cause: error,
    });
  } finally {
    closeSync(output);
  }
}

async function untilThere(client: Client, find: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (await isThere(client, find)) return;
    await delay(ASK_EVERY_MS);
  }
  // One that ends by itself when all is done may have been faster than the question.
  if (!(await isThere(client, find))) throw new Error('the last transfer was never committed');
}

async function isThere(client: Client, find: string): Promise<boolean> {
  try {
    return (await client.query(find)).rowCount !== 0;
  } catch (error) {
    if (error instanceof DatabaseError && NOT_YET.has(error.code ?? '')) return false;
    throw error;
  }
}

async function checkFacts(client: Client, { transfers }: Indexer, { events, digest }: Field): Promise<void> {
  const { rows } = await client.query<{ events: number; digest: string }>(factsOf(transfers));
  const [found] = rows;
  if (found?.events !== events)
    throw new Error(`${found?.events} transfers of ${events} are in the database`);
  if (found.digest !== digest) throw new Error('the transfers in the database are not those of the chain');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
