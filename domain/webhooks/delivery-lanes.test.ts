import type { WebhookDeliveryId, WebhookEventId } from '../../schema/ids';
import { DeliveryLanes } from './delivery-lanes';
import type { DueDelivery } from './delivery-repository';

function delivery(sequence: number, orderKey: string): DueDelivery {
  // CAST: the lanes look at no id.
  const [id, eventId] = [`d${sequence}` as WebhookDeliveryId, `e${sequence}` as WebhookEventId];
  return { id, eventId, sequence, orderKey, body: '', traceParent: null, attempts: 0 };
}

/** Lanes over a list, read `window` at a time. */
function lanesOver(all: readonly DueDelivery[], window: number) {
  let reads = 0;
  const lanes = new DeliveryLanes(async (after) => {
    reads += 1;
    const due = all.filter(({ sequence }) => sequence > after).slice(0, window);
    return due;
  });
  return { lanes, reads: () => reads };
}

async function takeAll(lanes: DeliveryLanes, count: number): Promise<DueDelivery[]> {
  const taken: DueDelivery[] = [];
  for (let n = 0; n < count; n += 1) {
    const next = await lanes.take();
    if (next === undefined) throw new Error('nothing to take');
    taken.push(next);
  }
  return taken;
}

test('one key is handed out one after the other, though windows cut through it; others side by side', async () => {
  const all = [1, 2, 3, 4, 5, 6, 7].map((n) => delivery(n, n % 3 === 0 ? 'b' : 'a'));
  const { lanes } = lanesOver(all, 2);
  const seen: number[] = [];
  const running = new Set<string>();
  const worker = async () => {
    for (let next = await lanes.take(); next !== undefined; next = await lanes.take()) {
      expect(running.has(next.orderKey)).toBe(false);
      running.add(next.orderKey);
      seen.push(next.sequence);
      await new Promise(setImmediate);
      running.delete(next.orderKey);
      lanes.pass(next);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(seen.filter((n) => n % 3 !== 0)).toEqual([1, 2, 4, 5, 7]);
  expect(seen.filter((n) => n % 3 === 0)).toEqual([3, 6]);
});

test('a key that is closed hands out nothing more, also of what is read later', async () => {
  const { lanes } = lanesOver([delivery(1, 'a'), delivery(2, 'a'), delivery(3, 'b'), delivery(4, 'a')], 2);
  const [first] = await takeAll(lanes, 1);
  expect(first?.sequence).toBe(1);
  lanes.close(first as DueDelivery);
  const [second] = await takeAll(lanes, 1);
  expect(second?.sequence).toBe(3);
  lanes.pass(second as DueDelivery);
  expect(await lanes.take()).toBeUndefined();
});

test('a long backlog of one key is not read into memory at once', async () => {
  const all = Array.from({ length: 5_000 }, (_, index) => delivery(index + 1, 'a'));
  const { lanes, reads } = lanesOver(all, 200);
  const [first] = await takeAll(lanes, 1);
  const waiting = lanes.take();
  await new Promise(setImmediate);
  expect(reads()).toBeLessThan(8);
  lanes.pass(first as DueDelivery);
  expect((await waiting)?.sequence).toBe(2);
});

test('a failed reading reaches whoever takes, and the next one reads anew', async () => {
  let fails = true;
  const lanes = new DeliveryLanes(async () => {
    if (fails) throw new Error('the database is away');
    return [delivery(1, 'a')];
  });
  await expect(lanes.take()).rejects.toThrow('the database is away');
  fails = false;
  expect((await lanes.take())?.sequence).toBe(1);
});
