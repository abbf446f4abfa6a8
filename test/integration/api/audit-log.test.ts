import { type AuditFacts, auditHash, FIRST_AUDIT_HASH, inputHash } from '../../../domain/audit/audit-entry';
import { encodeGlobalId } from '../../../schema/global-id';
import { SCOPES } from '../../../schema/scopes';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

type Entry = AuditFacts & { readonly hash: string };

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

const CREATE = `mutation Create($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }`;
const REVOKE = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }';
const LOG = `query ($first: Int!, $filter: AuditFilterInput) {
  auditLog(first: $first, order: OLDEST_FIRST, filter: $filter) { totalCount edges { node {
    sequence at operation actor scopes requestId inputHash previousHash hash } } } }`;
const COUNT = '{ projects { totalCount } }';

const project = (name: string) => ({
  name,
  artistName: 'Ada',
  artistAccount: 'eip155:1:0x52908400098527886E0F7030069857D2E4169EE7',
  script: 'draw()',
  editionCap: 10,
  royaltyBps: 500,
  licence: 'CC0-1.0',
});
const create = (name: string, key = tenant.apiKey, headers = {}) =>
  api.post({ query: CREATE, variables: { input: project(name) } }, key, headers);
const log = async ({ apiKey } = tenant, filter = {}): Promise<readonly Entry[]> => {
  const { auditLog } = await api.ask(LOG, { first: 100, filter }, apiKey);
  const entries = auditLog.edges.map(({ node }: { node: Entry }) => node);
  expect(auditLog.totalCount).toBe(entries.length);
  return entries;
};
const projectCount = async () => (await api.ask(COUNT, {}, tenant.apiKey)).projects.totalCount;
const admin = (sql: string) => withClient(api.database.adminUrl, (client) => client.query(sql));

/** As somebody would who trusts nothing but the entries. */
function expectUnbroken(entries: readonly Entry[]): void {
  let previousHash = FIRST_AUDIT_HASH;
  for (const [index, { hash, ...facts }] of entries.entries()) {
    expect(facts).toMatchObject({ sequence: index + 1, previousHash });
    expect(auditHash(facts)).toBe(hash);
    previousHash = hash;
  }
}

test('a mutation leaves one entry: which, by whom, with which rights and arguments, in which request', async () => {
  const response = await create('Tides');
  const [entry, ...more] = await log();
  expect(more).toEqual([]);
  const [key] = (await api.ask('{ apiKeys { edges { node { id } } } }', {}, tenant.apiKey)).apiKeys.edges;
  expect(entry).toMatchObject({
    sequence: 1,
    operation: 'createProject',
    actor: key.node.id,
    scopes: [...SCOPES],
    requestId: response.headers.get('x-request-id'),
    inputHash: inputHash({ input: project('Tides') }),
  });
  expect(Date.now() - Date.parse(entry?.at ?? '')).toBeLessThan(60_000);
  expectUnbroken(await log());
});

test('what is refused, or changes nothing, leaves none', async () => {
  const reader = await api.keyWith(tenant.tenantId, ['read', 'audit:read']);
  const refused = [
    api.send(CREATE, { input: project('') }, tenant.apiKey),
    api.send(CREATE, { input: project('Tides') }, reader),
    api.send(CREATE, { input: project('Tides') }),
    api.send(REVOKE, { input: { apiKeyId: encodeGlobalId('ApiKey', tenant.tenantId) } }, tenant.apiKey),
  ];
  const codes = (await Promise.all(refused)).map(({ errors }) => errors?.[0]?.extensions.code);
  expect(codes).toEqual(['BAD_USER_INPUT', 'FORBIDDEN', 'UNAUTHENTICATED', 'NOT_FOUND']);
  expect(await log()).toEqual([]);
});

test('there is no effect without its entry', async () => {
  await admin(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
    create trigger refuse before insert on audit_entries for each row execute function refuse()`);
  const refused = await api.send(CREATE, { input: project('Tides') }, tenant.apiKey);
  await admin('drop function refuse() cascade');
  expect(refused.errors?.[0]?.extensions.code).toBe('INTERNAL');
  expect(await projectCount()).toBe(0);
  await create('Tides');
  expect(await projectCount()).toBe(1);
  expectUnbroken(await log());
});

test('mutations at the same time make one unbroken log, each of them once', async () => {
  const responses = await Promise.all(Array.from({ length: 24 }, (_, index) => create(`Tides ${index}`)));
  const entries = await log();
  expect(entries).toHaveLength(24);
  expectUnbroken(entries);
  const requests = responses.map((response) => response.headers.get('x-request-id'));
  expect(new Set(entries.map(({ requestId }) => requestId))).toEqual(new Set(requests));
  expect([...entries].sort((one, other) => (one.at < other.at ? -1 : 1))).toEqual(entries);
});

test('several mutations of one request have an entry each, and one sent again has its first', async () => {
  const query = `mutation ($input: CreateProjectInput!) {
    one: createProject(input: $input) { project { id } } two: createProject(input: $input) { project { id } } }`;
  await api.ask(query, { input: project('Twice') }, tenant.apiKey);
  expect((await log()).map(({ sequence }) => sequence)).toEqual([1, 2]);
  for (let i = 0; i < 3; i += 1) await create('Once', tenant.apiKey, { 'idempotency-key': 'once' });
  expect(await log()).toHaveLength(3);
  expectUnbroken(await log());
});

test('logs of tenants never meet, and are read only with the scope for it', async () => {
  const other = await api.tenant();
  await create('Mine');
  await create('Theirs', other.apiKey);
  const [[mine], [theirs]] = [await log(), await log(other)];
  expect([mine?.sequence, theirs?.sequence]).toEqual([1, 1]);
  expect(await log(tenant, { actor: theirs?.actor })).toEqual([]);
  expect(await log(tenant, { actor: mine?.actor, operation: 'createProject' })).toEqual([mine]);
  const reader = await api.keyWith(tenant.tenantId, ['read']);
  const refused = await api.send(LOG, { first: 1 }, reader);
  expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test('what the platform’s operator does is in a log of its own', async () => {
  const query = 'mutation { createTenant(input: { name: "New" }) { tenant { name } } }';
  expect((await api.send(query, {}, api.operatorKey)).errors).toBeUndefined();
  const { rows } = await admin(
    "select operation, scopes, tenant_id from audit_entries where actor = 'operator'",
  );
  expect(rows).toEqual([
    { operation: 'createTenant', scopes: ['operator'], tenant_id: '00000000-0000-0000-0000-000000000000' },
  ]);
  expect(await log()).toEqual([]);
});

test('neither the application nor the system can change an entry, or remove one of a tenant that is not being erased', async () => {
  await create('Tides');
  const attempt = (url: string, change: string) =>
    withClient(url, async (client) => {
      await client.query("select set_config('app.tenant_id', $1, false)", [tenant.tenantId]);
      return client.query(change);
    });
  const { appUrl, systemUrl } = api.database;
  const [change, removal] = [
    "update audit_entries set actor = 'nobody'",
    'delete from audit_entries',
  ] as const;
  await expect(attempt(appUrl, change)).rejects.toThrow('permission denied');
  await expect(attempt(systemUrl, change)).rejects.toThrow('permission denied');
  await expect(attempt(appUrl, removal)).rejects.toThrow('permission denied');
  expect((await attempt(systemUrl, removal)).rowCount).toBe(0);
  expect(await log()).toHaveLength(1);
});
