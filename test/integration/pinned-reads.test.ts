import type { DataSource } from 'typeorm';
import { type TenantId, tenantIdSchema } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { MAX_PREPARED } from '../../tenants/pinned-query';
import { TenantDatabase } from '../../tenants/tenant-database';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let pool: DataSource;
let tenants: TenantDatabase;
let ids: TenantId[];

beforeAll(async () => {
  database = await createTestDatabase();
  // One connection, so that every read shares it with every other.
  pool = await openDataSource({
    url: database.appUrl,
    poolSize: 1,
    applicationName: 'test',
    pipelined: true,
  });
  tenants = new TenantDatabase(pool);
  const { rows } = await withClient(database.adminUrl, (admin) =>
    admin.query(
      "insert into tenants (name) select 'tenant ' || n from generate_series(1, 10) n returning tenant_id",
    ),
  );
  ids = rows.map(({ tenant_id }) => tenantIdSchema.parse(tenant_id));
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

const read = (tenantId: TenantId, sql: string, values?: unknown[]) =>
  tenants.read(tenantId, ({ manager }) => manager.query<Record<string, unknown>[]>(sql, values));

const visible = async (tenantId: TenantId) => {
  const rows = await read(tenantId, 'select tenant_id from tenants where name <> $1', ['nobody']);
  return rows.map((row) => row['tenant_id']);
};

test('reads of many tenants at once over one connection each see their own tenant alone', async () => {
  const asked = Array.from({ length: 5 }, () => ids).flat();
  expect(await Promise.all(asked.map(visible))).toEqual(asked.map((id) => [id]));
});

test('nothing of a pin is left on the connection after its statement', async () => {
  const [id] = ids as [TenantId];
  await visible(id);
  await expect(pool.query('select tenant_id from tenants')).rejects.toThrow(
    /invalid input syntax for type uuid/,
  );
  expect(await pool.query('show transaction_read_only')).toEqual([{ transaction_read_only: 'off' }]);
});

test('a statement that writes or locks rows is refused', async () => {
  const [id] = ids as [TenantId];
  await expect(read(id, "insert into projects (tenant_id, name) values ($1, 'p')", [id])).rejects.toThrow(
    /read-only transaction/,
  );
  await expect(read(id, 'select from projects for update')).rejects.toThrow(/read-only transaction/);
});

test('a statement that fails takes none down that were sent along with it, and can be sent again', async () => {
  const [id, other] = ids as [TenantId, TenantId];
  const bad = () => read(id, 'select 1 / (0 * count(*)) from tenants');
  for (let time = 1; time <= 2; time += 1) {
    const [before, failed, after] = await Promise.allSettled([visible(id), bad(), visible(other)]);
    expect(before).toEqual({ status: 'fulfilled', value: [id] });
    expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'division by zero' } });
    expect(after).toEqual({ status: 'fulfilled', value: [other] });
  }
  await expect(read(id, 'select nothing')).rejects.toThrow(/does not exist/);
  await expect(read(id, 'select nothing')).rejects.toThrow(/does not exist/);
});

test('rows are read as pg reads them, each time that their statement is sent', async () => {
  const [id] = ids as [TenantId];
  const sql = `select n, n::bigint as large, n / 2.0 as half, n = 1 as first, jsonb_build_object('n', n) as document,
    array[n, n] as list, 'tidé ' || n as text, nullif(n, 2) as "not two", now() - now() as nothing,
    '2026-11-30T00:00:00Z'::timestamptz as "when" from generate_series(1, 3) n`;
  const expected = await pool.query(sql);
  expect(expected).toHaveLength(3);
  for (let time = 1; time <= 3; time += 1) expect(await read(id, sql)).toEqual(expected);
});

// What pages select is up to clients: without a bound one of them could fill PostgreSQL's memory.
test('of statements without end so many stay prepared as the bound allows, and one that was forgotten is prepared again', async () => {
  const [id] = ids as [TenantId];
  const distinct = Array.from({ length: MAX_PREPARED + 50 }, (_, index) => index);
  const ask = (index: number) => read(id, `select ${index} as answer`);
  await Promise.all(distinct.map(ask));
  const [{ count }] = (await read(
    id,
    "select count(*)::int from pg_prepared_statements where name <> 'pin'",
  )) as [{ count: number }];
  expect(count).toBe(MAX_PREPARED);
  const again = await Promise.all([...distinct, ...distinct].map(ask));
  expect(again).toEqual([...distinct, ...distinct].map((index) => [{ answer: index }]));
});

test('a connection that breaks fails its reads, and the next ones get another', async () => {
  const [id] = ids as [TenantId];
  const asleep = read(id, 'select pg_sleep(30)');
  const failed = expect(asleep).rejects.toMatchObject({
    code: 'NOT_READY',
    cause: { message: expect.stringMatching(/terminat/) },
  });
  await withClient(database.adminUrl, async (admin) => {
    for (let killed = 0; killed === 0; ) {
      const { rowCount } = await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%pg_sleep(30)' and pid <> pg_backend_pid()",
      );
      killed = rowCount ?? 0;
    }
  });
  await failed;
  expect(await visible(id)).toEqual([id]);
});

test('what is no tenant’s id never reaches the database', async () => {
  // CAST: what a bug might hand on.
  await expect(visible("' or true --" as TenantId)).rejects.toThrow(/Invalid UUID/);
});
