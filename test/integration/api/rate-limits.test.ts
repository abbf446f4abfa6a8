import { readServiceUrls } from '../../support/service-urls';
import { withClient } from '../../support/template-database';
import { FakeDomain } from './support/fake-domain';
import { TestApi, type TestTenant } from './support/test-api';

const ME = '{ me { scopes } }';
const apis: TestApi[] = [];

afterEach(async () => {
  await Promise.all(apis.splice(0).map((api) => api.stop()));
});

async function start(settings: Readonly<Record<string, string>>): Promise<TestApi> {
  const api = await TestApi.start(new FakeDomain(), settings);
  apis.push(api);
  return api;
}

const ask = (api: TestApi, { apiKey }: Pick<TestTenant, 'apiKey'>) => api.post({ query: ME }, apiKey);
const statuses = (responses: readonly Response[]) => responses.map(({ status }) => status);

async function askTimes(
  api: TestApi,
  tenant: Pick<TestTenant, 'apiKey'>,
  times: number,
): Promise<Response[]> {
  const responses: Response[] = [];
  for (let index = 0; index < times; index += 1) responses.push(await ask(api, tenant));
  return responses;
}

test('a key over its limit is told when to come back; other keys of the tenant go on', async () => {
  const api = await start({ RATE_LIMIT_KEY: '2', RATE_LIMIT_TENANT: '100' });
  const tenant = await api.tenant();
  const responses = await askTimes(api, tenant, 3);
  expect(statuses(responses)).toEqual([200, 200, 429]);
  const refused = responses[2];
  expect(await refused?.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true } }],
  });
  const retryAfter = Number(refused?.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  const other = { apiKey: await api.keyWith(tenant.tenantId, ['read']) };
  expect((await ask(api, other)).status).toBe(200);
});

test('a tenant over its limit is refused with every key; another tenant is not', async () => {
  const api = await start({ RATE_LIMIT_KEY: '100', RATE_LIMIT_TENANT: '3' });
  const [tenant, other] = [await api.tenant(), await api.tenant()];
  const second = { apiKey: await api.keyWith(tenant.tenantId, ['read']) };
  await askTimes(api, tenant, 2);
  expect(statuses(await askTimes(api, second, 2))).toEqual([200, 429]);
  expect((await ask(api, tenant)).status).toBe(429);
  expect((await ask(api, other)).status).toBe(200);
});

test('every answer says what is left, in the fields of the draft', async () => {
  const api = await start({ RATE_LIMIT_KEY: '5', RATE_LIMIT_TENANT: '10' });
  const tenant = await api.tenant();
  const [first, second] = await askTimes(api, tenant, 2);
  expect(first?.headers.get('ratelimit-policy')).toBe('"tenant";q=10;w=60, "key";q=5;w=60');
  expect(first?.headers.get('ratelimit')).toMatch(/^"tenant";r=9;t=\d+, "key";r=4;t=\d+$/);
  expect(second?.headers.get('ratelimit')).toMatch(/^"tenant";r=8;t=\d+, "key";r=3;t=\d+$/);
});

test('operations over a WebSocket count too', async () => {
  const api = await start({ RATE_LIMIT_KEY: '1' });
  const tenant = await api.tenant();
  await ask(api, tenant);
  const answers = api.subscribe(ME, {}, tenant.apiKey);
  const refusal: unknown = await answers.next().catch((errors: unknown) => errors);
  await answers.close();
  expect(refusal).toEqual([
    expect.objectContaining({ extensions: { code: 'RATE_LIMITED', retryable: true } }),
  ]);
});

test('while Redis is away each process counts for itself, and requests go on', async () => {
  const api = await start({ RATE_LIMIT_KEY: '2', REDIS_URL: 'redis://127.0.0.1:1' });
  const tenant = await api.tenant();
  expect(statuses(await askTimes(api, tenant, 3))).toEqual([200, 200, 429]);
});

test('processes that share a Redis share the count', async () => {
  const { redisUrl } = readServiceUrls();
  if (redisUrl === undefined) throw new Error('this test needs a redis-server or valkey-server on PATH');
  const settings = { RATE_LIMIT_KEY: '3', REDIS_URL: redisUrl };
  const [one, two] = [await start(settings), await start(settings)];
  const tenant = await one.tenant();
  // The same key in the other process's own database: Redis knows it by tenant and id alone.
  const rows = await withClient(one.database.adminUrl, (admin) =>
    admin.query(
      'select t.tenant_id, t.name, k.id, k.label, k.key_hash, k.scopes from tenants t join api_keys k using (tenant_id)',
    ),
  );
  const { tenant_id, name, id, label, key_hash, scopes } = rows.rows[0];
  await withClient(two.database.adminUrl, async (admin) => {
    await admin.query('insert into tenants (tenant_id, name) values ($1, $2)', [tenant_id, name]);
    await admin.query(
      'insert into api_keys (tenant_id, id, label, key_hash, scopes) values ($1, $2, $3, $4, $5)',
      [tenant_id, id, label, key_hash, scopes],
    );
  });
  expect(statuses([await ask(one, tenant), await ask(two, tenant), await ask(one, tenant)])).toEqual([
    200, 200, 200,
  ]);
  expect(statuses([await ask(two, tenant), await ask(one, tenant)])).toEqual([429, 429]);
});
