import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { WorkFrozenError } from './errors';
import { gate, QueueHarness, silent, touch, touchJob } from './harness';

const SAME = { subject: 'work-1' };

describe('requests with the same key', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(async () => {
    await h.stopRuntimes();
    await h.admin.query('truncate outbox');
  });
  afterAll(() => h.destroy());

  test('join the one that waits: one run serves them all', async () => {
    const tenantId = await h.tenant();
    const ids = [
      await h.add(tenantId, 1, SAME),
      await h.add(tenantId, 1, SAME),
      await h.add(tenantId, 1, SAME),
    ];
    const runtime = h.start(new InProcessQueue(silent), [touchJob((payload) => h.effect(payload))]);
    await h.untilState(ids[0] ?? (await h.add(tenantId, 1)), 'DONE');

    expect(new Set(ids).size).toBe(1);
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 1, failed: 0 } });
    expect(await h.add(tenantId, 1, SAME)).not.toBe(ids[0]);
  });

  test('made while it runs are served by one more run, which begins after the first has ended', async () => {
    const tenantId = await h.tenant();
    const { opened, open } = gate();
    let running = 0;
    let overlapped = false;
    const runtime = h.start(new InProcessQueue(silent), [
      touchJob(async () => {
        running += 1;
        overlapped ||= running > 1;
        await opened;
        running -= 1;
      }),
    ]);
    const outboxId = await h.add(tenantId, 1, SAME);
    await h.untilState(outboxId, 'RUNNING');
    expect(await h.add(tenantId, 1, SAME)).toBe(outboxId);
    expect(await h.add(tenantId, 1, SAME)).toBe(outboxId);
    open();

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 1, deliveries: 2 });
    expect(overlapped).toBe(false);
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 2, failed: 0 } });
  });

  test('made while it runs are served although that run ends the job for good', async () => {
    const tenantId = await h.tenant();
    const { opened, open } = gate();
    let runs = 0;
    h.start(new InProcessQueue(silent), [
      touchJob(async () => {
        runs += 1;
        await opened;
        if (runs === 1) throw new WorkFrozenError('It is frozen.');
      }),
    ]);
    const outboxId = await h.add(tenantId, 1, SAME);
    await h.untilState(outboxId, 'RUNNING');
    await h.add(tenantId, 1, SAME);
    open();

    await h.untilState(outboxId, 'DONE');
    expect(runs).toBe(2);
  });

  // Otherwise the run could read the data as it was before the request, and the request would be lost.
  test('hold the run back until the joining transaction has committed', async () => {
    const tenantId = await h.tenant();
    const outboxId = await h.add(tenantId, 1, SAME);
    const seen: number[] = [];
    const { opened, open } = gate();
    const joining = h.tenants.transaction(tenantId, async (tx) => {
      await h.outbox.add(tx, touch, { tenantId, n: 1, ...SAME });
      await opened;
    });
    await h.until('it has joined', async () => {
      const { rowCount } = await h.admin.query(
        `select 1 from pg_stat_activity where application_name = 'test-app' and state = 'idle in transaction'
         and query like '%outbox%'`,
      );
      return rowCount === 1;
    });
    h.start(new InProcessQueue(silent), [touchJob(async ({ n }) => seen.push(n))]);
    await h.untilState(await h.add(tenantId, 2), 'DONE');
    expect(seen).toEqual([2]);
    open();
    await joining;

    await h.untilState(outboxId, 'DONE');
    expect(seen).toEqual([2, 1]);
  });

  test('bring a deferred run forward, but not one in back-off', async () => {
    const tenantId = await h.tenant();
    const hour = new Date(Date.now() + 3_600_000);
    const deferred = await h.add(tenantId, 1, { ...SAME, notBefore: hour });
    await h.add(tenantId, 1, SAME);
    expect((await h.row(deferred)).next_try_at.getTime()).toBeLessThanOrEqual(Date.now());

    await h.admin.query('update outbox set attempts = 2, next_try_at = $2 where id = $1', [deferred, hour]);
    expect(await h.add(tenantId, 1, SAME)).toBe(deferred);
    expect((await h.row(deferred)).next_try_at).toEqual(hour);
  });

  test('wait for as long as is said by the database’s clock, not by the process’ own', async () => {
    const { rows } = await h.admin.query(
      'select next_try_at - created_at as wait from outbox where id = $1',
      [await h.add(await h.tenant(), 1, { ...SAME, afterMs: 5_000 })],
    );
    // To the microsecond: both are the transaction's time.
    expect(rows[0].wait).toEqual({ seconds: 5 });
  });

  test('of two tenants are two jobs', async () => {
    const [a, b] = [await h.tenant(), await h.tenant()];
    expect(await h.add(a, 1, SAME)).not.toBe(await h.add(b, 1, SAME));
    expect([await h.rows(a), await h.rows(b)].map((rows) => rows.length)).toEqual([1, 1]);
  });
});
