import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getNamedType, isObjectType } from 'graphql';
import { buildGraphqlSchema } from '../../../api/graphql-schema';
import { encodeGlobalId } from '../../../schema/global-id';
import { withClient } from '../../support/template-database';
import { HOLDER, HOME, MIRROR } from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const folder = mkdtempSync(join(tmpdir(), 'colophon-connections-'));
let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
/** A work with a history. */
let workId: string;

beforeAll(async () => {
  const chainsFile = join(folder, 'chains.json');
  writeFileSync(chainsFile, '[]');
  api = await TestApi.startWhole({ CHAINS_FILE: chainsFile, MASTER_KEY: randomBytes(32).toString('hex') });
  [tenant, other] = [await api.tenant(), await api.tenant()];
  workId = await fill(tenant);
  await fill(other);
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

/** Five of each, all but two of the same moment, so that only the id orders them. */
async function fill({ tenantId }: TestTenant): Promise<string> {
  return withClient(api.database.adminUrl, async (admin) => {
    for (let index = 0; index < 5; index += 1) {
      const at = index < 3 ? '2026-11-01T00:00:00Z' : `2026-11-0${index}T00:00:00Z`;
      await admin.query(
        `with project as (
           insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence, created_at)
           values ($1, $2, 'Ada', $3, 's', '0x', 9, 0, 'CC0', $4) returning id),
         registry as (
           insert into registries (tenant_id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts, created_at)
           select $1, id, 'Tides', 'TIDE', $5, $6, array[$6, $7], $3, '{}', '[]', $4 from project returning id, project_id),
         mint as (insert into mints (tenant_id, registry_id) select $1, id from registry returning id),
         work as (
           insert into works (tenant_id, project_id, registry_id, mint_id, state, first_holder, document, document_hash, metadata, chain_id, holder, created_at)
           select $1, project_id, registry.id, mint.id, 'LIVE', $3, '{}', '0x', '{}', $6, $3, $4 from registry, mint returning id, registry_id)
         insert into dispatches (tenant_id, registry_id, work_id, kind, state, origin, source_chain_id, destination_chain_id, lane_choice, hop, created_at)
         select $1, registry_id, id, 'WORK', $8, 'PLATFORM', $6, $7, 'CCIP', 1, $4 from work`,
        [
          tenantId,
          `P${index}`,
          HOLDER,
          at,
          index === 0 ? 'ACTIVE' : 'DEPLOYING',
          HOME,
          MIRROR,
          index === 0 ? 'FAILED' : 'SENT',
        ],
      );
    }
    const { rows } = await admin.query('select id from works where tenant_id = $1 limit 1', [tenantId]);
    for (let sequence = 1; sequence <= 5; sequence += 1)
      await admin.query(
        `insert into provenance_events (tenant_id, work_id, sequence, kind, facts, previous_hash, hash)
         values ($1, $2, $3, $4, '{}', '', $5)`,
        [tenantId, rows[0].id, sequence, sequence === 1 ? 'WorkMinted' : 'Transferred', String(sequence)],
      );
    return encodeGlobalId('Work', rows[0].id);
  });
}

interface Connection {
  readonly name: string;
  readonly node: string;

  /** A filter that one of the five rows meets. */
  readonly filter: string;
}

const connections: readonly Connection[] = [
  { name: 'projects', node: 'id', filter: '{ name: "P0" }' },
  { name: 'registries', node: 'id', filter: '{ state: ACTIVE }' },
  { name: 'works', node: 'id', filter: '' },
  { name: 'dispatches', node: 'id', filter: '{ state: FAILED }' },
  { name: 'provenance', node: 'hash', filter: '{ kind: "WorkMinted" }' },
];

function query({ name, node }: Connection, rest = ''): string {
  const of = name === 'provenance' ? `, workId: "${workId}"` : '';
  return `query ($after: String) { page: ${name}(first: 2, after: $after${of}${rest}) {
    totalCount edges { cursor node { ${node} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
}

async function page(
  connection: Connection,
  after: string | null,
  rest = '',
  { apiKey } = tenant,
): Promise<Answer> {
  return api.send(query(connection, rest), { after }, apiKey);
}

async function walk(connection: Connection, rest: string): Promise<string[]> {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const { data } = await page(connection, after, rest);
    seen.push(...data.page.edges.map((edge: { node: Record<string, string> }) => edge.node[connection.node]));
    if (!data.page.pageInfo.hasNextPage) return seen;
    after = data.page.pageInfo.endCursor;
  }
}

test('every connection of the schema can be filtered and ordered', async () => {
  const schema = await buildGraphqlSchema([]);
  const fields = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()));
  const found = fields.filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(connections.map(({ name }) => name)));
  const lacking = found.filter(
    ({ args }) =>
      !['first', 'after', 'order', 'filter'].every((wanted) => args.some(({ name }) => name === wanted)),
  );
  expect(lacking.map(({ name }) => name)).toEqual([]);
});

describe.each(connections.map((connection) => [connection.name, connection] as const))(
  '%s',
  (_name, connection) => {
    test('shows every row once, whichever way it is walked', async () => {
      const newest = await walk(connection, ', order: NEWEST_FIRST');
      const oldest = await walk(connection, ', order: OLDEST_FIRST');
      expect(new Set(newest).size).toBe(5);
      expect(oldest).toEqual([...newest].reverse());
    });

    test('tells what is before and behind a page', async () => {
      const first = (await page(connection, null)).data.page;
      const last = (
        await page(
          connection,
          (
            await page(connection, first.pageInfo.endCursor)
          ).data.page.pageInfo.endCursor,
        )
      ).data.page;
      expect([first.totalCount, first.edges.length, last.edges.length]).toEqual([5, 2, 1]);
      expect([first.pageInfo.hasPreviousPage, first.pageInfo.hasNextPage]).toEqual([false, true]);
      expect([last.pageInfo.hasPreviousPage, last.pageInfo.hasNextPage]).toEqual([true, false]);
      expect([first.pageInfo.startCursor, first.pageInfo.endCursor]).toEqual([
        first.edges[0].cursor,
        first.edges[1].cursor,
      ]);
    });

    test('takes a cursor of its own only: no other tenant’s, order’s, filter’s, connection’s, no changed one', async () => {
      const { endCursor } = (await page(connection, null)).data.page.pageInfo;
      const [next] = connections.filter(({ name }) => name !== connection.name);
      const order = connection.name === 'provenance' ? 'NEWEST_FIRST' : 'OLDEST_FIRST';
      const forged = [
        endCursor.slice(0, -1),
        `x${endCursor}`,
        endCursor.split('.')[0],
        `${endCursor}.`,
        '.',
        ' ',
      ];
      const refusals = await Promise.all([
        ...(connection.name === 'provenance' ? [] : [page(connection, endCursor, '', other)]),
        page(connection, endCursor, `, order: ${order}`),
        ...(connection.filter ? [page(connection, endCursor, `, filter: ${connection.filter}`)] : []),
        page(next as Connection, endCursor),
        ...forged.map((cursor) => page(connection, cursor)),
      ]);
      for (const { errors } of refusals)
        expect(errors).toEqual([
          expect.objectContaining({
            extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'after' }),
          }),
        ]);
      expect((await page(connection, endCursor)).errors).toBeUndefined();
    });
  },
);

test.each(
  connections
    .filter(({ filter }) => filter !== '')
    .map((connection) => [connection.name, connection] as const),
)('%s shows what its filter lets through', async (_name, connection) => {
  const { totalCount, edges } = (await page(connection, null, `, filter: ${connection.filter}`)).data.page;
  expect([totalCount, edges.length]).toEqual([1, 1]);
});

test.each(
  connections
    .filter(({ name }) => name !== 'provenance')
    .map((connection) => [connection.name, connection] as const),
)('%s can be narrowed by the time its rows were made', async (_name, connection) => {
  const count = async (rest: string) => (await page(connection, null, rest)).data.page.totalCount;
  expect(await count(', createdFrom: "2026-11-03T00:00:00Z"')).toBe(2);
  expect(await count(', createdBefore: "2026-11-03T00:00:00Z"')).toBe(3);
  expect(await count(', createdFrom: "2026-11-02T00:00:00Z", createdBefore: "2026-11-04T00:00:00Z"')).toBe(1);
});
