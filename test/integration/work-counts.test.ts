import type { DataSource } from 'typeorm';
import { WorkRepository } from '../../domain/registry/work-repository';
import { type ChainId, chainIdSchema } from '../../schema/caip';
import { type TenantId, tenantIdSchema } from '../../schema/ids';
import { pageSchema } from '../../schema/inputs/page';
import { countOf } from '../../schema/types/connection';
import { WorkState } from '../../schema/types/work';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase } from '../../tenants/tenant-database';
import { fillTenant } from '../support/full-tenant';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const MIRROR = chainIdSchema.parse('eip155:84532');
const WRITERS = 4;

let database: TestDatabase;
let source: DataSource;
let tenants: TenantDatabase;
let tenantId: TenantId;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await openDataSource({ url: database.appUrl, poolSize: WRITERS, applicationName: 'test' });
  tenants = new TenantDatabase(source);
  tenantId = tenantIdSchema.parse((await fillTenant(database, 'counted')).tenantId);
  await fillTenant(database, 'other');
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const works = new WorkRepository();
const request = pageSchema.parse({ first: 1, order: 'NEWEST_FIRST' });

function total(filter: { state?: WorkState; chainId?: ChainId }): Promise<number> {
  return tenants.read(tenantId, async (tx) => countOf(await works.page(tx, request, filter)));
}

/** Counts anew, by state and chain. */
async function counted(): Promise<{ state: WorkState; chainId: ChainId | null; works: number }[]> {
  return tenants.transaction(tenantId, ({ manager }) =>
    manager.query('select state, chain_id as "chainId", count(*)::int as works from works group by 1, 2'),
  );
}

// Guarantee: `totalCount` is exact, although nobody counts rows for it.
test('as many works are counted as there are, whoever changes them at the same time', async () => {
  const changes = Array.from({ length: 40 }, (_, index) =>
    tenants
      .transaction(tenantId, async ({ manager }) => {
        const state = index % 3 === 0 ? WorkState.IN_FLIGHT : WorkState.LIVE;
        const chainId = index % 3 === 0 ? null : MIRROR;
        await manager.query(
          `update works set state = $1, chain_id = $2
          where id = (select id from works where token_id is not null order by id offset $3 limit 1)`,
          [state, chainId, index % 3],
        );
        if (index % 5 === 0) throw new RolledBackError();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBackError)) throw error;
      }),
  );
  await Promise.all(changes);

  const groups = await counted();
  expect(groups.reduce((sum, group) => sum + group.works, 0)).toBe(4);
  expect(await total({})).toBe(4);
  for (const { state, chainId, works: many } of groups)
    if (chainId !== null) expect(await total({ state, chainId })).toBe(many);
  expect(await total({ state: WorkState.BURNED })).toBe(0);
});

test('works are counted of one tenant alone, and not by scanning them', async () => {
  await withClient(database.adminUrl, (admin) =>
    admin.query('update work_counts set works = works + 7 where tenant_id <> $1', [tenantId]),
  );
  expect(await total({})).toBe(4);
  await withClient(database.adminUrl, (admin) =>
    admin.query("update work_counts set works = works + 100 where tenant_id = $1 and state = 'MINTING'", [
      tenantId,
    ]),
  );
  expect(await total({ state: WorkState.MINTING })).toBe(101);
});

class RolledBackError extends Error {}
