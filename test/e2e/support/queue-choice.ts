import { Redis } from 'ioredis';
import type { FaultWorld } from '../../faults/support/fault-world';
import type { OwnProcess } from '../../support/processes';

/** Shared by all suites of a run: this database of it is the long travel's own. */
const REDIS_DATABASE = 5;

/** Has a world's jobs carried by Bull or in process from now on, and tells how many Bull has carried. */
export class QueueChoice {
  private readonly redisUrl: string | undefined;

  constructor(
    private readonly world: FaultWorld,
    sharedRedisUrl: string | undefined,
  ) {
    this.redisUrl = sharedRedisUrl && `${sharedRedisUrl}/${REDIS_DATABASE}`;
  }

  /** Starts the worker on the chosen queue. @returns its process. */
  async start(): Promise<OwnProcess> {
    if (this.redisUrl !== undefined) this.world.crew.setEnvironment({ REDIS_URL: this.redisUrl });
    return this.world.crew.start('worker');
  }

  /** Tickets that went over Bull: it counts every one that it is given, in a key of each queue. */
  async carriedByBull(): Promise<number> {
    return this.inRedis(async (redis) => {
      const keys = await redis.keys('{colophon:*:id');
      const counts = await Promise.all(keys.map((key) => redis.get(key)));
      return counts.reduce((sum, count) => sum + Number(count), 0);
    });
  }

  async clear(): Promise<void> {
    await this.inRedis(async (redis) => {
      await redis.flushdb();
      return 0;
    });
  }

  private async inRedis(act: (redis: Redis) => Promise<number>): Promise<number> {
    if (this.redisUrl === undefined) return 0;
    const redis = new Redis(this.redisUrl);
    try {
      return await act(redis);
    } finally {
      redis.disconnect();
    }
  }
}
