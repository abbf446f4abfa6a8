import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import { QueueHarness, silent, touchJob } from './harness';

describe('pools', () => {
  let h: QueueHarness;
  beforeAll(async () => {
    h = await QueueHarness.create();
  });
  afterEach(() => h.stopRuntimes());
  afterAll(() => h.destroy());

  const moveTo = (pool: string, tenantId: string) =>
    h.admin.query('update tenants set pool = $2 where tenant_id = $1', [tenantId, pool]);

  test('a dedicated pool is served by the workers that name it, and by no others', async () => {
    const [owner, other] = [await h.tenant(), await h.tenant()];
    await moveTo('gold', owner);
    const ran = { shared: [] as string[], gold: [] as string[] };
    const worker = (pool: 'shared' | 'gold') =>
      h.start(
        new InProcessQueue(silent),
        [touchJob(async ({ tenantId }) => ran[pool].push(tenantId))],
        {},
        silent,
        [pool],
      );
    worker('shared');
    const waiting = await h.add(owner, 1);
    await h.untilState(await h.add(other, 1), 'DONE');
    await h.until('it is on its pool', async () => (await h.row(waiting)).pool === 'gold');
    expect(ran).toEqual({ shared: [other], gold: [] });
    await h.stopRuntimes();

    // In one process there is one queue: what the other worker held comes back by its lease.
    worker('gold');
    await h.untilState(waiting, 'DONE');
    expect(ran).toEqual({ shared: [other], gold: [owner] });
  });

  test("a tenant's poison jobs, which hang or fail at each try, do not keep its pool from others", async () => {
    const [poisoned, healthy] = [await h.tenant({ inFlight: 2 }), await h.tenant()];
    const job = touchJob(
      ({ tenantId, n }) => {
        if (tenantId !== poisoned) return Promise.resolve();
        return n === 0 ? new Promise(() => undefined) : Promise.reject(new Error('poison'));
      },
      { concurrency: 4, timeoutMs: 60_000, retry: { limit: 1_000 } },
    );
    h.start(new InProcessQueue(silent), [job], { drainMs: 0 });
    for (const n of [0, 0, 1, 1]) await h.add(poisoned, n);
    await h.until(
      'the poison is in all places it may have',
      async () => (await h.count('RUNNING', poisoned)) === 2,
    );
    await h.addMany(healthy, 50);

    await h.until('the others are done', async () => (await h.count('DONE', healthy)) === 50);
    expect(await h.count('DONE', poisoned)).toBe(0);
  });
});
