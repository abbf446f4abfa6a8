import { SCOPES } from '../../../schema/scopes';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const ME = '{ me { tenant { tenantId name pool } scopes } }';
const CREATE_TENANT =
  'mutation ($name: String!) { createTenant(input: { name: $name }) { tenant { tenantId name } apiKey } }';

const codes = ({ errors }: Answer) => errors?.map(({ extensions }) => extensions.code);

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
  tenant = await api.tenant('Gallery');
});
afterAll(() => api.stop());

async function revoke({ tenantId }: TestTenant): Promise<void> {
  await withClient(api.database.adminUrl, (client) =>
    client.query('update api_keys set revoked_at = now() where tenant_id = $1', [tenantId]),
  );
}

describe('an API key', () => {
  test('speaks for its tenant, with its scopes', async () => {
    expect(await api.ask(ME, {}, tenant.apiKey)).toEqual({
      me: { tenant: { tenantId: tenant.tenantId, name: 'Gallery', pool: 'shared' }, scopes: [...SCOPES] },
    });
    const reader = await api.keyWith(tenant.tenantId, ['read']);
    expect(await api.ask(ME, {}, reader)).toMatchObject({ me: { scopes: ['read'] } });
  });

  test.each([
    ['no key', undefined],
    ['an unknown key', `colophon_${'x'.repeat(43)}`],
    ['a key beyond the length limit', 'x'.repeat(201)],
    ['a key with a space', 'two words'],
  ])('%s is unauthenticated, and nothing is said about why', async (_case, key) => {
    const answer = await api.send(ME, {}, key);
    expect(answer.data).toBeNull();
    expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
  });

  test('a revoked key is unauthenticated from the next request on', async () => {
    const leaver = await api.tenant();
    expect(codes(await api.send(ME, {}, leaver.apiKey))).toBeUndefined();
    await revoke(leaver);
    expect(codes(await api.send(ME, {}, leaver.apiKey))).toEqual(['UNAUTHENTICATED']);
  });

  test('is stored as a hash only', async () => {
    const rows = await withClient(api.database.adminUrl, (client) => client.query('select * from api_keys'));
    expect(rows.rowCount).toBeGreaterThan(0);
    expect(JSON.stringify(rows.rows)).not.toContain(tenant.apiKey);
  });

  test('appears in no log line', async () => {
    await api.send(ME, {}, tenant.apiKey);
    await api.post('{ not json', tenant.apiKey);
    expect(JSON.stringify(api.logs)).not.toContain(tenant.apiKey);
  });
});

describe('createTenant', () => {
  test('gives the operator a tenant whose first key works', async () => {
    const { createTenant } = await api.ask(CREATE_TENANT, { name: ' New ' }, api.operatorKey);
    expect(createTenant.tenant.name).toBe('New');
    const { me } = await api.ask(ME, {}, createTenant.apiKey);
    expect(me.tenant.tenantId).toBe(createTenant.tenant.tenantId);
  });

  test('is for the operator alone, needs a name, and refusals make no tenant', async () => {
    const count = () =>
      withClient(api.database.adminUrl, async (client) => {
        const { rows } = await client.query('select count(*)::int as n from tenants');
        return rows[0].n;
      });
    const before = await count();
    expect([
      codes(await api.send(CREATE_TENANT, { name: 'x' })),
      codes(await api.send(CREATE_TENANT, { name: 'x' }, tenant.apiKey)),
      codes(await api.send(CREATE_TENANT, { name: ' ' }, api.operatorKey)),
    ]).toEqual([['UNAUTHENTICATED'], ['FORBIDDEN'], ['BAD_USER_INPUT']]);
    expect(await count()).toBe(before);
  });

  test('the operator’s key is no tenant’s', async () => {
    expect(codes(await api.send(ME, {}, api.operatorKey))).toEqual(['UNAUTHENTICATED']);
  });
});
