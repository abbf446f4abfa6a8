import Redis from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** A slow Redis must not hold requests up for longer. */
const COMMAND_TIMEOUT_MS = 500;

export type Limiter = RateLimiterMemory | RateLimiterRedis;

/** A fixed window. */
export interface Window {
  readonly name: string;
  /** What may be consumed in each. */
  readonly points: number;
  readonly seconds: number;
}

/**
 * Makes counters that all API processes share when there is a Redis. While Redis is away each process counts
 * for itself.
 */
export class Limiters {
  private constructor(private readonly redis: Redis | undefined) {}

  static open(redisUrl: string | undefined, logger: Logger): Limiters {
    return new Limiters(redisUrl === undefined ? undefined : connect(redisUrl, logger));
  }

  make({ name, points, seconds }: Window): Limiter {
    const options = { keyPrefix: `colophon:rate:${name}`, points, duration: seconds };
    const memory = new RateLimiterMemory(options);
    if (this.redis === undefined) return memory;
    return new RateLimiterRedis({
      ...options,
      storeClient: this.redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: memory,
    });
  }

  close(): void {
    this.redis?.disconnect();
  }
}

/** Counts one. @returns what stands then, also when that is more than the window has. */
export async function consume(limiter: Limiter, key: string): Promise<RateLimiterRes> {
  return limiter.consume(key).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
}

function connect(url: string, logger: Logger): Redis {
  const redis = new Redis(url, {
    // Without Redis a process counts for itself at once, so nothing waits for it to come back.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  redis.on('error', (error) => logger.warn({ err: error }, 'rate limits are counted per process'));
  return redis;
}
