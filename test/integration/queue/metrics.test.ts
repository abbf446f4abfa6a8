import { register } from 'prom-client';
import { poolStandings } from '../../../domain/outbox/outbox-standing';
import { observeQueues } from '../../../workers/metrics';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { RpcDownError } from './errors';
import { QueueHarness, silent, touchJob } from './harness';

describe('metrics of the queue', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(() => h.stopRuntimes());
  afterAll(() => h.destroy());

  const shown = async (name: string, labels: Readonly<Record<string, string>>) => {
    const { values = [] } = (await register.getSingleMetric(name)?.get()) ?? {};
    const wanted = JSON.stringify(labels);
    return values.find((one) => JSON.stringify(one.labels) === wanted)?.value;
  };

  test('tell by pool what is due and since when; what waits for its time or its tenant’s return is not', async () => {
    const [tenantId, suspended] = [await h.tenant(), await h.tenant()];
    await h.add(tenantId, 1);
    await h.add(tenantId, 2);
    await h.add(tenantId, 3, { notBefore: new Date(Date.now() + 3_600_000) });
    await h.add(suspended, 1);
    await h.admin.query(
      `update tenants set suspended_at = now(), suspension_reason = 'x' where tenant_id = $1`,
      [suspended],
    );
    await h.admin.query(`update outbox set next_try_at = now() - interval '90 s' where payload->>'n' = '1'`);
    const pools = ['shared', 'gallery'];
    const unobserve = observeQueues(() => h.system.statement((tx) => poolStandings(tx, pools)));

    expect(await shown('colophon_queue_due_jobs', { pool: 'shared' })).toBe(2);
    expect(await shown('colophon_queue_oldest_due_seconds', { pool: 'shared' })).toBeGreaterThanOrEqual(90);
    expect(await shown('colophon_queue_due_jobs', { pool: 'gallery' })).toBe(0);
    unobserve();
    expect(await shown('colophon_queue_due_jobs', { pool: 'shared' })).toBeUndefined();
    await h.admin.query('delete from outbox');
  });

  test('count runs by how they ended', async () => {
    const tenantId = await h.tenant();
    const runs = (outcome: string) => shown('colophon_job_runs_total', { job: 'touch', outcome });
    const before = { retry: (await runs('retry')) ?? 0, dead: (await runs('dead')) ?? 0 };
    h.start(new InProcessQueue(silent), [
      touchJob(() => Promise.reject(new RpcDownError('The chain cannot be reached.')), {
        retry: { limit: 3 },
      }),
    ]);
    await h.untilState(await h.add(tenantId, 1), 'DEAD');
    expect({ retry: await runs('retry'), dead: await runs('dead') }).toEqual({
      retry: before.retry + 2,
      dead: before.dead + 1,
    });
  });
});
