import { BullQueue } from '../../../workers/queue/bull-queue';
import { InProcessQueue } from '../../../workers/queue/in-process-queue';
import type { JobQueue } from '../../../workers/queue/job-queue';
import { describeWithRedis } from '../../support/redis';
import { silent } from './harness';
import { OwnRedis } from './own-redis';

/** Runs the same tests over both adapters; Bull's have a Redis of their own. */
export function describeBothAdapters(title: string, body: (createQueue: () => JobQueue) => void): void {
  describe(`${title} (in-process)`, () => body(() => new InProcessQueue(silent)));

  describeWithRedis(`${title} (Bull)`, () => {
    let redis: OwnRedis;
    beforeAll(async () => {
      redis = await OwnRedis.start();
    });
    afterAll(async () => {
      await redis.kill();
    });
    body(() => new BullQueue(redis.url, silent));
  });
}
