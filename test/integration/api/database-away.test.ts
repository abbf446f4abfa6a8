import type { DataSource } from 'typeorm';
import { encodeGlobalId } from '../../../schema/global-id';
import { projectIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { until } from '../../devnet/polling';
import { TcpSwitch } from '../../support/tcp-switch';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { FakeDomain } from './support/fake-domain';
import { sampleRegistry, sampleWork } from './support/samples';
import { TestApi, type TestTenant } from './support/test-api';

const WORK = 'query ($id: ID!) { work(id: $id) { id } }';

const domain = new FakeDomain();
let api: TestApi;
let tenant: TestTenant;
let workId: string;
let database: TestDatabase;
let address: TcpSwitch;
let dataSource: DataSource;
let tenants: TenantDatabase;

beforeAll(async () => {
  api = await TestApi.start(domain);
  tenant = await api.tenant();
  const projectId = projectIdSchema.parse('00000000-0000-4000-8000-000000000001');
  const registry = domain.registries.put(tenant.tenantId, sampleRegistry(projectId));
  workId = encodeGlobalId('Work', domain.works.put(tenant.tenantId, sampleWork(registry)).id);
  database = await createTestDatabase();
  address = await TcpSwitch.open();
  address.pointTo(Number(new URL(database.appUrl).port));
  dataSource = await openDataSource({
    url: address.before(database.appUrl),
    poolSize: 2,
    applicationName: 'test',
  });
  tenants = new TenantDatabase(dataSource);
});
afterAll(async () => {
  await dataSource?.destroy();
  await address?.close();
  await database?.drop();
  await api.stop();
});

async function sleepers(): Promise<number> {
  const { rows } = await withClient(database.adminUrl, (admin) =>
    admin.query(
      "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query like '%pg_sleep(60)%'",
    ),
  );
  return rows.length;
}

/** What a statement fails with whose connection is cut while it runs. */
async function cutOff(run: (sql: string) => Promise<unknown>): Promise<Error> {
  const running = run('select pg_sleep(60)');
  const failed = running.then(
    () => Promise.reject(new Error('it ended')),
    (error: Error) => error,
  );
  await until('the statement to run', async () => (await sleepers()) > 0);
  address.pointTo(undefined);
  const error = await failed;
  address.pointTo(Number(new URL(database.appUrl).port));
  return error;
}

/** What the next statement of a transaction fails with. */
async function afterwards(sql: string, query: (sql: string) => Promise<unknown>): Promise<unknown> {
  await query(sql).catch(() => undefined);
  // Once the connection has told whom it belongs to that it is broken.
  await new Promise((told) => setImmediate(told));
  return query('select 1');
}

const ways: [string, () => Promise<Error>][] = [
  [
    'in a transaction',
    () => cutOff((sql) => tenants.transaction(tenant.tenantId, ({ manager }) => manager.query(sql))),
  ],
  [
    'before a statement of a transaction',
    () =>
      cutOff((sql) =>
        tenants.transaction(tenant.tenantId, ({ manager }) => afterwards(sql, (text) => manager.query(text))),
      ),
  ],
  ['in a read', () => cutOff((sql) => tenants.read(tenant.tenantId, ({ manager }) => manager.query(sql)))],
];

// Guarantee: who asks while a database is replaced learns that it pays to ask again, and is not told of a bug.
describe('a database that goes away', () => {
  test.each(ways)('%s is told as NOT_READY, retryable, with no detail of it', async (_, fail) => {
    domain.bug = await fail();
    const { errors } = await api.send(WORK, { id: workId }, tenant.apiKey);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('The database does not serve'),
        extensions: { code: 'NOT_READY', retryable: true },
      }),
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|terminated|ECONN/);
  });

  test('a statement that fails on a database that is there stays a bug', async () => {
    const failed = tenants.transaction(tenant.tenantId, ({ manager }) => manager.query('select 1 / 0'));
    domain.bug = await failed.then(
      () => Promise.reject(new Error('it ended')),
      (error: Error) => error,
    );
    const { errors } = await api.send(WORK, { id: workId }, tenant.apiKey);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
  });

  test('a connection that somebody else refuses is not taken for the database’s', async () => {
    domain.bug = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const { errors } = await api.send(WORK, { id: workId }, tenant.apiKey);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL']);
  });
});
