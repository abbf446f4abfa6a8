import { until } from '../../devnet/polling';
import { readServiceUrls } from '../../support/service-urls';
import { TcpSwitch } from '../../support/tcp-switch';
import { withClient } from '../../support/template-database';
import { FakeDomain } from '../api/support/fake-domain';
import { sampleProjectInput } from '../api/support/operations';
import { type Answer, TestApi, type TestTenant } from '../api/support/test-api';

const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const READ = 'query { projects(first: 1) { totalCount } }';

let address: TcpSwitch;
let databasePort: number;
let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  databasePort = Number(new URL(readServiceUrls().adminUrl).port);
  address = await TcpSwitch.open();
  address.pointTo(databasePort);
  api = await TestApi.start(new FakeDomain(), {}, (url) => address.before(url));
  tenant = await api.tenant();
});
afterAll(async () => {
  await api?.stop();
  await address?.close();
});

async function ask(query: string, variables = {}): Promise<Answer> {
  const key = { 'idempotency-key': 'of-the-one-project' };
  const response = await api.post({ query, variables }, tenant.apiKey, key);
  // CAST: the endpoint answers GraphQL's own shape.
  return (await response.json()) as Answer;
}

test('while PostgreSQL is away the API answers NOT_READY, to be tried again; once it is back, each mutation is done once', async () => {
  const create = () => ask(CREATE, { input: sampleProjectInput });
  expect((await ask(READ)).data.projects.totalCount).toBe(0);
  address.pointTo(undefined);
  for (const answer of [await ask(READ), await create(), await create()]) {
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_READY', retryable: true });
  }

  address.pointTo(databasePort);
  await until('the mutation is answered', async () => (await create()).errors === undefined);
  expect((await create()).errors).toBeUndefined();
  const { rows } = await withClient(api.database.adminUrl, (client) =>
    client.query('select count(*)::int as count from projects where tenant_id = $1', [tenant.tenantId]),
  );
  expect(rows[0].count).toBe(1);
  expect(api.logs.filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
});

test('a query that is cut off in the middle is NOT_READY as well', async () => {
  const { adminUrl } = api.database;
  const asked = await withClient(adminUrl, async (locker) => {
    await locker.query('begin');
    await locker.query('lock table projects in access exclusive mode');
    const asking = ask(READ);
    // Another session: within a transaction pg_stat_activity stays as it was first seen.
    const waits = () =>
      withClient(adminUrl, async (client) => {
        const { rows } = await client.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length === 1;
      });
    await until('the query to wait', waits);
    address.pointTo(databasePort);
    return asking;
  });
  expect(asked.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_READY', retryable: true });
});
