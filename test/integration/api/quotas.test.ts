import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startApi } from '../../../api/api';
import { apiConfigSchema } from '../../../api/config';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { pollUntil } from '../../../cli/embedded/poll';
import { QuotaGuard } from '../../../domain/tenancy/quota-guard';
import { QuotaRepository } from '../../../domain/tenancy/quota-repository';
import { RequestCountRepository } from '../../../domain/tenancy/request-counts';
import { Operator1700000000019 } from '../../../migrations/0019-operator';
import { tenantIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { unreachableChain } from '../../support/chain-entry';
import { withClient } from '../../support/template-database';
import { MUTATIONS, NO_ROWS, type Operation, sampleProjectInput } from './support/operations';
import { HOME, MIRROR } from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const folder = mkdtempSync(join(tmpdir(), 'colophon-quotas-'));
const settings = { CHAINS_FILE: join(folder, 'chains.json'), MASTER_KEY: randomBytes(32).toString('hex') };
const DAY_MS = 86_400_000;
const AT_ONCE = 20;
let api: TestApi;
let tenant: TestTenant;
let registry: string;

beforeAll(async () => {
  writeFileSync(
    settings.CHAINS_FILE,
    JSON.stringify([unreachableChain(HOME, 1), unreachableChain(MIRROR, 2)]),
  );
  api = await TestApi.startWhole(settings);
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = await api.tenant();
  const input = { ...sampleProjectInput, editionCap: 1_000 };
  const { createProject } = await ask('createProject', { input });
  registry = (await make('createRegistry', { project: createProject.project.id })).registry.id;
  await admin("update registries set state = 'ACTIVE' where tenant_id = $1", [tenant.tenantId]);
});

const admin = (sql: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));
const operation = (name: string) => MUTATIONS[name] as Operation;
const ask = (name: string, variables: object) => api.ask(operation(name).query, variables, tenant.apiKey);
const make = async (name: string, ids: object) =>
  (await ask(name, operation(name).variables({ ...NO_ROWS, ...ids })))[name];
const send = (name: string, ids: object = {}): Promise<Answer> =>
  api.send(operation(name).query, operation(name).variables({ ...NO_ROWS, registry, ...ids }), tenant.apiKey);
const asOperator = (query: string, variables: object) => api.ask(query, variables, api.operatorKey);

const ASSIGN = 'mutation ($input: AssignPlanInput!) { assignPlan(input: $input) { tenant { plan } } }';
const SET = 'mutation ($input: SetPlanInput!) { setPlan(input: $input) { plan { plan } } }';
const QUOTAS = '{ me { tenant { plan quotas { quota limit used resetsAt } } } }';
const limit = (overrides: object) =>
  asOperator(ASSIGN, { input: { tenantId: tenant.tenantId, plan: 'unlimited', overrides } });
const used = async (
  quota: string,
): Promise<{ limit: number | null; used: number; resetsAt: string | null }> =>
  (await api.ask(QUOTAS, {}, tenant.apiKey)).me.tenant.quotas.find(
    (status: { quota: string }) => status.quota === quota,
  );
const errorsOf = (answers: readonly Answer[]) => answers.flatMap(({ errors }) => errors ?? []);
const count = async (table: string) =>
  Number(
    (await admin(`select count(*) from ${table} where tenant_id = $1`, [tenant.tenantId])).rows[0].count,
  );

/** What is kept of a tenant's requests, over all days. */
async function requestsOf({ tenantId }: TestTenant): Promise<{ requests: number; refused: number }> {
  const { rows } = await admin(
    'select sum(requests)::int as requests, sum(refused)::int as refused from metered_requests where tenant_id = $1',
    [tenantId],
  );
  return rows[0];
}

/** Works that live on home in the tenant's own account, whose lane to the mirror is open. */
async function liveWorks(many: number): Promise<string[]> {
  const { me } = await api.ask('{ me { tenant { accounts } } }', {}, tenant.apiKey);
  const [account] = me.tenant.accounts;
  const input = { registryId: registry, works: Array.from({ length: many }, () => ({ to: account })) };
  const { mintWorks } = await ask('mintWorks', { input });
  await admin(
    `update works set state = 'LIVE', provisional = false, chain_id = $2, holder = $3, seed = '0x', commitment = '0x',
            edition = place, token_id = place
       from (select id as work_id, row_number() over (order by id) as place from works where tenant_id = $1) numbered
      where tenant_id = $1 and id = work_id`,
    [tenant.tenantId, HOME, account],
  );
  await admin(
    `insert into registry_events (tenant_id, registry_id, chain_id, block_number, log_index, block_hash,
                                  transaction_hash, name, args, final)
     select tenant_id, id, $2, 1, 1, '0x', '0x', 'LaneOpened', jsonb_build_object('chainHash', $3::text, 'transport', '3'), true
       from registries where tenant_id = $1`,
    [tenant.tenantId, HOME, chainHashOf(MIRROR)],
  );
  return mintWorks.works.map(({ id }: { id: string }) => id);
}

/** What uses one unit of each quota, and where it can be seen. */
const LAST_UNITS = [
  {
    by: 'mintWork',
    quota: 'WORKS',
    overrides: { works: 3 },
    before: async () => {
      await send('mintWork');
      await send('mintWork');
      return [];
    },
    table: 'works',
  },
  {
    by: 'sendWork',
    quota: 'DISPATCHES_PER_DAY',
    overrides: { dispatchesPerDay: 1 },
    before: () => liveWorks(AT_ONCE),
    table: 'dispatches',
  },
  {
    by: 'updateMetadata',
    quota: 'DISPATCHES_PER_DAY',
    overrides: { dispatchesPerDay: 1 },
    before: () => liveWorks(AT_ONCE),
    table: 'dispatches',
  },
  {
    by: 'createWebhookEndpoint',
    quota: 'WEBHOOK_ENDPOINTS',
    overrides: { webhookEndpoints: 1 },
    before: async () => [],
    table: 'webhook_endpoints',
  },
] as const;

test.each(LAST_UNITS)(
  'of twenty requests at once for the last unit of $quota, exactly one gets it: $by',
  async ({ by, quota, overrides, before, table }) => {
    const works = await before();
    await limit(overrides);
    const already = await count(table);
    const { limit: most, resetsAt } = await used(quota);
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => send(by, { work: works[index] })),
    );
    const refusals = errorsOf(answers);
    expect(refusals).toHaveLength(AT_ONCE - 1);
    for (const { extensions } of refusals)
      expect(extensions).toEqual({
        code: 'QUOTA_EXCEEDED',
        retryable: true,
        quota,
        limit: most,
        used: most,
        asked: 1,
        resetsAt,
      });
    expect(await count(table)).toBe(already + 1);
    expect(await used(quota)).toEqual({ quota, limit: most, used: most, resetsAt });
    if (quota === 'DISPATCHES_PER_DAY') {
      expect(Date.parse(resetsAt ?? '') % 86_400_000).toBe(0);
      expect(Date.parse(resetsAt ?? '') - Date.now()).toBeLessThanOrEqual(86_400_000);
    } else expect(resetsAt).toBeNull();
  },
);

test('storage is counted in bytes of what is kept, and what does not fit leaves nothing behind', async () => {
  const before = await used('STORAGE_BYTES');
  const script = 'x'.repeat(2_000);
  await limit({ storageBytes: before.used + 3_000 });
  const create = () =>
    api.send(operation('createProject').query, { input: { ...sampleProjectInput, script } }, tenant.apiKey);
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, create));
  expect(errorsOf(answers).map(({ extensions }) => extensions.code)).toEqual(
    Array(AT_ONCE - 1).fill('QUOTA_EXCEEDED'),
  );
  expect(await count('projects')).toBe(2);
  const after = await used('STORAGE_BYTES');
  expect(after.used - before.used).toBeGreaterThanOrEqual(2_000);
  expect(after.used - before.used).toBeLessThan(2_100);
  expect(errorsOf([await send('mintWork')])).toEqual([]);
  expect((await used('STORAGE_BYTES')).used).toBeGreaterThan(after.used);
});

/** Recounts everything that there is. */
const RECOUNT = `
  select (select count(*) from works where tenant_id = $1)::int as works,
    (select sum(octet_length(script) + octet_length(description) + octet_length(dependencies::text)
                + octet_length(traits::text) + octet_length(metadata::text)) from projects where tenant_id = $1)::int
    + (select coalesce(sum(octet_length(document::text)), 0) from works where tenant_id = $1)::int
    + (select coalesce(sum(octet_length(metadata::text)), 0) from work_revisions where tenant_id = $1)::int as bytes`;
const METERED =
  'select sum(works)::int as works, sum(bytes)::int as bytes from metered_storage where tenant_id = $1';

test('what is added up as rows are made is what a recount finds, also of rows from before there was a meter', async () => {
  const works = await liveWorks(3);
  await Promise.all(works.map((work) => send('updateMetadata', { work })));
  const { rows: metered } = await admin(METERED, [tenant.tenantId]);
  expect(metered).toEqual((await admin(RECOUNT, [tenant.tenantId])).rows);
  expect(metered[0].works).toBe(3);

  const owner = await openDataSource({ url: api.database.adminUrl, poolSize: 1, applicationName: 'test' });
  const runner = owner.createQueryRunner();
  try {
    // In one transaction that is taken back: the API goes on with what it has.
    await runner.query('begin');
    await new Operator1700000000019().down(runner);
    await new Operator1700000000019().up(runner);
    expect(await runner.query(METERED, [tenant.tenantId])).toEqual(metered);
  } finally {
    await runner.query('rollback');
    await owner.destroy();
  }
});

test('a batch that does not fit whole is refused whole, and tells how much was asked for', async () => {
  await limit({ works: 3 });
  const input = {
    registryId: registry,
    works: Array.from({ length: 4 }, () => ({ to: `${HOME}:0x52908400098527886E0F7030069857D2E4169EE7` })),
  };
  const { errors } = await api.send(operation('mintWorks').query, { input }, tenant.apiKey);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', limit: 3, used: 0, asked: 4 });
  expect(await count('works')).toBe(0);
  expect(await count('outbox')).toBe(1);
});

test('a raised quota holds at once, and a refusal is not kept for its Idempotency-Key', async () => {
  await limit({ works: 0 });
  const mint = () => {
    const { query, variables } = operation('mintWork');
    const body = { query, variables: variables({ ...NO_ROWS, registry }) };
    return api.post(body, tenant.apiKey, { 'idempotency-key': 'one' });
  };
  const refused = (await (await mint()).json()) as Answer;
  expect(refused.errors?.[0]?.extensions.code).toBe('QUOTA_EXCEEDED');
  await limit({ works: 1 });
  expect(((await (await mint()).json()) as Answer).errors).toBeUndefined();
  expect(await count('works')).toBe(1);
});

test('a lowered quota takes nothing away, and lets through what uses no more', async () => {
  const [work = ''] = await liveWorks(1);
  expect(errorsOf([await send('sendWork', { work })])).toEqual([]);
  await limit({ dispatchesPerDay: 0 });
  expect(errorsOf([await send('sendWork', { work })])).toEqual([]);
  expect(await used('DISPATCHES_PER_DAY')).toMatchObject({ limit: 0, used: 1 });

  const app = await openDataSource({ url: api.database.appUrl, poolSize: 1, applicationName: 'test' });
  const guard = new QuotaGuard(new QuotaRepository(), { publish: async () => undefined });
  const effect = new TenantDatabase(app).transaction(tenant.tenantId, (tx) =>
    guard.within(tx, ['dispatchesPerDay'], async () => 'the same as before'),
  );
  expect(await effect.finally(() => app.destroy())).toBe('the same as before');
});

test('yesterday’s dispatches, holders’ own and mints that failed do not count', async () => {
  const works = await liveWorks(3);
  for (const work of works) await send('sendWork', { work });
  await limit({ dispatchesPerDay: 5, works: 3 });
  const places = `(select id, row_number() over (order by id) as place from dispatches where tenant_id = $1) d`;
  await admin(
    `update dispatches set created_at = date_trunc('day', now() at time zone 'utc') at time zone 'utc' - interval '1 second'
       from ${places} where d.id = dispatches.id and tenant_id = $1 and place = 1`,
    [tenant.tenantId],
  );
  await admin(
    `update dispatches set origin = 'HOLDER' from ${places} where d.id = dispatches.id and tenant_id = $1 and place = 2`,
    [tenant.tenantId],
  );
  expect((await used('DISPATCHES_PER_DAY')).used).toBe(1);
  expect(errorsOf([await send('mintWork')])).toHaveLength(1);
  await admin("update works set state = 'MINT_FAILED' where tenant_id = $1 and edition = 1", [
    tenant.tenantId,
  ]);
  expect(errorsOf([await send('mintWork')])).toEqual([]);
});

test('a warning goes out once at 80 and once at 100 per cent, again under another limit', async () => {
  const { query, variables } = operation('createWebhookEndpoint');
  await api.ask(query, variables(NO_ROWS), tenant.apiKey);
  await admin("update webhook_endpoints set event_types = '{tenant.*}' where tenant_id = $1", [
    tenant.tenantId,
  ]);
  const warnings = async () =>
    (
      await admin(
        `select body::jsonb #>> '{data,percent}' as percent, body::jsonb #>> '{data,used}' as used
           from webhook_events where tenant_id = $1 and type = 'tenant.quota_warning' order by sequence`,
        [tenant.tenantId],
      )
    ).rows.map(({ percent, used: at }) => `${percent}@${at}`);
  await limit({ works: 5 });
  for (let made = 0; made < 3; made += 1) await send('mintWork');
  expect(await warnings()).toEqual([]);
  for (let made = 3; made < 7; made += 1) await send('mintWork');
  expect(await warnings()).toEqual(['80@4', '100@5']);
  await admin(
    "update works set state = 'MINT_FAILED' where tenant_id = $1 and id in (select id from works where tenant_id = $1 limit 1)",
    [tenant.tenantId],
  );
  await send('mintWork');
  expect(await warnings()).toEqual(['80@4', '100@5']);
  await limit({ works: 7 });
  await send('mintWork');
  expect(await warnings()).toEqual(['80@4', '100@5', '80@6']);
});

test('a plan limits everybody who has it, a tenant’s own quota goes before it, and unlimited stays as it is', async () => {
  const plan = (works: number | null) =>
    asOperator(SET, {
      input: { plan: 'small', description: 'For a start', quotas: { works, apiRequestsPerMinute: 50 } },
    });
  await plan(1);
  await asOperator(ASSIGN, { input: { tenantId: tenant.tenantId, plan: 'small' } });
  expect(await used('WORKS')).toMatchObject({ limit: 1 });
  await plan(2);
  expect(await used('WORKS')).toMatchObject({ limit: 2 });
  await asOperator(ASSIGN, {
    input: { tenantId: tenant.tenantId, plan: 'small', overrides: { works: null } },
  });
  expect(await used('WORKS')).toMatchObject({ limit: null });
  expect(await used('API_REQUESTS_PER_MINUTE')).toMatchObject({ limit: 50, used: null });
  const { plans } = await asOperator('{ plans { plan tenants quotas { works storageBytes } } }', {});
  expect(plans).toContainEqual({ plan: 'small', tenants: 1, quotas: { works: 2, storageBytes: null } });
  const builtIn = await api.send(
    SET,
    { input: { plan: 'unlimited', quotas: { works: 1 } } },
    api.operatorKey,
  );
  expect(errorsOf([builtIn])[0]?.extensions.code).toBe('PLAN_BUILT_IN');
  const unknown = { input: { tenantId: tenant.tenantId, plan: 'no-such-plan' } };
  expect(errorsOf([await api.send(ASSIGN, unknown, api.operatorKey)])[0]?.extensions.code).toBe('NOT_FOUND');
});

test('a tenant can be made with its plan', async () => {
  await asOperator(SET, { input: { plan: 'new', quotas: {} } });
  const CREATE = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { plan } } }';
  const { createTenant } = await asOperator(CREATE, { input: { name: 'New', plan: 'new' } });
  expect(createTenant.tenant.plan).toBe('new');
  const unknown = await api.send(CREATE, { input: { name: 'New', plan: 'gone' } }, api.operatorKey);
  expect(errorsOf([unknown])[0]?.extensions.code).toBe('NOT_FOUND');
});

test('requests per minute follow the plan, above and below the deployment’s own limit', async () => {
  const policy = async () =>
    (await api.post({ query: '{ me { scopes } }' }, tenant.apiKey)).headers.get('ratelimit-policy');
  expect(await policy()).toBe('"tenant";q=6000;w=60, "key";q=3000;w=60');
  await limit({ apiRequestsPerMinute: 9_000 });
  expect(await policy()).toBe('"tenant";q=9000;w=60, "key";q=3000;w=60');
  await limit({ apiRequestsPerMinute: 1 });
  const refused = await api.post({ query: '{ me { scopes } }' }, tenant.apiKey);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('ratelimit')).toMatch(/^"tenant";r=0;/);
});

describe('usage', () => {
  const USAGE = `query ($from: DateTimeISO!, $to: DateTimeISO!, $by: UsageUnit!) { me { tenant { usage(from: $from, to: $to, by: $by) {
    from to works dispatches webhookDeliveries storageBytes } } } }`;
  const usage = async (from: string, to: string, by = 'DAY') =>
    (await api.ask(USAGE, { from, to, by }, tenant.apiKey)).me.tenant.usage;
  const day = (n: number) => `2026-10-${String(n).padStart(2, '0')}T00:00:00.000Z`;

  test('is told by day and by month, with empty ones, and equally to the operator', async () => {
    const [one = '', two = ''] = await liveWorks(2);
    await send('sendWork', { work: one });
    await send('sendWork', { work: two });
    for (const table of ['works', 'dispatches'])
      await admin(
        `update ${table} set created_at = case when place = 1 then '2026-10-01T23:59:59Z' else '2026-10-03T00:00:00Z' end::timestamptz
           from (select id as row_id, row_number() over (order by id) as place from ${table} where tenant_id = $1) numbered
          where tenant_id = $1 and id = row_id`,
        [tenant.tenantId],
      );
    await admin(
      `insert into metered_storage (tenant_id, day, works, bytes)
       values ($1, '2026-09-30', 0, 1000), ($1, '2026-10-03', 0, 500)`,
      [tenant.tenantId],
    );
    const days = await usage(day(1), day(4));
    const told = days.map(({ from, works, dispatches }: Record<string, unknown>) => ({
      from,
      works,
      dispatches,
    }));
    expect(told).toEqual([
      { from: day(1), works: 1, dispatches: 1 },
      { from: day(2), works: 0, dispatches: 0 },
      { from: day(3), works: 1, dispatches: 1 },
    ]);
    expect(days.map(({ storageBytes }: { storageBytes: number }) => storageBytes)).toEqual([
      1_000, 1_000, 1_500,
    ]);
    const months = await usage('2026-09-15T00:00:00Z', '2026-10-02T00:00:00Z', 'MONTH');
    expect(months).toHaveLength(2);
    expect(months[1]).toMatchObject({
      from: day(1),
      to: '2026-11-01T00:00:00.000Z',
      works: 2,
      dispatches: 2,
    });
    expect(months[0].works).toBe(0);
    expect(months.map(({ storageBytes }: { storageBytes: number }) => storageBytes)).toEqual([1_000, 1_500]);
    const OPERATORS = `query ($id: ID!) { tenant(id: $id) { quotas { quota used } usage(from: "${day(1)}", to: "${day(4)}") { works } } }`;
    const { tenant: seen } = await asOperator(OPERATORS, { id: tenant.tenantId });
    expect(seen.usage).toEqual([{ works: 1 }, { works: 0 }, { works: 1 }]);
    expect(seen.quotas).toContainEqual({ quota: 'WORKS', used: 2 });
  });

  test('a request counts for the UTC day of its tenant alone, over all processes, when a process is drained at the latest', async () => {
    await limit({ apiRequestsPerMinute: 4 });
    const other = await api.tenant();
    const begun = new Date();
    const second = await startApi(
      apiConfigSchema.parse({
        ...settings,
        APP_DATABASE_URL: api.database.appUrl,
        SYSTEM_DATABASE_URL: api.database.systemUrl,
        OPERATOR_KEY: api.operatorKey,
        PORT: '0',
      }),
      pino({ level: 'silent' }),
    );
    const ask = (url: string, key: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ query: '{ me { tenant { name } } }' }),
      });
    for (let index = 0; index < 6; index += 1) await ask(second.url, tenant.apiKey);
    await ask(second.url, other.apiKey);
    await ask(second.url, 'colophon_nobody');
    await second.stop();
    const kept = await requestsOf(tenant);
    expect(kept.requests).toBeGreaterThanOrEqual(6);
    expect(kept.refused).toBe(2);
    expect(await requestsOf(other)).toEqual({ requests: 1, refused: 0 });

    await limit({});
    const range = { from: begun.toISOString(), to: new Date(begun.getTime() + DAY_MS).toISOString() };
    const REQUESTS = `query ($from: DateTimeISO!, $to: DateTimeISO!) {
      me { tenant { usage(from: $from, to: $to) { apiRequests apiRequestsRefused } } } }`;
    const counted = async () => {
      const days = (await api.ask(REQUESTS, range, tenant.apiKey)).me.tenant.usage;
      return days.reduce((sum: number, { apiRequests }: { apiRequests: number }) => sum + apiRequests, 0);
    };
    // The process that this asks adds its own from time to time.
    expect(await pollUntil(async () => (await counted()) > kept.requests, 30_000)).toBe(true);
  });

  test('counts that are sent again are added once, and those of tenants that are gone keep no others back', async () => {
    const system = await openDataSource({
      url: api.database.systemUrl,
      poolSize: 2,
      applicationName: 'test',
    });
    const repository = new RequestCountRepository();
    const database = new SystemDatabase(system);
    const gone = tenantIdSchema.parse(randomUUID());
    const meterId = randomUUID();
    const quiet = await api.tenant();
    const batch = (sequence: number) => ({
      meterId,
      sequence,
      counts: [
        { tenantId: gone, day: '2026-10-02', requests: 9, refused: 0 },
        { tenantId: quiet.tenantId, day: '2026-10-02', requests: 5, refused: 2 },
      ],
    });
    const add = (sequence: number) => database.transaction((tx) => repository.add(tx, batch(sequence)));
    try {
      await Promise.all([add(1), add(1)]);
      await add(2);
      await add(1);
    } finally {
      await system.destroy();
    }
    expect(await requestsOf(quiet)).toEqual({ requests: 10, refused: 4 });
  });

  test('keeps count of webhooks whose rows were removed', async () => {
    const { endpoint } = await make('createWebhookEndpoint', {});
    for (const sent of [1, 2, 3])
      expect(sent && (await make('sendTestWebhook', { webhookEndpoint: endpoint.id }))).toBeDefined();
    await admin(
      `update webhook_deliveries set created_at = '2026-10-02T08:00:00Z', finished_at = now(),
              state = case when id = (select id from webhook_deliveries where tenant_id = $1 limit 1) then 'DEAD' else 'DELIVERED' end
        where tenant_id = $1`,
      [tenant.tenantId],
    );
    const delivered = async () =>
      (await usage(day(1), day(4))).map(
        ({ webhookDeliveries }: { webhookDeliveries: number }) => webhookDeliveries,
      );
    expect(await delivered()).toEqual([0, 2, 0]);
    await ask('deleteWebhookEndpoint', { input: { endpointId: endpoint.id } });
    expect(await count('webhook_deliveries')).toBe(0);
    expect(await delivered()).toEqual([0, 2, 0]);
  });

  test('refuses a time that ends before it begins, or too many days', async () => {
    for (const [from, to] of [
      [day(2), day(1)],
      [day(1), '2028-10-01T00:00:00Z'],
    ]) {
      const { errors } = await api.send(USAGE, { from, to, by: 'DAY' }, tenant.apiKey);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'to' });
    }
  });
});
