import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnvilChains } from '../../bench/growth/anvil-chains';
import { type GrowthChains, startSyntheticChains } from '../../bench/growth/chains';
import { Life } from '../../bench/growth/life';
import { insertPlatformRows } from '../../bench/growth/platform-rows';
import { recordOf } from '../../bench/growth/record-text';
import { DEPTH, RegistryRecord } from '../../bench/growth/registry-record';
import { withClient } from '../../support/template-database';
import { createTestDatabase } from '../../support/test-database';

const WORKS = 100;
const ROUNDS = 1;
/** Blocks that a follower is shown at a time. */
const STRIDE = 3;
const life = new Life(WORKS, ROUNDS);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-growth-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What followers and projector make of the chains. */
async function recordFrom(name: string, chains: GrowthChains) {
  const database = await createTestDatabase();
  try {
    return await withClient(database.adminUrl, async (admin) => {
      const record = await RegistryRecord.open(database, chains, { folder, name, admin });
      try {
        await insertPlatformRows(admin, record.tenantId, life, 0, life.worksAfter(ROUNDS));
        const last = life.last + DEPTH;
        for (let block = 0; block < last; block += STRIDE) {
          await chains.advance(Math.min(last, block + STRIDE));
          await record.catchUp();
        }
        return await recordOf(admin);
      } finally {
        await record.close();
      }
    });
  } finally {
    await chains.stop();
    await database.drop();
  }
}

// Guarantee: what is measured on generated chains is what would be measured on a node that holds the same events.
test('followers make the same record of generated chains as of two nodes, but for hashes', async () => {
  const generated = await recordFrom('synthetic', await startSyntheticChains(life));
  const real = await recordFrom('anvil', await startAnvilChains(life));
  expect(generated.counts).toMatchObject({ works: 115, legs: 160, dispatches: 45, provenance_events: 355 });
  expect(real.counts).toEqual(generated.counts);
  expect(real.withoutHashes).toEqual(generated.withoutHashes);
}, 120_000);
