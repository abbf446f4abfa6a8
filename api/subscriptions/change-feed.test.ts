import type { Change } from '../../domain/events/change';
import { tenantIdSchema } from '../../schema/ids';
import { ChangeFeed } from './change-feed';

const ours = tenantIdSchema.parse('00000000-0000-4000-8000-000000000001');
const theirs = tenantIdSchema.parse('00000000-0000-4000-8000-000000000002');
const change: Change = { tenantId: ours, type: 'Work', id: '00000000-0000-4000-8000-000000000003' };

test('a change rings for its own tenant alone, and only for those who want it', async () => {
  const feed = new ChangeFeed();
  const wanted = feed.watch(ours, () => true);
  const others = [feed.watch(ours, () => false), feed.watch(theirs, () => true)];
  feed.onChange(change);
  expect(await wanted.next()).toBe(true);
  const waiting = others.map((bell) => bell.next());
  for (const bell of others) bell.close();
  // A bell that had rung would answer true although it was closed afterwards.
  expect(await Promise.all(waiting)).toEqual([false, false]);
});

test('a gap rings for everyone, once for many rings', async () => {
  const feed = new ChangeFeed();
  const bells = [ours, theirs].map((tenantId) => feed.watch(tenantId, () => false));
  feed.onGap();
  feed.onGap();
  expect(await Promise.all(bells.map((bell) => bell.next()))).toEqual([true, true]);
  const waiting = bells.map((bell) => bell.next());
  for (const bell of bells) bell.close();
  expect(await Promise.all(waiting)).toEqual([false, false]);
  expect(feed.size).toBe(0);
});
