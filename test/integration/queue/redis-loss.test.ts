import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { outboxIdSchema } from '../../../schema/ids';
import { BullQueue } from '../../../workers/queue/bull-queue';
import { RedisConnections } from '../../../workers/queue/redis-connections';
import { DEFAULT_WORKER_SETTINGS } from '../../../workers/worker-runtime';
import { describeWithRedis } from '../../support/redis';
import { gate, QueueHarness, silent, touchJob } from './harness';
import { OwnRedis } from './own-redis';

const JOBS = 500;

describeWithRedis('loss of Redis', () => {
  let h: QueueHarness;
  let redis: OwnRedis;
  beforeAll(async () => {
    h = await QueueHarness.create();
    redis = await OwnRedis.start();
  });
  afterEach(() => h.stopRuntimes());
  afterAll(async () => {
    await redis.kill();
    await h.destroy();
  });

  // Two workers of which each job waits for the gate while `loss` happens, so that jobs are lost
  // in each state: waiting in Redis, and running.
  async function loseInMidRun(loss: () => Promise<void>) {
    const tenantId = await h.tenant({ inFlight: 200 });
    const { opened, open } = gate();
    let runs = 0;
    const job = touchJob(
      async (payload) => {
        runs += 1;
        if (runs > JOBS / 5) await opened;
        await h.effect(payload);
      },
      { concurrency: 10 },
    );
    // Runs that are not repeated are promised while their process is alive enough to extend their leases.
    const settings = { runLeaseMs: DEFAULT_WORKER_SETTINGS.runLeaseMs };
    h.start(new BullQueue(redis.url, silent), [job], settings);
    h.start(new BullQueue(redis.url, silent), [job], settings);
    await h.addMany(tenantId, JOBS);
    await h.until('all workers are busy, and more jobs wait in Redis', async () => {
      const [running, queued] = [await h.count('RUNNING', tenantId), await h.count('QUEUED', tenantId)];
      // Ten each from Redis, and whatever they run of what they claimed themselves.
      return running >= 20 && running === runs - (await h.count('DONE', tenantId)) && queued > 100;
    });
    await loss();
    open();
    await h.until('all are done', async () => (await h.count('DONE', tenantId)) === JOBS, 45_000);
    expect(await h.effects(tenantId)).toBe(JOBS);
    return { rows: await h.rows(tenantId), runs };
  }

  test('a queue that is closed while it is still connecting tells no failure', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    // However far it has come by then.
    for (let turns = 0; turns < 40; turns += 1) {
      const queue = new BullQueue(redis.url, log);
      queue.process('shared.touch', 1, async () => undefined);
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      await queue.close();
    }

    expect(lines).toEqual([]);
  });

  test('an emptied Redis loses none of 500 jobs, and repeats none', async () => {
    const { rows, runs } = await loseInMidRun(() => redis.flush());

    expect(rows).toHaveLength(JOBS);
    expect(rows.some(({ deliveries }) => deliveries > 1)).toBe(true);
    expect(runs).toBe(JOBS);
  }, 60_000);

  // Between Bull's taking a ticket and its starting it: the start writes into what is not there any more.
  test('a ticket of which Redis kept nothing but the time of its start is not held', async () => {
    const queue = new BullQueue(redis.url, silent);
    const client = new Redis(redis.url);
    const outboxId = outboxIdSchema.parse(randomUUID());
    const ticket = { tenantId: await h.tenant(), outboxId, delivery: 1 };
    try {
      await queue.enqueue('pool.lost', [{ ...ticket, place: 1 }]);
      expect(await queue.held('pool.lost', [ticket])).toEqual([ticket]);
      const [key] = await client.keys(`*${outboxId}.1`);

      await redis.flush();
      await client.hset(key ?? 'no key was found', 'processedOn', Date.now());

      expect(await queue.held('pool.lost', [ticket])).toEqual([]);
    } finally {
      client.disconnect();
      await queue.close();
    }
  });

  test('a Redis killed and restarted empty loses none of 500 jobs, and repeats none', async () => {
    const { rows, runs } = await loseInMidRun(async () => {
      await redis.kill();
      await redis.start();
    });

    expect(rows).toHaveLength(JOBS);
    expect(runs).toBe(JOBS);
  }, 60_000);

  test('while Redis is down, jobs run where they are claimed as far as there is room', async () => {
    const tenantId = await h.tenant();
    h.start(new BullQueue(redis.url, silent), [touchJob((payload) => h.effect(payload))]);
    await h.untilState(await h.add(tenantId, 0), 'DONE');
    await redis.kill();
    const outboxId = await h.add(tenantId, 1);

    expect(await h.untilState(outboxId, 'DONE')).toMatchObject({ attempts: 1, deliveries: 1 });
    await redis.start();
  });

  test('while Redis is down, jobs that there is no room for wait in the outbox, and run when it is back', async () => {
    const tenantId = await h.tenant();
    const job = touchJob((payload) => h.effect(payload), { concurrency: 1 });
    h.start(new BullQueue(redis.url, silent), [job]);
    await h.untilState(await h.add(tenantId, 0), 'DONE');
    await redis.kill();
    const outboxId = await h.add(tenantId, 1);
    await h.until('its enqueueing has failed', async () => {
      const { state, deliveries } = await h.row(outboxId);
      return state === 'PENDING' && deliveries > 0;
    });
    await redis.start();

    await h.untilState(outboxId, 'DONE');
    expect(await h.effects(tenantId)).toBe(2);
  });

  test('enqueueing fails within seconds while Redis is down, which the log tells once, and a stop does not hang', async () => {
    const warnings: string[] = [];
    const log = pino(
      { level: 'warn' },
      { write: (line: string) => void warnings.push(JSON.parse(line).msg) },
    );
    const queue = new BullQueue(redis.url, log);
    queue.process('pool.job', 4, async () => undefined);
    await queue.enqueue('pool.job', []);
    await redis.kill();

    const begun = Date.now();
    const tenantId = await h.tenant();
    const ticket = { tenantId, outboxId: await h.add(tenantId, 1), delivery: 1 };
    // Each time until the next try to connect has failed.
    for (let tries = 0; tries < 6; tries += 1)
      await expect(queue.enqueue('pool.job', [{ ...ticket, place: 1 }])).rejects.toThrow(
        'Redis cannot be reached',
      );
    await expect(queue.held('pool.job', [ticket])).rejects.toThrow('Redis cannot be reached');
    await queue.close();

    expect(Date.now() - begun).toBeLessThan(10_000);
    // A connection for commands, one for events and one that waits for tickets: each was tried again several times.
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.length).toBeLessThanOrEqual(2 * 3);
    expect(warnings).not.toContain('the queue reports an error');
    await redis.start();
  });

  // Bull waits for the commands with which a job ends. What waits for ever keeps its process from ending.
  test('when connections are closed for good, nothing waits for Redis any more, not even while they wait to try again', async () => {
    const connections = new RedisConnections(redis.url, silent);
    const client = connections.get('client');
    await connections.ready();
    await redis.kill();
    await h.until('the connection waits to try again', async () => client.status === 'reconnecting');
    const waiting = client.get('a key');

    connections.close();

    await expect(waiting).rejects.toThrow('Connection is closed');
    expect(client.status).toBe('end');
    await redis.start();
  });
});
