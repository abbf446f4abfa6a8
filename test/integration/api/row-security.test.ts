import type { Client } from 'pg';
import { APP_ROLE, SYSTEM_ROLE } from '../../../migrations/sql';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;
/** All tables that hold a tenant's rows, as the catalogue knows them. */
let tenantTables: string[];
/** Those that the application's role may read. */
let readable: string[];
let ours: string;
let theirs: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await withClient(database.adminUrl, async (admin) => {
    const tables = await admin.query<{ name: string; readable: boolean }>(
      `select c.relname as name, has_table_privilege($1, c.oid, 'select') as readable
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
      [APP_ROLE],
    );
    tenantTables = tables.rows.map(({ name }) => name);
    readable = tables.rows.filter((table) => table.readable).map(({ name }) => name);
    [ours, theirs] = (await Promise.all([1, 2].map(() => seed(admin)))) as [string, string];
  });
});
afterAll(() => database.drop());

async function seed(admin: Client): Promise<string> {
  const { rows } = await admin.query("insert into tenants (name) values ('t') returning tenant_id");
  const { tenant_id } = rows[0];
  await admin.query(
    `insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
     values ($1, 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l')`,
    [tenant_id],
  );
  await admin.query(
    "insert into api_keys (tenant_id, label, key_hash, scopes) values ($1, 'k', sha256($2), '{read}')",
    [tenant_id, Buffer.from(tenant_id)],
  );
  return tenant_id;
}

const pin = "select set_config('app.tenant_id', $1, true)";

test('there are tenant tables to wall off', () => {
  expect(tenantTables).toEqual(expect.arrayContaining(['tenants', 'api_keys', 'projects']));
  expect(readable).toEqual(expect.arrayContaining(['tenants', 'api_keys', 'projects']));
});

test('every table with a tenant forces row security, and binds the application to the pinned tenant alone', async () => {
  const { rows } = await withClient(database.adminUrl, (admin) =>
    admin.query(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
              (select array_agg(pg_get_expr(p.polqual, p.polrelid) || ' / ' || pg_get_expr(p.polwithcheck, p.polrelid))
                 from pg_policy p where p.polrelid = c.oid and p.polroles && array[0::oid, $2::regrole::oid]) as policies
         from pg_class c where c.relname = any($1) and c.relnamespace = 'public'::regnamespace order by 1`,
      [tenantTables, APP_ROLE],
    ),
  );
  const pinned = "(tenant_id = (current_setting('app.tenant_id'::text))::uuid)";
  const wall = { forced: true, policies: [`${pinned} / ${pinned}`] };
  const closed = { forced: true, policies: null };
  expect(rows).toEqual(tenantTables.map((name) => ({ name, ...(readable.includes(name) ? wall : closed) })));
});

test("a statement that forgets its tenant filter reads and changes only the pinned tenant's rows", async () => {
  await withClient(database.appUrl, async (app) => {
    for (const table of readable) {
      await app.query('begin');
      await app.query(pin, [ours]);
      const { rows } = await app.query(`select distinct tenant_id from ${table}`);
      await app.query('rollback');
      expect({ table, tenants: rows }).toEqual({
        table,
        tenants: rows.length === 0 ? [] : [{ tenant_id: ours }],
      });
    }
    await app.query('begin');
    await app.query(pin, [ours]);
    const counts = await app.query(
      'select (select count(*)::int from projects) p, (select count(*)::int from api_keys) k',
    );
    expect(counts.rows).toEqual([{ p: 1, k: 1 }]);
    const changed = await app.query('update api_keys set label = label');
    expect(changed.rowCount).toBe(1);
    await expect(
      app.query("insert into api_keys (tenant_id, label, key_hash, scopes) values ($1, 'k', 'x', '{}')", [
        theirs,
      ]),
    ).rejects.toMatchObject({ code: '42501' });
    await app.query('rollback');
  });
});

test('a forgotten scope is an error on every table, on a fresh and on a reused connection', async () => {
  for (const table of readable) {
    await withClient(database.appUrl, async (app) => {
      await expect(app.query(`select 1 from ${table}`)).rejects.toMatchObject({ code: '42704' });
      await app.query('begin');
      await app.query(pin, [ours]);
      await app.query(`select 1 from ${table}`);
      await app.query('commit');
      await expect(app.query(`select 1 from ${table}`)).rejects.toMatchObject({ code: '22P02' });
    });
  }
});

test('the database roles are neither superuser nor owner nor exempt from row security, nor members of one that is', async () => {
  const { rows } = await withClient(database.adminUrl, (admin) =>
    admin.query(
      `select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty,
              exists (select from pg_auth_members where member = r.oid) as member,
              exists (select from pg_class where relowner = r.oid) or exists (select from pg_database where datdba = r.oid) as owner
         from pg_roles r where rolname in ($1, $2) order by 1`,
      [APP_ROLE, SYSTEM_ROLE],
    ),
  );
  expect(rows).toEqual(
    [APP_ROLE, SYSTEM_ROLE]
      .sort()
      .map((rolname) => ({ rolname, mighty: false, member: false, owner: false })),
  );
});
