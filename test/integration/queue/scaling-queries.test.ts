import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TenantId } from '../../../schema/ids';
import { QueueHarness } from './harness';

const FILES = join(__dirname, '../../../helm/colophon/files');

/** The queries by which KEDA sizes pools, run as KEDA does. */
describe('what pools are scaled by', () => {
  let h: QueueHarness;
  let keda: Client;
  let tenantId: TenantId;

  beforeAll(async () => {
    h = await QueueHarness.create();
    keda = new Client({ connectionString: h.systemUrl });
    await keda.connect();
    tenantId = await h.tenant();
  });
  afterAll(async () => {
    await keda.end();
    await h.destroy();
  });
  afterEach(() => h.admin.query('truncate outbox'));

  /** KEDA takes one row with one number. */
  async function ask(file: string, pool: string): Promise<number> {
    const query = readFileSync(join(FILES, file), 'utf8').replaceAll(':pool', pool);
    const { rows } = await keda.query({ text: query, rowMode: 'array' });
    expect(rows).toEqual([[expect.anything()]]);
    return Number(rows[0]?.[0]);
  }

  test('an empty queue counts as none, and as no time', async () => {
    expect(await ask('queue-depth.sql', 'shared')).toBe(0);
    expect(await ask('queue-oldest-age.sql', 'shared')).toBe(0);
  });

  test('jobs that are due count, and those that wait for their time, run or are done do not', async () => {
    await h.addMany(tenantId, 6);
    await h.admin.query(`
      update outbox set next_try_at = now() - interval '90 seconds' where payload->>'n' = '0';
      update outbox set next_try_at = now() + interval '1 hour' where payload->>'n' = '1';
      update outbox set state = 'QUEUED', lease_until = now() where payload->>'n' = '2';
      update outbox set state = 'RUNNING', lease_until = now() where payload->>'n' = '3';
      update outbox set state = 'DONE', finished_at = now() where payload->>'n' = '4'`);

    // 0, 2 and 5.
    expect(await ask('queue-depth.sql', 'shared')).toBe(3);
    const age = await ask('queue-oldest-age.sql', 'shared');
    expect(age).toBeGreaterThanOrEqual(90);
    expect(age).toBeLessThan(150);
  });

  test("a pool is scaled by its own tenants' jobs", async () => {
    const other = await h.tenant();
    await h.admin.query("update tenants set pool = 'gallery' where tenant_id = $1", [other]);
    await h.addMany(tenantId, 2);
    await h.addMany(other, 5);
    expect(await ask('queue-depth.sql', 'shared')).toBe(2);
    expect(await ask('queue-depth.sql', 'gallery')).toBe(5);
  });

  test('jobs of a suspended tenant, which no worker may run, hold no pool up', async () => {
    const suspended = await h.tenant();
    await h.addMany(suspended, 3);
    await h.admin.query(
      "update tenants set suspended_at = now(), suspension_reason = 'r' where tenant_id = $1",
      [suspended],
    );
    expect(await ask('queue-depth.sql', 'shared')).toBe(0);
    expect(await ask('queue-oldest-age.sql', 'shared')).toBe(0);
  });
});
