import { OutboxClaims } from '../../../domain/outbox/outbox-claims';
import { OutboxRuns } from '../../../domain/outbox/outbox-runs';
import type { TenantId } from '../../../schema/ids';
import { JOBS_WHILE_SUSPENDED } from '../../../schema/jobs';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { queueNameOf } from '../../../workers/queue/job-queue';
import { QueueHarness, silent, touchJob } from './harness';

const LIMITS = { tenants: 100, quantum: 8, rows: 8, leaseMs: 60_000, runLeaseMs: 60_000 };

describe('the jobs of a suspended tenant', () => {
  let h: QueueHarness;
  const claims = new OutboxClaims();
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(async () => {
    await h.stopRuntimes();
    await h.admin.query('truncate outbox');
  });
  afterAll(() => h.destroy());

  const suspend = (tenantId: TenantId) =>
    h.admin.query("update tenants set suspended_at = now(), suspension_reason = 'x' where tenant_id = $1", [
      tenantId,
    ]);
  const resume = (tenantId: TenantId) =>
    h.admin.query('update tenants set suspended_at = null, suspension_reason = null where tenant_id = $1', [
      tenantId,
    ]);
  const claim = async () => (await h.system.transaction((tx) => claims.claim(tx, null, LIMITS, []))).jobs;
  const addJob = (tenantId: TenantId, job: string) =>
    h.admin.query("insert into outbox (tenant_id, job, payload) values ($1, $2, '{}')", [tenantId, job]);

  test('wait, but for those that record, deliver and secure what is under way, and let the tenant leave', async () => {
    const tenantId = await h.tenant();
    const beginning = [
      'advance-registry',
      'submit-mint',
      'submit-adoption',
      'submit-revision',
      'submit-dispatch',
    ];
    for (const job of [...beginning, ...JOBS_WHILE_SUSPENDED]) await addJob(tenantId, job);
    await suspend(tenantId);
    const going = (await claim()).map(({ job }) => job);
    expect(going.sort()).toEqual(
      [
        'advance-guard-action',
        'clear-export',
        'close-sales',
        'deliver-webhooks',
        'export-tenant',
        'nudge-dispatch',
        'observe-sales',
        'project-registry',
      ].sort(),
    );
    expect(await claim()).toEqual([]);
    await resume(tenantId);
    expect((await claim()).map(({ job }) => job).sort()).toEqual(beginning.sort());
  });

  test('wait also when it has just asked for them', async () => {
    const tenantId = await h.tenant();
    for (const job of ['submit-mint', 'deliver-webhooks']) await addJob(tenantId, job);
    await suspend(tenantId);
    const { jobs } = await h.system.statement((tx) => claims.claimFor(tx, [tenantId], LIMITS, []));
    expect(jobs.map(({ job }) => job)).toEqual(['deliver-webhooks']);
  });

  test('wait also when they were queued before the suspension, and none is lost', async () => {
    const tenantId = await h.tenant();
    await h.addMany(tenantId, 3);
    const queued = await claim();
    expect(queued).toHaveLength(3);
    await suspend(tenantId);
    const runs = new OutboxRuns();
    for (const ticket of queued)
      expect(await h.system.transaction((tx) => runs.start(tx, ticket, 'touch', 1_000))).toBeUndefined();
    await h.admin.query('update outbox set lease_until = now()');
    h.start(new InProcessQueue(silent), [touchJob((payload) => h.effect(payload))]);
    await h.until('they are returned', async () => (await h.count('PENDING', tenantId)) === 3);
    expect(await h.effects(tenantId)).toBe(0);
    await resume(tenantId);
    await h.until('all are done', async () => (await h.count('DONE', tenantId)) === 3);
    expect(await h.effects(tenantId)).toBe(3);
  });

  test('wait also when a worker has their tickets in one batch with another tenant’s', async () => {
    const [suspended, other] = [await h.tenant(), await h.tenant()];
    await h.addMany(suspended, 3);
    await h.addMany(other, 1);
    const queued = await claim();
    expect(queued).toHaveLength(4);
    await suspend(suspended);
    const queue = new InProcessQueue(silent);
    h.start(queue, [touchJob((payload) => h.effect(payload))]);
    await queue.enqueue(queueNameOf('shared', 'touch'), queued);
    await h.until('the other’s is done', async () => (await h.count('DONE', other)) === 1);
    expect(await h.count('QUEUED', suspended)).toBe(3);
    expect(await h.effects(suspended)).toBe(0);
  });

  test('that wait do not hold up another tenant’s', async () => {
    const [suspended, other] = [await h.tenant(), await h.tenant()];
    await h.addMany(suspended, 50_000);
    await h.admin.query('analyze outbox');
    await suspend(suspended);
    await h.addMany(other, 5);
    await claim();
    const begun = performance.now();
    await h.addMany(other, 5);
    const jobs = await claim();
    expect(jobs.map(({ tenantId }) => tenantId)).toEqual(Array.from({ length: 5 }, () => other));
    expect(performance.now() - begun).toBeLessThan(250);
  });
});

test('a worker says which pools it serves while it runs, and no longer', async () => {
  const h = await QueueHarness.create();
  const served = async () => (await h.admin.query('select pool from worker_pools')).rows;
  const runtime = h.start(new InProcessQueue(silent), []);
  await h.until('it is announced', async () => (await served()).length === 1);
  expect(await served()).toEqual([{ pool: 'shared' }]);
  await runtime.stop();
  expect(await served()).toEqual([]);
  await h.destroy();
});
