import { CHAIN_TABLES, DERIVED_TABLES, NOT_DERIVED } from '../../../domain/rebuild/derived-tables';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.drop();
});

test('each table is either rebuilt from chains or named with the reason why no chain tells it', async () => {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<{ name: string }>(
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    ),
  );
  const named = [
    ...Object.keys(CHAIN_TABLES),
    ...DERIVED_TABLES.map(({ table }) => table),
    ...Object.keys(NOT_DERIVED),
  ];
  expect(new Set(named).size).toBe(named.length);
  expect(rows.map(({ name }) => name).sort()).toEqual(named.sort());
});

test('each column that is left out of a comparison, or reset, is there', async () => {
  for (const { table, excluded, reset, key } of DERIVED_TABLES) {
    const { rows } = await withClient(database.adminUrl, (client) =>
      client.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
        [table],
      ),
    );
    const columns = rows.map(({ name }) => name);
    for (const named of [...Object.keys(excluded), ...Object.keys(reset ?? {}), ...key])
      expect(columns).toContain(named);
    expect(Object.keys(reset ?? {}).filter((column) => column in excluded)).toEqual([]);
  }
});
