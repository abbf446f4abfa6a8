import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { sampleProjectInput } from './support/operations';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
});

/** As another process does it: this one is told nothing. */
const admin = (sql: string, values: readonly unknown[] = [tenant.tenantId]) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, [...values]));
const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

/** One that reads rows, which confirms who asks, and one that reads none. */
const READS = ['{ projects { totalCount edges { node { id } } } }', '{ me { scopes } }'] as const;
const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const MEMBERS = '{ members(first: 1) { edges { node { id } } } }';

const LOCKED_OUT = [
  ['was revoked', 'update api_keys set revoked_at = now() where tenant_id = $1'],
  ['has expired', 'update api_keys set expires_at = now() where tenant_id = $1'],
  ['was erased', 'delete from api_keys where tenant_id = $1'],
] as const;

describe.each(READS)('%s', (query) => {
  test.each(LOCKED_OUT)(
    'is refused to a key that %s in another process, from the next request on',
    async (_, sql) => {
      for (let time = 1; time <= 3; time += 1) await api.ask(query, {}, tenant.apiKey);
      await admin(sql);
      expect(codes(await api.send(query, {}, tenant.apiKey))).toEqual(['UNAUTHENTICATED']);
      expect(codes(await api.send(query, {}, tenant.apiKey))).toEqual(['UNAUTHENTICATED']);
    },
  );

  test.each([
    ['was revoked', 'update sessions set revoked_at = now() where tenant_id = $1'],
    ['has expired', 'update sessions set expires_at = now() where tenant_id = $1'],
    ['lay idle', "update sessions set last_used_at = now() - interval '121 minutes' where tenant_id = $1"],
    ['was erased', 'delete from sessions where tenant_id = $1'],
    [
      'is a removed member’s',
      'update members set removed_at = now(), password_hash = null where tenant_id = $1',
    ],
  ])('is refused to a session that %s in another process, from the next request on', async (_, sql) => {
    const { token } = await api.member(tenant, 'OPERATOR');
    for (let time = 1; time <= 3; time += 1) await api.ask(query, {}, token);
    await admin(sql);
    expect(codes(await api.send(query, {}, token))).toEqual(['UNAUTHENTICATED']);
  });
});

test('scopes that another process takes from a key, or gives it, hold from the next request on', async () => {
  await api.ask(MEMBERS, {}, tenant.apiKey);
  await admin("update api_keys set scopes = array['work:write'] where tenant_id = $1");
  expect(codes(await api.send(MEMBERS, {}, tenant.apiKey))).toEqual(['FORBIDDEN']);
  await admin("update api_keys set scopes = array['member:read'] where tenant_id = $1");
  await api.ask(MEMBERS, {}, tenant.apiKey);
});

test('a role that another process changes holds from the next request on', async () => {
  const { token } = await api.member(tenant, 'OWNER');
  await api.ask(MEMBERS, {}, token);
  await admin("update members set role = 'ARTIST' where tenant_id = $1");
  expect(codes(await api.send(MEMBERS, {}, token))).toEqual(['FORBIDDEN']);
  expect((await api.ask('{ me { scopes } }', {}, token)).me.scopes).not.toContain('member:read');
});

test('a mutation is refused to a key that another process has revoked, whatever is remembered', async () => {
  await api.ask(READS[0], {}, tenant.apiKey);
  await admin('update api_keys set revoked_at = now() where tenant_id = $1');
  const answer = await api.send(CREATE, { input: sampleProjectInput }, tenant.apiKey);
  expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
  const { rows } = await admin('select count(*)::int as projects from projects where tenant_id = $1');
  expect(rows).toEqual([{ projects: 0 }]);
});

test('a tenant that another process suspends changes nothing from the next request on, and still reads', async () => {
  await api.ask(READS[0], {}, tenant.apiKey);
  await admin("update tenants set suspended_at = now(), suspension_reason = 'x' where tenant_id = $1");
  const answer = await api.send(CREATE, { input: sampleProjectInput }, tenant.apiKey);
  expect(codes(answer)).toEqual(['TENANT_SUSPENDED']);
  await api.ask(READS[0], {}, tenant.apiKey);
});

test.each(READS)(
  'a limit that another process sets, on the tenant or its plan, holds for the next request: %s',
  async (query) => {
    const plan = `p${tenant.tenantId.slice(0, 8)}`;
    await admin('insert into plans (plan) values ($1)', [plan]);
    const status = async () => {
      const { status, headers } = await api.post({ query }, tenant.apiKey);
      return [status, /tenant";q=(\d+)/.exec(headers.get('ratelimit-policy') ?? '')?.[1]];
    };
    expect(await status()).toEqual([200, '6000']);
    await admin('update tenants set plan = $2 where tenant_id = $1', [tenant.tenantId, plan]);
    await admin('update plans set api_requests_per_minute = 1 where plan = $1', [plan]);
    expect(await status()).toEqual([429, '1']);
    await admin('update plans set api_requests_per_minute = 9000 where plan = $1', [plan]);
    expect(await status()).toEqual([200, '9000']);
    await admin(`update tenants set quota_overrides = '{"apiRequestsPerMinute": 1}' where tenant_id = $1`);
    expect(await status()).toEqual([429, '1']);
  },
);

test('a use that is noted, and what says nothing of rights, leave the tenant’s epoch as it is', async () => {
  const { token } = await api.member(tenant, 'OWNER');
  const epoch = async () =>
    (await admin('select authority_epoch from tenants where tenant_id = $1')).rows[0].authority_epoch;
  const before = await epoch();
  await api.ask(READS[0], {}, tenant.apiKey);
  await api.ask(READS[0], {}, token);
  await admin('update sessions set last_used_at = now() where tenant_id = $1');
  await admin("update api_keys set label = 'another' where tenant_id = $1");
  await admin("update members set name = 'Bo' where tenant_id = $1");
  await admin("update tenants set name = 'Bo', relay_weight = 2 where tenant_id = $1");
  expect(await epoch()).toBe(before);
});
