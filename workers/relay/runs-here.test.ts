import { randomUUID } from 'node:crypto';
import type { TakenJob } from '../../domain/outbox/outbox-claims';
import { outboxIdSchema, tenantIdSchema } from '../../schema/ids';
import type { Job } from '../jobs/define-job';
import { RunsHere } from './runs-here';

const job = (name: string, concurrency: number): Job => ({
  name,
  concurrency,
  retry: { limit: 1, firstDelayMs: 1, maxDelayMs: 1 },
  timeoutMs: 1,
  run: async () => undefined,
});
const taken = (): TakenJob => ({
  tenantId: tenantIdSchema.parse(randomUUID()),
  outboxId: outboxIdSchema.parse(randomUUID()),
  delivery: 1,
  attempt: 1,
  payload: {},
  traceParent: null,
  job: 'many',
  pool: 'shared',
});

test('there is room for one fewer than the queue may hand over, a quarter of it kept, until a run takes it', async () => {
  const ends: (() => void)[] = [];
  const runner = { runTaken: () => new Promise<void>((resolve) => ends.push(resolve)) };
  const here = new RunsHere(runner, ['shared'], [job('many', 9), job('one', 1)]);
  const room = (places: number) => [{ pool: 'shared', job: 'many', places, kept: 2 }];
  expect(here.rooms).toEqual(room(8));
  here.run(taken());
  expect(here.rooms).toEqual(room(7));
  ends[0]?.();
  await new Promise(setImmediate);
  expect(here.rooms).toEqual(room(8));
});

test('once it is closed there is no room, but what was taken before is run', () => {
  let begun = 0;
  const runner = {
    runTaken: async () => {
      begun += 1;
    },
  };
  const here = new RunsHere(runner, ['shared'], [job('many', 9)]);
  here.close();
  expect(here.rooms).toEqual([]);
  here.run(taken());
  expect(begun).toBe(1);
});
