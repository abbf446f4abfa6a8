import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let first: TestDatabase;
let second: TestDatabase;

beforeAll(async () => {
  [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(async () => {
  await Promise.all([first.drop(), second.drop()]);
});

describe('the test database', () => {
  test('is migrated', async () => {
    const tenants = await withClient(first.adminUrl, (client) => client.query('select * from tenants'));
    expect(tenants.rowCount).toBe(0);
  });

  test('is not shared: what one writes, another does not see', async () => {
    await withClient(first.adminUrl, (client) => client.query("insert into tenants (name) values ('one')"));
    const seen = await withClient(second.adminUrl, (client) => client.query('select * from tenants'));
    expect(seen.rowCount).toBe(0);
  });

  test.each([
    ['appUrl', APP_ROLE],
    ['systemUrl', SYSTEM_ROLE],
  ] as const)('connects by %s as %s: no superuser, no owner, bound by row security', async (url, role) => {
    const { rows } = await withClient(first[url], (client) =>
      client.query(
        `select current_user::text as role, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
                (select count(*)::int from pg_class where relowner = r.oid) as owned
         from pg_roles r where rolname = current_user`,
      ),
    );
    expect(rows).toEqual([
      { role, rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, owned: 0 },
    ]);
  });

  test('is gone once dropped, even with a connection open', async () => {
    const database = await createTestDatabase();
    await withClient(database.appUrl, async (client) => {
      client.on('error', () => undefined); // being thrown out is the point
      await database.drop();
      await expect(withClient(database.appUrl, async () => undefined)).rejects.toMatchObject({
        code: '3D000',
      });
    });
  });
});
