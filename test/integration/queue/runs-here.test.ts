import { gate, QueueHarness, RecordingQueue, touchJob } from './harness';

describe('jobs of the process that has claimed them', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(async () => {
    await h.stopRuntimes();
    await h.admin.query('truncate outbox, effects');
  });
  afterAll(() => h.destroy());

  // A queue that hands nothing over shows what went past it.
  test('run past the queue while there is room, whoever found them; what there is no room for goes on the queue', async () => {
    const tenantId = await h.tenant();
    const queue = new RecordingQueue();
    const { opened, open } = gate();
    await h.addMany(tenantId, 1);
    h.start(queue, [touchJob((payload) => opened.then(() => h.effect(payload)), { concurrency: 4 })]);
    await h.until('the first pass of the relay has begun one', async () => {
      return (await h.count('RUNNING', tenantId)) === 1;
    });
    for (let n = 1; n <= 5; n += 1) await h.add(tenantId, n);
    await h.until('all are placed', async () => (await h.count('PENDING', tenantId)) === 0);

    expect(await h.count('RUNNING', tenantId)).toBe(3);
    expect(queue.tickets).toHaveLength(3);
    open();
    await h.until('those that ran are done', async () => (await h.count('DONE', tenantId)) === 3);
    expect(await h.effects(tenantId)).toBe(3);
    // There is room again.
    await h.untilState(await h.add(tenantId, 6), 'DONE');
    expect(queue.tickets).toHaveLength(3);
  });

  test('find room beside a flood if their tenant has little in flight', async () => {
    const [flood, quiet] = [await h.tenant(), await h.tenant()];
    const queue = new RecordingQueue();
    const { opened, open } = gate();
    await h.addMany(flood, 100);
    h.start(queue, [touchJob((payload) => opened.then(() => h.effect(payload)), { concurrency: 21 })]);
    await h.until('the flood is placed', async () => (await h.count('PENDING', flood)) === 0);
    const outboxId = await h.add(quiet, 1);
    await h.untilState(outboxId, 'RUNNING');

    expect(queue.tickets.filter(({ tenantId }) => tenantId === quiet)).toHaveLength(0);
    // Of 20 places five are not for the flood.
    expect(await h.count('RUNNING', flood)).toBe(15);
    open();
    await h.untilState(outboxId, 'DONE');
  });

  test('that may run but once at a time are left to the queue', async () => {
    const tenantId = await h.tenant();
    const queue = new RecordingQueue();
    h.start(queue, [touchJob((payload) => h.effect(payload), { concurrency: 1 })]);
    await h.add(tenantId, 1);
    await h.until('it is queued', () => queue.tickets.length === 1);

    expect(await h.effects(tenantId)).toBe(0);
  });

  test('are run to their end by a process that is told to stop, and none is begun after that', async () => {
    const tenantId = await h.tenant();
    const { opened, open } = gate();
    const runtime = h.start(new RecordingQueue(), [
      touchJob((payload) => opened.then(() => h.effect(payload))),
    ]);
    const running = await h.add(tenantId, 1);
    await h.untilState(running, 'RUNNING');
    const stopped = runtime.stop();
    const late = await h.add(tenantId, 2);
    open();
    await stopped;

    expect(await h.row(running)).toMatchObject({ state: 'DONE', attempts: 1 });
    expect(['PENDING', 'QUEUED']).toContain((await h.row(late)).state);
    expect(await h.effects(tenantId)).toBe(1);
  });
});
