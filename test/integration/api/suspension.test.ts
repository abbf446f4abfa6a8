import { createWebhookEndpointSchema } from '../../../schema/inputs/webhook';
import { SCOPES } from '../../../schema/scopes';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { MUTATIONS, NO_ROWS, QUERIES, sampleProjectInput } from './support/operations';
import { TestApi, type TestTenant } from './support/test-api';

let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  [tenant, other] = await Promise.all([api.tenant(), api.tenant()]);
});

const SUSPEND = `mutation ($input: SuspendTenantInput!) { suspendTenant(input: $input) {
  tenant { state suspendedAt suspensionReason } } }`;
const RESUME = `mutation ($input: ResumeTenantInput!) { resumeTenant(input: $input) {
  tenant { state suspendedAt suspensionReason } } }`;
const ME = '{ me { tenant { state suspendedAt suspensionReason } } }';
const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const PROJECTS = '{ projects { totalCount edges { node { id } } } }';

const TAKING_AWAY = [
  'revokeApiKey',
  'removeMember',
  'removeIdentityProvider',
  'unlinkWallet',
  'revokeSession',
  'signOut',
];

/** What lets a tenant leave with what is its own. */
const LEAVING = ['requestExport', 'cancelExport'];

const suspend = async (reason = 'not paid', { tenantId } = tenant) =>
  (await api.ask(SUSPEND, { input: { tenantId, reason } }, api.operatorKey)).suspendTenant.tenant;
const resume = async ({ tenantId } = tenant) =>
  (await api.ask(RESUME, { input: { tenantId } }, api.operatorKey)).resumeTenant.tenant;
const create = (headers = {}, { apiKey } = tenant) =>
  api.post({ query: CREATE, variables: { input: sampleProjectInput } }, apiKey, headers);
const codeOf = async (response: Response) =>
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer.
  ((await response.json()) as any).errors?.[0]?.extensions.code;
const admin = (sql: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));
const events = async ({ tenantId } = tenant) =>
  (
    await admin(
      "select type, body::jsonb -> 'data' as data from webhook_events where tenant_id = $1 order by sequence",
      [tenantId],
    )
  ).rows;

test('a suspended tenant may take access away, and in the same request nothing else', async () => {
  const ada = await api.member(tenant, 'OWNER');
  const key = await api.keyWith(tenant.tenantId, ['read']);
  const { me } = await api.ask('{ me { sessions { sessionId } } }', {}, ada.token);
  await suspend();
  const [{ sessionId }] = me.sessions;
  const revoke =
    'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { sessions { sessionId } } }';
  const both = `mutation ($input: CreateProjectInput!) {
    signOut { sessions { sessionId } } createProject(input: $input) { project { id } } }`;
  const refused = await api.post({ query: both, variables: { input: sampleProjectInput } }, ada.token);
  expect(await codeOf(refused)).toBe('TENANT_SUSPENDED');
  expect(await api.ask(revoke, { input: { sessionId } }, ada.token)).toEqual({
    revokeSession: { sessions: [] },
  });
  expect((await api.send(ME, {}, key)).errors).toBeUndefined();
});

test('a suspended tenant may export itself, and give that up', async () => {
  await suspend();
  const { requestExport } = await api.ask(
    'mutation { requestExport { export { id state } } }',
    {},
    tenant.apiKey,
  );
  expect(requestExport.export.state).toBe('REQUESTED');
  const { cancelExport } = await api.ask(
    'mutation ($id: ID!) { cancelExport(input: { exportId: $id }) { export { state } } }',
    { id: requestExport.export.id },
    tenant.apiKey,
  );
  expect(cancelExport.export.state).toBe('CANCELLED');
});

test('a suspended tenant is refused every mutation but those, before any effect, and no other tenant is', async () => {
  await suspend();
  const mutations = Object.entries(MUTATIONS).filter(
    ([name, { scope }]) => scope !== 'operator' && ![...TAKING_AWAY, ...LEAVING].includes(name),
  );
  const rows = async () =>
    (await admin('select count(*) from audit_entries where tenant_id = $1', [tenant.tenantId])).rows;
  for (const [name, { query, variables }] of mutations) {
    const response = await api.post({ query, variables: variables(NO_ROWS) }, tenant.apiKey);
    expect({ name, status: response.status, code: await codeOf(response) }).toEqual({
      name,
      status: 403,
      code: 'TENANT_SUSPENDED',
    });
  }
  expect(await rows()).toEqual([{ count: '0' }]);
  expect((await api.ask(PROJECTS, {}, tenant.apiKey)).projects.totalCount).toBe(0);
  expect(await codeOf(await create({}, other))).toBeUndefined();
});

test('a suspended tenant reads everything, so that it can leave with its data', async () => {
  await create();
  await suspend();
  const { projects } = await api.ask(PROJECTS, {}, tenant.apiKey);
  expect(projects.totalCount).toBe(1);
  for (const name of ['projects', 'registries', 'auditLog', 'apiKeys', 'guardActions', 'webhookEndpoints']) {
    expect((await api.send(QUERIES[name]?.query ?? '', {}, tenant.apiKey)).errors).toBeUndefined();
  }
  const { me } = await api.ask(ME, {}, tenant.apiKey);
  expect(me.tenant).toMatchObject({ state: 'SUSPENDED', suspensionReason: 'not paid' });
});

test('a refusal is not kept as the answer of its Idempotency-Key: after the suspension the request is carried out', async () => {
  await suspend();
  const key = { 'idempotency-key': 'once' };
  expect(await codeOf(await create(key))).toBe('TENANT_SUSPENDED');
  expect(
    (await admin('select 1 from idempotency_keys where tenant_id = $1', [tenant.tenantId])).rows,
  ).toEqual([]);
  await resume();
  expect(await codeOf(await create(key))).toBeUndefined();
  expect((await create(key)).headers.get('idempotency-replayed')).toBe('true');
  expect((await api.ask(PROJECTS, {}, tenant.apiKey)).projects.totalCount).toBe(1);
});

test('resumed, a tenant is as it was; doing either twice changes nothing', async () => {
  const first = await suspend('not paid');
  expect(first).toMatchObject({ state: 'SUSPENDED', suspensionReason: 'not paid' });
  expect(await suspend('another reason')).toEqual(first);
  const active = { state: 'ACTIVE', suspendedAt: null, suspensionReason: null };
  expect(await resume()).toEqual(active);
  expect(await resume()).toEqual(active);
  expect((await api.ask(ME, {}, tenant.apiKey)).me.tenant).toEqual(active);
  expect(await codeOf(await create())).toBeUndefined();
});

test('the tenant’s webhooks tell of its suspension and of its end, once each, in the same transaction', async () => {
  const { query, variables } = MUTATIONS['createWebhookEndpoint'] ?? { query: '', variables: () => ({}) };
  const wants = createWebhookEndpointSchema.parse({
    url: 'https://example.com/hook',
    eventTypes: ['tenant.*'],
  });
  await api.ask(query, { ...variables(NO_ROWS), input: wants }, tenant.apiKey);
  await suspend();
  await suspend();
  await resume();
  await resume();
  const { tenantId } = tenant;
  expect(await events()).toEqual([
    { type: 'tenant.suspended', data: { tenantId, reason: 'not paid' } },
    { type: 'tenant.resumed', data: { tenantId } },
  ]);
  const { rows } = await admin('select event_type from webhook_deliveries where tenant_id = $1', [tenantId]);
  expect(rows).toHaveLength(2);

  await admin(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
    create trigger refuse before insert on webhook_events for each row execute function refuse()`);
  const refused = await api.send(SUSPEND, { input: { tenantId, reason: 'x' } }, api.operatorKey);
  await admin('drop function refuse() cascade');
  expect(refused.errors?.[0]?.extensions.code).toBe('INTERNAL');
  expect((await api.ask(ME, {}, tenant.apiKey)).me.tenant.state).toBe('ACTIVE');
});

test('what the operator does is in its log, and no tenant’s key reads that', async () => {
  await suspend('logged');
  const LOG = `query ($after: String) { platformAuditLog(first: 1, after: $after, filter: { operation: "suspendTenant" }) {
    edges { node { operation actor scopes sequence } } pageInfo { endCursor hasNextPage } } }`;
  const { platformAuditLog: log } = await api.ask(LOG, {}, api.operatorKey);
  expect(log.edges[0].node).toMatchObject({
    operation: 'suspendTenant',
    actor: 'operator',
    scopes: ['operator'],
  });
  const all = await api.keyWith(tenant.tenantId, SCOPES);
  expect((await api.send(LOG, {}, all)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const after = log.pageInfo.endCursor;
  expect((await api.ask(LOG, { after }, api.operatorKey)).platformAuditLog.edges).toHaveLength(1);
  const TENANTS_OWN =
    'query ($after: String) { auditLog(first: 1, after: $after, filter: { operation: "suspendTenant" }) { totalCount } }';
  expect((await api.send(TENANTS_OWN, { after }, tenant.apiKey)).errors?.[0]?.extensions.code).toBe(
    'BAD_USER_INPUT',
  );
});
