import { TenantState } from '../../../schema/types/tenant';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

let api: TestApi;
let tenants: TestTenant[];
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
  tenants = [];
  for (const name of ['North Gallery', 'South gallery', 'Museum']) tenants.push(await api.tenant(name));
  await admin("update tenants set suspended_at = now(), suspension_reason = 'x' where name = 'Museum'");
});
afterAll(() => api.stop());

const LIST = `query ($first: Int!, $after: String, $order: PageOrder, $filter: TenantFilterInput) {
  tenants(first: $first, after: $after, order: $order, filter: $filter) {
    totalCount edges { cursor node { tenantId name state pool poolServed relayWeight maxJobsInFlight plan } }
    pageInfo { hasNextPage endCursor } } }`;
const ASSIGN = `mutation ($input: AssignPoolInput!) { assignPool(input: $input) {
  tenant { pool poolServed relayWeight maxJobsInFlight } } }`;

const admin = (sql: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));
const list = async (variables: object) =>
  (await api.ask(LIST, { first: 10, order: 'OLDEST_FIRST', ...variables }, api.operatorKey)).tenants;
const names = async (variables: object) =>
  (await list(variables)).edges.map(({ node }: { node: { name: string } }) => node.name);
const codeOf = async (query: string, variables: object, key: string) =>
  (await api.send(query, variables, key)).errors?.[0]?.extensions.code;
const assign = (input: object, index = 0) =>
  api.send(ASSIGN, { input: { tenantId: tenants[index]?.tenantId, ...input } }, api.operatorKey);

test('the operator sees every tenant once, in either order, page by page', async () => {
  const all = ['North Gallery', 'South gallery', 'Museum'];
  expect(await names({})).toEqual(all);
  expect(await names({ order: 'NEWEST_FIRST' })).toEqual([...all].reverse());
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await list({ first: 1, after });
    expect(page.totalCount).toBe(3);
    seen.push(page.edges[0].node.name);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen).toEqual(all);
});

test('tenants are found by a part of their name, and by their state', async () => {
  expect(await names({ filter: { name: 'gallery' } })).toEqual(['North Gallery', 'South gallery']);
  expect(await names({ filter: { name: 'gallery', state: TenantState.SUSPENDED } })).toEqual([]);
  expect(await names({ filter: { state: TenantState.SUSPENDED } })).toEqual(['Museum']);
  expect(await names({ filter: { name: '%' } })).toEqual([]);
});

test('a cursor is good for the operator alone, in the same list', async () => {
  const { pageInfo } = await list({ first: 1 });
  const variables = { first: 1, after: pageInfo.endCursor };
  const other = { ...variables, filter: { state: TenantState.ACTIVE }, order: 'OLDEST_FIRST' };
  expect(await codeOf(LIST, other, api.operatorKey)).toBe('BAD_USER_INPUT');
  const tenantsOwn = { ...variables, order: 'OLDEST_FIRST' };
  expect(await codeOf(LIST, tenantsOwn, tenants[0]?.apiKey ?? '')).toBe('BAD_USER_INPUT');
  expect(await codeOf(LIST, { first: 1 }, tenants[0]?.apiKey ?? '')).toBe('FORBIDDEN');
  const projects = 'query ($after: String) { projects(after: $after) { totalCount } }';
  expect(await codeOf(projects, variables, tenants[0]?.apiKey ?? '')).toBe('BAD_USER_INPUT');
});

test('a tenant that does not exist is not found, by whatever is asked about it', async () => {
  const tenantId = '11111111-1111-4111-8111-111111111111';
  expect(await codeOf(`{ tenant(id: "${tenantId}") { name } }`, {}, api.operatorKey)).toBe('NOT_FOUND');
  for (const [name, type, more] of [
    ['suspendTenant', 'SuspendTenantInput', { reason: 'x' }],
    ['resumeTenant', 'ResumeTenantInput', {}],
    ['assignPool', 'AssignPoolInput', { pool: 'shared' }],
  ] as const) {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { tenant { name } } }`;
    expect(await codeOf(query, { input: { tenantId, ...more } }, api.operatorKey)).toBe('NOT_FOUND');
  }
});

test('a tenant is given a pool only if a worker serves it, unless it has it already', async () => {
  expect((await assign({ pool: 'fast' })).errors?.[0]?.extensions.code).toBe('POOL_NOT_SERVED');
  await admin("insert into worker_pools values ('fast', gen_random_uuid(), now() - interval '1 minute')");
  expect((await assign({ pool: 'fast' })).errors?.[0]?.extensions.code).toBe('POOL_NOT_SERVED');
  await admin("update worker_pools set seen_at = now() where pool = 'fast'");
  const { data } = await assign({ pool: 'fast', relayWeight: 5, maxJobsInFlight: 200 });
  const given = { pool: 'fast', poolServed: true, relayWeight: 5, maxJobsInFlight: 200 };
  expect(data.assignPool.tenant).toEqual(given);
  const POOLS = '{ workerPools { pool workers tenants } }';
  expect((await api.ask(POOLS, {}, api.operatorKey)).workerPools).toEqual([
    { pool: 'fast', workers: 1, tenants: 1 },
    { pool: 'shared', workers: 0, tenants: 2 },
  ]);
  await admin("update worker_pools set seen_at = now() - interval '1 minute'");
  const kept = await assign({ pool: 'fast', relayWeight: 6 });
  expect(kept.data.assignPool.tenant).toEqual({ ...given, relayWeight: 6, poolServed: false });
  expect((await assign({ pool: 'shared' })).data.assignPool.tenant.pool).toBe('shared');
});
