import { randomUUID } from 'node:crypto';
import { pollUntil } from '../../../cli/embedded/poll';
import { type JobTicket, jobTicketSchema } from '../../../domain/outbox/job-ticket';
import type { JobQueue } from '../../../workers/queue/job-queue';
import { describeBothAdapters } from './adapters';
import { gate } from './harness';

function ticket(delivery = 1): JobTicket {
  return jobTicketSchema.parse({ tenantId: randomUUID(), outboxId: randomUUID(), delivery });
}

/** As the relay puts them on a queue. */
function placed(tickets: readonly JobTicket[], place = 1) {
  return tickets.map((each) => ({ ...each, place }));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await pollUntil(condition, 15_000))) throw new Error('never happened');
}

describeBothAdapters('queue contract', (createQueue) => {
  let queue: JobQueue;
  let queueName: string;
  beforeEach(() => {
    queue = createQueue();
    queueName = `pool.${randomUUID()}`;
  });
  afterEach(() => queue.close());

  test('hands over each ticket once, as it was, whether queued before or after processing began', async () => {
    const early = Array.from({ length: 20 }, () => ticket());
    const late = Array.from({ length: 20 }, () => ticket());
    const handled: JobTicket[] = [];

    await queue.enqueue(queueName, placed(early));
    queue.process(queueName, 4, async (got) => {
      handled.push(got);
    });
    await queue.enqueue(queueName, placed(late));
    await until(() => handled.length >= 40);

    const byId = (a: JobTicket, b: JobTicket) => a.outboxId.localeCompare(b.outboxId);
    expect(handled.sort(byId)).toEqual([...early, ...late].sort(byId));
  });

  test('hands over by place; those of one place in the order of their coming', async () => {
    const { opened, open } = gate();
    const [running, late, early, middle, last] = [ticket(), ticket(), ticket(), ticket(), ticket()];
    const handled: JobTicket[] = [];
    queue.process(queueName, 1, async (got) => {
      handled.push(got);
      await opened;
    });
    await queue.enqueue(queueName, placed([running]));
    await until(() => handled.length === 1);
    const now = Date.now();
    await queue.enqueue(queueName, placed([late], now + 2_000));
    await queue.enqueue(queueName, placed([middle], now + 1_000));
    await queue.enqueue(queueName, [...placed([last], now + 2_000), ...placed([early], now)]);
    open();

    await until(() => handled.length === 5);
    expect(handled).toEqual([running, early, middle, late, last]);
  });

  test('runs as many handlers as allowed, and never more', async () => {
    const { opened, open } = gate();
    let running = 0;
    let most = 0;
    let handled = 0;
    queue.process(queueName, 3, async () => {
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
      handled += 1;
    });
    await queue.enqueue(queueName, placed(Array.from({ length: 10 }, () => ticket())));

    await until(() => running === 3);
    open();
    await until(() => handled === 10);
    expect(most).toBe(3);
  });

  test('holds a ticket while it waits and while it runs, and no longer', async () => {
    const { opened, open } = gate();
    const mine = ticket();
    const other = ticket();
    let started = false;

    await queue.enqueue(queueName, placed([mine]));
    expect(await queue.held(queueName, [mine, other])).toEqual([mine]);
    queue.process(queueName, 1, async () => {
      started = true;
      await opened;
    });
    await until(() => started);
    expect(await queue.held(queueName, [mine, other])).toEqual([mine]);
    open();
    await until(async () => (await queue.held(queueName, [mine])).length === 0);
  });

  test("a row's next delivery is handed over although the queue still holds an earlier one", async () => {
    const first = ticket(1);
    const { opened, open } = gate();
    const handled: number[] = [];
    queue.process(queueName, 2, async ({ delivery }) => {
      handled.push(delivery);
      await opened;
    });

    await queue.enqueue(queueName, placed([first]));
    await until(() => handled.length === 1);
    await queue.enqueue(queueName, placed([{ ...first, delivery: 2 }]));
    await until(() => handled.length === 2);
    open();
    expect(handled).toEqual([1, 2]);
  });

  test('a ticket whose handler rejects is dropped, and the next ones are handled', async () => {
    const bad = ticket();
    const handled: JobTicket[] = [];
    queue.process(queueName, 1, async (got) => {
      handled.push(got);
      if (got.outboxId === bad.outboxId) throw new Error('the database is away');
    });

    await queue.enqueue(queueName, placed([bad, ticket()]));
    await until(() => handled.length === 2);
    await until(async () => (await queue.held(queueName, [bad])).length === 0);
    expect(handled).toHaveLength(2);
  });

  test('closing waits for the running handler, and hands over nothing more', async () => {
    const { opened, open } = gate();
    let started = 0;
    let ended = 0;
    queue.process(queueName, 1, async () => {
      started += 1;
      await opened;
      ended += 1;
    });
    await queue.enqueue(queueName, placed([ticket(), ticket(), ticket()]));
    await until(() => started === 1);

    const closed = queue.close();
    open();
    await closed;
    expect({ started, ended }).toEqual({ started: 1, ended: 1 });
  });
});
