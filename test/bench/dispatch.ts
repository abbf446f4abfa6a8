import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { FaultWorld } from '../faults/support/fault-world';
import { writeServiceUrls } from '../support/service-urls';
import { createTemplateDatabase } from '../support/template-database';
import type { Benchmark, BenchmarkOptions, Comparison } from './benchmark';
import { reportPropagation } from './dispatch-propagation';
import { compareReaction } from './dispatch-reaction';
import { compareThroughput } from './dispatch-throughput';

/** The chains' own dumps stop every commit on this machine for up to half a second; nothing is restarted here. */
const NEVER_MS = 86_400_000;

/**
 * Dispatches on the devnet and a durable PostgreSQL: from mutation to broadcast against a bare loop,
 * how soon finality on the source is acted upon, and how long a new state takes to the mirrors.
 */
export const benchDispatch: Benchmark = async (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  const dataDir = join(folder, 'postgres');
  const log = () => undefined;
  const postgres = await startPostgres({ dataDir, durable: true, log });
  try {
    writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: undefined });
    const world = await FaultWorld.start({ saveEveryMs: NEVER_MS });
    try {
      return await measure(world, options);
    } finally {
      await world.stop();
    }
  } finally {
    await postgres.stop();
    await removePostgres({ dataDir, log });
    rmSync(folder, { recursive: true, force: true });
  }
};

async function measure(world: FaultWorld, options: BenchmarkOptions): Promise<Comparison[]> {
  await reportPropagation(world, options);
  const reaction = await compareReaction(world, options);
  return [await compareThroughput(world, options), reaction];
}
