import { describeBothAdapters } from './adapters';
import { WorkFrozenError } from './errors';
import { gate, QueueHarness, touch, touchJob } from './harness';

describeBothAdapters('worker runtime', (createQueue) => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(async () => {
    await h.stopRuntimes();
    await h.admin.query('truncate outbox');
  });
  afterAll(() => h.destroy());

  test('a job runs when its transaction has committed, without waiting for a poll', async () => {
    const tenantId = await h.tenant();
    const runtime = h.start(createQueue(), [touchJob((payload) => h.effect(payload))], { pollMs: 60_000 });
    // The first may be found by the relay's first pass; the others only by being announced.
    for (const n of [1, 2, 3]) {
      const row = await h.untilState(await h.add(tenantId, n), 'DONE');
      expect(row).toMatchObject({ attempts: 1, deliveries: 1, last_error: null });
    }

    expect(runtime.stats().jobs).toEqual({ touch: { processed: 3, failed: 0 } });
    expect(await h.effects(tenantId)).toBe(3);
  });

  test('the place of a job that has ended is filled without waiting for a poll, though another still runs', async () => {
    const tenantId = await h.tenant({ inFlight: 2 });
    await h.addMany(tenantId, 8);
    const { opened, open } = gate();
    const job = touchJob(async ({ n }) => n === 0 && opened, { timeoutMs: 600_000 });
    h.start(createQueue(), [job], { pollMs: 600_000 });
    await h.until('all others are done', async () => (await h.count('DONE', tenantId)) === 7);
    open();
    await h.until('all are done', async () => (await h.count('DONE', tenantId)) === 8);
  });

  test('a job whose transaction rolled back never runs', async () => {
    const tenantId = await h.tenant();
    const runtime = h.start(createQueue(), [touchJob((payload) => h.effect(payload))]);
    const rolledBack = h.tenants.transaction(tenantId, async (tx) => {
      await h.outbox.add(tx, touch, { tenantId, n: 1 });
      throw new WorkFrozenError('no');
    });
    await expect(rolledBack).rejects.toThrow(WorkFrozenError);
    await h.untilState(await h.add(tenantId, 2), 'DONE');

    expect(await h.rows(tenantId)).toHaveLength(1);
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 1, failed: 0 } });
  });

  test('a job is not begun before its time', async () => {
    const tenantId = await h.tenant();
    h.start(createQueue(), [touchJob((payload) => h.effect(payload))]);
    const notBefore = new Date(Date.now() + 700);
    const later = await h.add(tenantId, 1, { notBefore });
    await h.untilState(await h.add(tenantId, 2), 'DONE');
    expect((await h.row(later)).state).toBe('PENDING');

    await h.untilState(later, 'DONE');
    expect(Date.now()).toBeGreaterThanOrEqual(notBefore.getTime());
  });

  test('a row left by a crash between claim and enqueue is run', async () => {
    const tenantId = await h.tenant();
    const outboxId = await h.add(tenantId, 1);
    await h.admin.query(
      `update outbox set state = 'QUEUED', pool = 'shared', deliveries = 1, lease_until = now() where id = $1`,
      [outboxId],
    );
    h.start(createQueue(), [touchJob((payload) => h.effect(payload))]);

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 1, deliveries: 2 });
    expect(await h.effects(tenantId)).toBe(1);
  });

  test('a run left by a crash after its effect is run again, and the effect stays one', async () => {
    const tenantId = await h.tenant();
    const outboxId = await h.add(tenantId, 1);
    await h.effect({ tenantId, n: 1 });
    await h.admin.query(
      `update outbox set state = 'RUNNING', pool = 'shared', deliveries = 1, attempts = 1, lease_until = now()
       where id = $1`,
      [outboxId],
    );
    const made: boolean[] = [];
    h.start(createQueue(), [touchJob(async (payload) => made.push(await h.effect(payload)))]);

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 2, deliveries: 2 });
    expect(made).toEqual([false]);
    expect(await h.effects(tenantId)).toBe(1);
  });

  test('a run outlives its lease as long as its worker is alive', async () => {
    const tenantId = await h.tenant();
    let runs = 0;
    const { opened, open } = gate();
    h.start(createQueue(), [
      touchJob(async () => {
        runs += 1;
        await opened;
      }),
    ]);
    const outboxId = await h.add(tenantId, 1);
    await h.untilState(outboxId, 'RUNNING');
    const begun = Date.now();
    await h.until('three leases have passed', () => Date.now() - begun > 2_700);
    open();

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 1, deliveries: 1 });
    expect(runs).toBe(1);
  });

  test('a stop lets the running job end, begins no other, and another worker goes on', async () => {
    const tenantId = await h.tenant();
    const { opened, open } = gate();
    let begun = 0;
    const first = h.start(createQueue(), [
      touchJob(
        async (payload) => {
          begun += 1;
          await opened;
          await h.effect(payload);
        },
        { concurrency: 1 },
      ),
    ]);
    for (let n = 0; n < 5; n += 1) await h.add(tenantId, n);
    await h.until('one runs', () => begun === 1);

    const stopped = first.stop();
    open();
    await stopped;
    expect({ begun, done: await h.count('DONE', tenantId) }).toEqual({ begun: 1, done: 1 });

    h.start(createQueue(), [touchJob((payload) => h.effect(payload))]);
    await h.until('all are done', async () => (await h.count('DONE', tenantId)) === 5);
    expect(await h.effects(tenantId)).toBe(5);
  });

  test('a stop cuts a job short that does not end in time, and the attempt is not counted', async () => {
    const tenantId = await h.tenant();
    let reason: unknown;
    const first = h.start(
      createQueue(),
      [
        touchJob(
          (_, { signal }) =>
            new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason))),
        ),
      ],
      { drainMs: 100 },
    );
    const outboxId = await h.add(tenantId, 1);
    await h.untilState(outboxId, 'RUNNING');
    await first.stop();

    expect(await h.row(outboxId)).toMatchObject({ state: 'PENDING', attempts: 0 });
    expect(reason).toMatchObject({ reason: 'worker-stopping' });
  });

  test('1,000 jobs on two workers each end DONE once, with one effect each', async () => {
    const tenants = await Promise.all([h.tenant(), h.tenant({ inFlight: 8 })]);
    const runs = new Map<string, number>();
    const job = () =>
      touchJob(async (payload) => {
        const key = `${payload.tenantId}.${payload.n}`;
        runs.set(key, (runs.get(key) ?? 0) + 1);
        await h.effect(payload);
      });
    const workers = [h.start(createQueue(), [job()]), h.start(createQueue(), [job()])];
    for (const tenantId of tenants) await h.addMany(tenantId, 500);

    for (const tenantId of tenants) {
      await h.until('all are done', async () => (await h.count('DONE', tenantId)) === 500, 25_000);
      expect(await h.effects(tenantId)).toBe(500);
      expect((await h.rows(tenantId)).every(({ attempts }) => attempts === 1)).toBe(true);
    }
    expect(runs.size).toBe(1_000);
    expect([...runs.values()].every((count) => count === 1)).toBe(true);
    await h.stopRuntimes();
    const processed = workers.map((worker) => worker.stats().jobs['touch']?.processed ?? 0);
    expect(processed.reduce((sum, count) => sum + count)).toBe(1_000);
  });
});
