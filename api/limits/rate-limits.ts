import Redis from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../../domain/tenancy/tenancy-service';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

const WINDOW_SECONDS = 60;
/** A slow Redis must not hold requests up for longer. */
const COMMAND_TIMEOUT_MS = 500;

export interface RateLimitSettings {
  /** Requests per minute of all keys of a tenant together. */
  readonly perTenant: number;
  /** Requests per minute of one key. */
  readonly perKey: number;
  /** Where all API processes count together; without it each counts for itself. */
  readonly redisUrl: string | undefined;
}

/** What a policy leaves to a caller. */
export interface Quota {
  readonly policy: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** The tenant or the key has used its requests up for this minute. */
export class RateLimitedError extends DomainError {
  readonly code = ErrorCode.RateLimited;
  override readonly retryable = true;
  readonly retryAfterSeconds: number;

  constructor(readonly quotas: readonly Quota[]) {
    const exhausted = quotas.filter(({ remaining }) => remaining < 0);
    const seconds = Math.max(1, ...exhausted.map(({ resetSeconds }) => resetSeconds));
    super(`Too many requests. Try again in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
  }
}

interface Policy {
  readonly name: string;
  readonly limiter: RateLimiterMemory | RateLimiterRedis;
  keyOf(caller: Caller): string;
}

/**
 * Counts requests per tenant and per API key in fixed windows of a minute, over all API processes when
 * there is a Redis. While Redis is away each process counts for itself.
 */
export class RateLimits {
  private constructor(
    private readonly policies: readonly Policy[],
    private readonly redis: Redis | undefined,
  ) {}

  static open({ perTenant, perKey, redisUrl }: RateLimitSettings, logger: Logger): RateLimits {
    const redis = redisUrl === undefined ? undefined : connect(redisUrl, logger);
    const limiter = (name: string, points: number) => {
      const options = { keyPrefix: `colophon:rate:${name}`, points, duration: WINDOW_SECONDS };
      const memory = new RateLimiterMemory(options);
      return redis === undefined
        ? memory
        : new RateLimiterRedis({
            ...options,
            storeClient: redis,
            rejectIfRedisNotReady: true,
            insuranceLimiter: memory,
          });
    };
    return new RateLimits(
      [
        // Hash tags keep a tenant's counters on one node of a Redis Cluster.
        { name: 'tenant', limiter: limiter('tenant', perTenant), keyOf: ({ tenantId }) => `{${tenantId}}` },
        {
          name: 'key',
          limiter: limiter('key', perKey),
          keyOf: ({ tenantId, apiKeyId }) => `{${tenantId}}:${apiKeyId}`,
        },
      ],
      redis,
    );
  }

  /**
   * Counts one request.
   *
   * @returns what is left; nothing for callers that are no tenant's.
   * @throws {@link RateLimitedError}
   */
  async charge(caller: Caller | undefined): Promise<readonly Quota[]> {
    if (caller === undefined) return [];
    const quotas = await Promise.all(this.policies.map((policy) => consume(policy, caller)));
    if (quotas.some(({ remaining }) => remaining < 0)) throw new RateLimitedError(quotas);
    return quotas;
  }

  close(): void {
    this.redis?.disconnect();
  }
}

/** The RateLimit fields of draft-ietf-httpapi-ratelimit-headers-10. */
export function rateLimitHeaders(quotas: readonly Quota[]): [name: string, value: string][] {
  if (quotas.length === 0) return [];
  const list = (render: (quota: Quota) => string) =>
    quotas.map((quota) => `"${quota.policy}";${render(quota)}`).join(', ');
  return [
    ['ratelimit-policy', list(({ limit }) => `q=${limit};w=${WINDOW_SECONDS}`)],
    ['ratelimit', list(({ remaining, resetSeconds }) => `r=${Math.max(remaining, 0)};t=${resetSeconds}`)],
  ];
}

/** A negative `remaining` says by how much the limit is exceeded. */
async function consume({ name, limiter, keyOf }: Policy, caller: Caller): Promise<Quota> {
  const { consumedPoints, msBeforeNext } = await limiter.consume(keyOf(caller)).catch((refusal: unknown) => {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  });
  const remaining = limiter.points - consumedPoints;
  return { policy: name, limit: limiter.points, remaining, resetSeconds: Math.ceil(msBeforeNext / 1_000) };
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
