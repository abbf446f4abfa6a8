import { register } from 'prom-client';
import type { DataSource } from 'typeorm';
import { DispatchRepository } from '../../domain/dispatch/dispatch-repository';
import type { TenantId } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase } from '../../tenants/tenant-database';
import { fillTenant } from '../support/full-tenant';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

let database: TestDatabase;
let pool: DataSource;
let tenantId: TenantId;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = await openDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'test' });
  ({ tenantId } = await fillTenant(database, 'ours'));
});
afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

/** How many dispatches were seen to reach a state. */
async function reached(state: string): Promise<number> {
  const { values = [] } = (await register.getSingleMetric('colophon_dispatch_reached_seconds')?.get()) ?? {};
  return values
    .filter(
      (value) =>
        'metricName' in value &&
        String(value.metricName).endsWith('_count') &&
        value.labels['state'] === state,
    )
    .reduce((sum, { value }) => sum + value, 0);
}

test('a state that a dispatch reaches is counted whoever writes it, and once', async () => {
  const dispatches = new DispatchRepository({ statesChanged: async () => undefined });
  await new TenantDatabase(pool).transaction(tenantId, async (tx) => {
    const [{ id }] = await tx.manager.query<[{ id: never }]>(
      'select id from dispatches where tenant_id = $1',
      [tenantId],
    );
    await dispatches.update(tx, id, { state: 'SUBMITTED' });
    await dispatches.update(tx, id, { state: 'FAILED' });
    await dispatches.update(tx, id, { state: 'FAILED', waitingFor: 'a person' });
  });
  expect({ submitted: await reached('SUBMITTED'), failed: await reached('FAILED') }).toEqual({
    submitted: 1,
    failed: 1,
  });
});
