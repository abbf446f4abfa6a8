import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnvilChains } from '../../bench/growth/anvil-chains';
import { type GrowthChains, startSyntheticChains } from '../../bench/growth/chains';
import { Life } from '../../bench/growth/life';
import { loadRecord } from '../../bench/growth/load-record';
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

async function followTo(last: number, record: RegistryRecord, chains: GrowthChains): Promise<void> {
  while (chains.head < last) {
    await chains.advance(Math.min(last, chains.head + STRIDE));
    await record.catchUp();
  }
}

/** What followers and projector make of the chains: of the beginning, and of all. */
async function recordFrom(name: string, chains: GrowthChains) {
  const database = await createTestDatabase();
  try {
    return await withClient(database.adminUrl, async (admin) => {
      const record = await RegistryRecord.open(database, chains, { folder, name, admin });
      try {
        await insertPlatformRows(admin, record.tenantId, life, 0, WORKS);
        await followTo(life.begun + DEPTH, record, chains);
        const begun = await recordOf(admin);
        await insertPlatformRows(admin, record.tenantId, life, WORKS, life.worksAfter(ROUNDS));
        await followTo(life.last + DEPTH, record, chains);
        return { begun, all: await recordOf(admin) };
      } finally {
        await record.close();
      }
    });
  } finally {
    await chains.stop();
    await database.drop();
  }
}

/** What is loaded without them. */
async function loadedRecord(chains: GrowthChains) {
  const database = await createTestDatabase();
  try {
    return await withClient(database.adminUrl, async (admin) => {
      const record = await RegistryRecord.open(database, chains, { folder, name: 'loaded', admin });
      await loadRecord(admin, record.tenantId, life);
      await record.close();
      return recordOf(admin);
    });
  } finally {
    await database.drop();
  }
}

// Guarantee: what is measured on generated chains is what would be measured on a node that holds the same events.
test('followers make the same record of generated chains as of two nodes, and a load the same as followers', async () => {
  const synthetic = await startSyntheticChains(life);
  const loaded = await loadedRecord(synthetic);
  const generated = await recordFrom('synthetic', synthetic);
  expect(loaded.rows).toEqual(generated.begun.rows);
  const real = await recordFrom('anvil', await startAnvilChains(life));
  expect(generated.all.counts).toMatchObject({
    works: 115,
    legs: 160,
    dispatches: 45,
    provenance_events: 355,
  });
  expect(real.all.counts).toEqual(generated.all.counts);
  // Blocks and transactions are named by their places: the hashes are each chain's own.
  expect(real.all.withoutHashes).toEqual(generated.all.withoutHashes);
}, 120_000);
