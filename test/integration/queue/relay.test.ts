import { OutboxClaims, type PlacedJob } from '../../../domain/outbox/outbox-claims';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { Relay } from '../../../workers/relay/relay';
import { gate, NOWHERE, QUICK, QueueHarness, RecordingQueue, silent, touchJob } from './harness';

const LIMITS = { tenants: 100, quantum: 8, rows: 8, leaseMs: 60_000, runLeaseMs: 60_000 };

describe('relay', () => {
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

  const claim = () => h.system.statement((tx) => claims.claim(tx, null, LIMITS, []));

  test('two relays queue each of 2,000 rows exactly once', async () => {
    const tenants = await Promise.all([1, 2, 3, 4].map(() => h.tenant({ inFlight: 1_000 })));
    for (const tenantId of tenants) await h.addMany(tenantId, 500);
    const queues = [new RecordingQueue(), new RecordingQueue()];
    const relays = queues.map((queue) => new Relay(h.system, claims, queue, NOWHERE, QUICK, silent));
    for (const relay of relays) relay.start();
    const queued = () => queues.flatMap(({ tickets }) => tickets);
    await h.until('all are queued', () => queued().length >= 2_000);
    for (const relay of relays) await relay.stop();

    expect(queued()).toHaveLength(2_000);
    expect(new Set(queued().map(({ outboxId }) => outboxId)).size).toBe(2_000);
    expect(queued().every(({ delivery }) => delivery === 1)).toBe(true);
  });

  test('many relays together never exceed the cap of jobs in flight', async () => {
    const tenantId = await h.tenant({ inFlight: 20 });
    await h.addMany(tenantId, 200);
    for (let round = 0; round < 10; round += 1) await Promise.all([claim(), claim(), claim(), claim()]);

    expect(await h.count('QUEUED', tenantId)).toBe(20);
  });

  test('a claim takes rows in proportion to weight', async () => {
    const light = await h.tenant({ weight: 1 });
    const heavy = await h.tenant({ weight: 3 });
    for (const tenantId of [light, heavy]) await h.addMany(tenantId, 100);
    const { jobs } = await claim();

    expect(jobs.filter(({ tenantId }) => tenantId === light)).toHaveLength(8);
    expect(jobs.filter(({ tenantId }) => tenantId === heavy)).toHaveLength(24);
  });

  test("a tenant's 10 jobs are done while another's 2,000 have hardly begun", async () => {
    const flood = await h.tenant();
    const drop = await h.tenant();
    await h.addMany(flood, 2_000);
    const order: string[] = [];
    h.start(new InProcessQueue(silent), [touchJob(async ({ tenantId }) => order.push(tenantId))]);
    await h.until('the flood runs', () => order.length > 0);
    await h.addMany(drop, 10);
    await h.until('all are done', async () => (await h.count('DONE', flood)) === 2_000, 25_000);

    const arrived = order.indexOf(drop);
    const lastDrop = order.lastIndexOf(drop);
    expect(order.filter((tenantId) => tenantId === drop)).toHaveLength(10);
    // In front of it are at most the flood's jobs in flight, once for each of its turns.
    expect(lastDrop - arrived).toBeLessThan(200);
    expect(order.slice(lastDrop)).toContain(flood);
    expect(order.length - lastDrop).toBeGreaterThan(1_000);
  });

  test("a tenant's first job is placed before the line of another that came earlier", async () => {
    const flood = await h.tenant({ inFlight: 64 });
    const quiet = await h.tenant({ inFlight: 64 });
    await h.addMany(flood, 64);
    const before: PlacedJob[] = [];
    for (let n = 0; n < 8; n += 1) before.push(...(await claim()).jobs);
    await h.addMany(quiet, 1);
    const [first] = (await claim()).jobs;

    expect(before).toHaveLength(64);
    expect(first?.tenantId).toBe(quiet);
    // Only what the flood would be given alone, its first few, may go before it.
    expect(before.filter(({ place }) => place <= (first?.place ?? 0)).length).toBeLessThan(16);
  });

  test('a tenant that has just asked is served while the round robin is held up with a flood', async () => {
    const flood = await h.tenant();
    const quiet = await h.tenant();
    await h.addMany(flood, 20);
    const { opened, open } = gate();
    const queue = new RecordingQueue();
    const record = queue.enqueue.bind(queue);
    queue.enqueue = async (queueName, tickets) => {
      if (tickets.some(({ tenantId }) => tenantId === flood)) await opened;
      await record(queueName, tickets);
    };
    const relay = new Relay(h.system, claims, queue, NOWHERE, QUICK, silent);
    relay.start();
    await h.until('the flood is claimed', async () => (await h.count('QUEUED', flood)) === 20);
    await h.addMany(quiet, 1);
    relay.serve(quiet);
    await h.until('the quiet one is queued', () => queue.tickets.length === 1);
    open();
    await relay.stop();

    expect(queue.tickets[0]?.tenantId).toBe(quiet);
    expect(queue.tickets).toHaveLength(21);
  });

  test('what one asks for at once beyond its quantum is left to the round robin, and not to its poll', async () => {
    const tenantId = await h.tenant();
    const queue = new RecordingQueue();
    const relay = new Relay(h.system, claims, queue, NOWHERE, { ...QUICK, pollMs: 600_000 }, silent);
    await h.addMany(tenantId, 1);
    relay.start();
    await h.until('its first pass has found what was there', () => queue.tickets.length === 1);
    await h.addMany(tenantId, 50);
    relay.serve(tenantId);
    await h.until('all are queued', () => queue.tickets.length === 51);
    await relay.stop();

    expect(new Set(queue.tickets.map(({ outboxId }) => outboxId)).size).toBe(51);
  });

  test('one who keeps asking gets no more ahead of the round robin than the quantum in flight', async () => {
    const tenantId = await h.tenant();
    const capped = await h.tenant({ inFlight: 3 });
    const other = await h.tenant();
    for (const each of [tenantId, capped, other]) await h.addMany(each, 50);
    const ask = () => h.system.statement((tx) => claims.claimFor(tx, [tenantId, capped], LIMITS, []));
    await Promise.all([ask(), ask(), ask()]);
    await ask();

    expect(await h.count('QUEUED', tenantId)).toBe(8);
    expect(await h.count('QUEUED', capped)).toBe(3);
    expect(await h.count('QUEUED', other)).toBe(0);
  });

  test('a claim takes what its process has room for, and keeps a part of that for who has little in flight', async () => {
    const [flood, quiet] = [await h.tenant(), await h.tenant()];
    const rooms = [{ pool: 'shared', job: 'touch', places: 10, kept: 4 }];
    const take = () => h.system.statement((tx) => claims.claim(tx, null, { ...LIMITS, rows: 20 }, rooms));
    await h.addMany(flood, 20);
    const first = await take();
    // Eight are its quantum, for which all places serve; of others none of the last four.
    expect([first.runs.length, first.jobs.length]).toEqual([8, 12]);
    await h.addMany(flood, 20);
    await h.addMany(quiet, 3);
    const { runs, jobs } = await take();

    const quietRuns = runs.filter(({ tenantId }) => tenantId === quiet);
    expect(quietRuns.map(({ attempt, delivery, payload }) => ({ attempt, delivery, payload }))).toEqual(
      [0, 1, 2].map((n) => ({ attempt: 1, delivery: 1, payload: { tenantId: quiet, n } })),
    );
    expect([runs.length, jobs.length]).toEqual([6, 7]);
    expect(new Set([...runs, ...jobs].map(({ outboxId }) => outboxId)).size).toBe(13);
    expect(await h.count('RUNNING', flood)).toBe(11);
    expect(await h.count('QUEUED', flood)).toBe(19);
    expect(await h.count('RUNNING', quiet)).toBe(3);
  });

  test('a claim takes nothing of a job or a pool that its process has no room for', async () => {
    const tenantId = await h.tenant();
    await h.addMany(tenantId, 3);
    const rooms = [
      { pool: 'shared', job: 'other', places: 10, kept: 0 },
      { pool: 'gold', job: 'touch', places: 10, kept: 0 },
    ];
    const { runs, jobs } = await h.system.statement((tx) => claims.claim(tx, null, LIMITS, rooms));

    expect([runs.length, jobs.length]).toEqual([0, 3]);
    expect(await h.count('QUEUED', tenantId)).toBe(3);
  });

  test("100,000 waiting rows of one tenant do not slow another's claim", async () => {
    const flood = await h.tenant();
    await h.addMany(flood, 100_000);
    await h.admin.query('analyze outbox');
    await claim();
    const drop = await h.tenant();
    await h.addMany(drop, 5);
    const begun = performance.now();
    const { jobs } = await claim();
    const tookMs = performance.now() - begun;

    expect(jobs.filter(({ tenantId }) => tenantId === drop)).toHaveLength(5);
    expect(tookMs).toBeLessThan(250);
  });

  test('every tenant is served when there are more than one claim takes', async () => {
    const tenants = await Promise.all(Array.from({ length: 25 }, () => h.tenant()));
    for (const tenantId of tenants) await h.addMany(tenantId, 3);
    const queue = new RecordingQueue();
    const relay = new Relay(h.system, claims, queue, NOWHERE, { ...QUICK, tenantsPerClaim: 4 }, silent);
    relay.start();
    await h.until('all are queued', () => queue.tickets.length >= 75);
    await relay.stop();

    expect(queue.tickets).toHaveLength(75);
    expect(new Set(queue.tickets.map(({ tenantId }) => tenantId)).size).toBe(25);
  });

  test('what a turn leaves of one tenant, of many that are full, is taken by the next, not by the poll', async () => {
    const full = await Promise.all(Array.from({ length: 19 }, () => h.tenant({ inFlight: 1 })));
    for (const tenantId of full) await h.addMany(tenantId, 2);
    const free = await h.tenant();
    await h.addMany(free, 20);
    const queue = new RecordingQueue();
    const settings = { ...QUICK, pollMs: 600_000, quantum: 2, rowsPerClaim: 40 };
    const relay = new Relay(h.system, claims, queue, NOWHERE, settings, silent);
    relay.start();
    await h.until('all of the free one’s are queued', async () => (await h.count('QUEUED', free)) === 20);
    await relay.stop();

    expect(queue.tickets).toHaveLength(39);
  });
});
