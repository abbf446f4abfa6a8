import { pino } from 'pino';
import { z } from 'zod';
import { OutboxClaims } from '../../../domain/outbox/outbox-claims';
import { type JobRun, OutboxRuns } from '../../../domain/outbox/outbox-runs';
import { tenantIdSchema } from '../../../schema/ids';
import { JobTimeoutError, RunAgainLater } from '../../../workers/jobs/job-errors';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { RpcDownError, WorkFrozenError } from './errors';
import { gate, QueueHarness, silent, touchJob } from './harness';

describe('how a job ends', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(() => h.stopRuntimes());
  afterAll(() => h.destroy());

  test('a failure that may pass is tried again after growing pauses, and then succeeds', async () => {
    const tenantId = await h.tenant();
    const starts: number[] = [];
    const job = touchJob(
      async (_, { attempt }) => {
        starts.push(Date.now());
        if (attempt < 4) throw new RpcDownError('The chain cannot be reached.');
      },
      { retry: { firstDelayMs: 100, maxDelayMs: 10_000 } },
    );
    const runtime = h.start(new InProcessQueue(silent), [job]);
    const row = await h.untilState(await h.add(tenantId, 1), 'DONE');

    expect(row).toMatchObject({ attempts: 4, last_error: null });
    const pauses = starts.slice(1).map((start, at) => start - (starts[at] ?? start));
    expect(pauses).toHaveLength(3);
    // Half of each doubled delay is certain, the other half random.
    for (const [at, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual((100 * 2 ** at) / 2);
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 1, failed: 3 } });
  });

  test('a job is dead after its last attempt, with a reason that the tenant may read', async () => {
    const tenantId = await h.tenant();
    const job = touchJob(() => Promise.reject(new RpcDownError('The chain cannot be reached.')), {
      retry: { limit: 3 },
    });
    const runtime = h.start(new InProcessQueue(silent), [job]);
    const row = await h.untilState(await h.add(tenantId, 1), 'DEAD');

    expect(row).toMatchObject({ attempts: 3, last_error: 'RPC_UNAVAILABLE: The chain cannot be reached.' });
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 0, failed: 3 } });
  });

  test('a failure that cannot pass ends the job at its first attempt', async () => {
    const tenantId = await h.tenant();
    h.start(new InProcessQueue(silent), [
      touchJob(() => Promise.reject(new WorkFrozenError('It is frozen.'))),
    ]);
    const row = await h.untilState(await h.add(tenantId, 1), 'DEAD');

    expect(row).toMatchObject({ attempts: 1, last_error: 'WORK_FROZEN: It is frozen.' });
  });

  test('a bug is tried again up to the limit; its text is logged and not shown', async () => {
    const tenantId = await h.tenant();
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const job = touchJob(() => Promise.reject(new Error('password=hunter2')), { retry: { limit: 2 } });
    h.start(new InProcessQueue(log), [job], {}, log);
    const row = await h.untilState(await h.add(tenantId, 1), 'DEAD');

    expect(row).toMatchObject({ attempts: 2, last_error: 'INTERNAL: An unexpected error occurred.' });
    expect(lines.filter((line) => line.includes('job-ends.test.ts'))).toHaveLength(2);
    expect(lines.filter((line) => line.includes('"alert":true'))).toHaveLength(1);
  });

  test('a payload that no longer fits its contract ends the job at once, unrun', async () => {
    const tenantId = await h.tenant();
    let runs = 0;
    h.start(new InProcessQueue(silent), [touchJob(async () => (runs += 1))]);
    const older = { name: 'touch', payload: z.strictObject({ tenantId: tenantIdSchema, number: z.int() }) };
    const outboxId = await h.tenants.transaction(tenantId, (tx) =>
      h.outbox.add(tx, older, { tenantId, number: 1 }),
    );
    const row = await h.untilState(outboxId, 'DEAD');

    expect(row).toMatchObject({ attempts: 1, last_error: 'INTERNAL: The payload of touch cannot be read.' });
    expect(runs).toBe(0);
  });

  test('a run that takes too long is aborted and tried again', async () => {
    const tenantId = await h.tenant();
    const reasons: unknown[] = [];
    const job = touchJob(
      async (_, { attempt, signal }) => {
        if (attempt > 1) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        reasons.push(signal.reason);
      },
      { timeoutMs: 100 },
    );
    h.start(new InProcessQueue(silent), [job]);

    expect(await h.untilState(await h.add(tenantId, 1), 'DONE')).toMatchObject({ attempts: 2 });
    expect(reasons).toEqual([expect.any(JobTimeoutError)]);
  });

  test('a job that asks to run again does so as often as it likes, without failing', async () => {
    const tenantId = await h.tenant();
    let runs = 0;
    const job = touchJob(
      async () => {
        runs += 1;
        if (runs < 6) throw new RunAgainLater(10);
      },
      { retry: { limit: 2 } },
    );
    const runtime = h.start(new InProcessQueue(silent), [job]);

    expect(await h.untilState(await h.add(tenantId, 1), 'DONE')).toMatchObject({
      attempts: 1,
      deliveries: 6,
    });
    expect(runtime.stats().jobs).toEqual({ touch: { processed: 6, failed: 0 } });
  });

  test('a job that stops its worker at each attempt is dead, not run for ever', async () => {
    const tenantId = await h.tenant();
    const outboxId = await h.add(tenantId, 1);
    await h.admin.query(
      `update outbox set state = 'RUNNING', pool = 'shared', deliveries = 5, attempts = 5, lease_until = now()
       where id = $1`,
      [outboxId],
    );
    let runs = 0;
    h.start(new InProcessQueue(silent), [touchJob(async () => (runs += 1))]);
    const row = await h.untilState(outboxId, 'DEAD');

    expect(row.last_error).toBe('INTERNAL: The worker stopped during each of 5 attempts.');
    expect(runs).toBe(0);
  });

  test('the next job begins while the end of the one before is being written down, and a stop waits for that', async () => {
    const tenantId = await h.tenant();
    const began: number[] = [];
    const mayEnd = gate();
    const job = touchJob(
      async ({ n }) => {
        began.push(n);
        if (n === 0) await mayEnd.opened;
      },
      { concurrency: 1 },
    );
    h.start(new InProcessQueue(silent), [job]);
    const first = await h.add(tenantId, 0);
    await h.untilState(first, 'RUNNING');
    const holder = await h.admin.connect();
    try {
      await holder.query('begin');
      await holder.query('select from outbox where id = $1 for update', [first]);
      const second = await h.add(tenantId, 1);
      mayEnd.open();
      await h.untilState(second, 'DONE');

      expect(began).toEqual([0, 1]);
      expect((await h.row(first)).state).toBe('RUNNING');
      let stopped = false;
      const stop = h.stopRuntimes().then(() => {
        stopped = true;
      });
      const listeners =
        "select from pg_stat_activity where application_name = 'colophon-outbox' and datname = current_database()";
      await h.until(
        'its other parts have stopped',
        async () => (await h.admin.query(listeners)).rowCount === 0,
      );
      for (let asked = 0; asked < 20; asked += 1) expect((await h.row(first)).state).toBe('RUNNING');
      expect(stopped).toBe(false);
      await holder.query('commit');
      await stop;
      expect((await h.row(first)).state).toBe('DONE');
    } finally {
      mayEnd.open();
      await holder.query('rollback');
      holder.release();
    }
  });

  test('a job whose end cannot be written down runs again', async () => {
    const tenantId = await h.tenant();
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) });
    let runs = 0;
    const job = touchJob(async () => {
      runs += 1;
      // No row can become DONE until the constraint goes.
      if (runs === 1)
        await h.admin.query("alter table outbox add constraint unwritable check (state <> 'DONE') not valid");
    });
    try {
      h.start(new InProcessQueue(log), [job], { runLeaseMs: 300 }, log);
      const outboxId = await h.add(tenantId, 1);
      await h.until('it is told', () => lines.some((line) => line.includes('could not be recorded')));
      expect((await h.row(outboxId)).state).toBe('RUNNING');
      await h.admin.query('alter table outbox drop constraint unwritable');
      expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 2, deliveries: 2 });
      expect(runs).toBe(2);
    } finally {
      await h.admin.query('alter table outbox drop constraint if exists unwritable');
    }
  });

  test('a run whose lease lapsed is cut short, and the row is run by another', async () => {
    const tenantId = await h.tenant();
    let runs = 0;
    const reasons: unknown[] = [];
    h.start(new InProcessQueue(silent), [
      touchJob(async (_, { signal }) => {
        runs += 1;
        if (runs > 1) return;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        reasons.push(signal.reason);
      }),
    ]);
    const outboxId = await h.add(tenantId, 1);
    await h.untilState(outboxId, 'RUNNING');
    await h.admin.query(`update outbox set lease_until = now() - interval '1 s' where id = $1`, [outboxId]);

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 2, deliveries: 2 });
    await h.until('the first run has noticed', () => reasons.length === 1);
    expect(reasons).toMatchObject([{ reason: 'lease-lost' }]);
    expect(runs).toBe(2);
  });

  test('a run whose lease lapsed changes nothing while another runs the row', async () => {
    const tenantId = await h.tenant();
    await h.add(tenantId, 1);
    const claims = new OutboxClaims();
    const runs = new OutboxRuns();
    const claimAndStart = () =>
      h.system.transaction(async (tx) => {
        const limits = { tenants: 10, quantum: 1, rows: 1, leaseMs: 60_000, runLeaseMs: 60_000 };
        const { jobs } = await claims.claim(tx, null, limits, []);
        const ticket = jobs.find((job) => job.tenantId === tenantId);
        const run = ticket && (await runs.start(tx, ticket, 'touch', 1));
        if (run === undefined) throw new Error('nothing was claimed');
        return run;
      });
    const first = await claimAndStart();
    await h.until('its lease has lapsed', async () => {
      const recovered = await h.system.transaction((tx) => claims.recoverRuns(tx, 10));
      return recovered.includes(first.outboxId);
    });
    const second = await claimAndStart();

    const end = (run: JobRun) => h.system.transaction((tx) => runs.complete(tx, run));
    expect(await h.system.transaction((tx) => runs.extend(tx, first, 60_000))).toBe(false);
    expect(await end(first)).toBe(false);
    expect((await h.row(first.outboxId)).state).toBe('RUNNING');
    expect(await end(second)).toBe(true);
    expect(await end(second)).toBe(false);
    expect((await h.row(first.outboxId)).state).toBe('DONE');
  });

  test('done rows are pruned when their time is over, dead ones stay', async () => {
    const tenantId = await h.tenant();
    const job = touchJob(async ({ n }) => {
      if (n === 1) throw new WorkFrozenError('It is frozen.');
    });
    h.start(new InProcessQueue(silent), [job], { retentionMs: 0 });
    await h.add(tenantId, 0);
    const dead = await h.add(tenantId, 1);

    await h.untilState(dead, 'DEAD');
    await h.until('the done row is gone', async () => (await h.rows(tenantId)).length === 1);
    expect((await h.rows(tenantId)).map(({ id }) => id)).toEqual([dead]);
  });
});
