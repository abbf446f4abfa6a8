import type { Change } from '../../domain/events/change';
import { tenantIdSchema } from '../../schema/ids';
import { ChangeFeed } from './change-feed';
import { rowUpdates } from './row-updates';

const tenantId = tenantIdSchema.parse('00000000-0000-4000-8000-000000000001');
const id = '00000000-0000-4000-8000-000000000002';
const change: Change = { tenantId, type: 'Work', id };

const watchOne = (feed: ChangeFeed, read: () => Promise<{ id: string; n: number }[]>) =>
  rowUpdates(
    feed.watch(tenantId, () => true),
    read,
  );

test('leaves no watch behind when the client goes away while it waits', async () => {
  const feed = new ChangeFeed();
  const updates = await watchOne(feed, async () => [{ id, n: 1 }]);
  await updates.next();
  const waiting = updates.next();
  expect(feed.size).toBe(1);
  await updates.return();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(feed.size).toBe(0);
});

test('leaves no watch behind when the client goes away before it asked for anything', async () => {
  const feed = new ChangeFeed();
  const updates = await watchOne(feed, async () => [{ id, n: 1 }]);
  await updates.return();
  expect(feed.size).toBe(0);
});

test('leaves no watch behind when the first reading fails, or a later one', async () => {
  const feed = new ChangeFeed();
  await expect(watchOne(feed, () => Promise.reject(new Error('first')))).rejects.toThrow('first');
  expect(feed.size).toBe(0);

  const answers = [async () => [{ id, n: 1 }], () => Promise.reject(new Error('later'))];
  const updates = await watchOne(feed, () => (answers.shift() ?? (async () => []))());
  await updates.next();
  feed.onChange(change);
  await expect(updates.next()).rejects.toThrow('later');
  expect(feed.size).toBe(0);
});

test('a change during a reading is read again, so that none is missed', async () => {
  const feed = new ChangeFeed();
  let n = 0;
  const updates = await watchOne(feed, async () => {
    n += 1;
    if (n < 3) feed.onChange(change);
    return [{ id, n }];
  });
  expect([(await updates.next()).value, (await updates.next()).value, (await updates.next()).value]).toEqual([
    { id, n: 1 },
    { id, n: 2 },
    { id, n: 3 },
  ]);
  await updates.return();
});
