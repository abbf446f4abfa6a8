import type { GraphQLError } from 'graphql';
import type { Caller } from '../../domain/tenancy/caller';
import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import { httpError } from '../graphql-errors';
import type { RequestMeter } from '../request-meter';
import { consume, type Limiter, type Limiters } from './limiters';

const WINDOW_SECONDS = 60;

export interface RateLimitSettings {
  /** Requests per minute of all keys of a tenant together, unless its plan says otherwise. */
  readonly perTenant: number;
  /** Requests per minute of one key, and of one person. */
  readonly perKey: number;
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
  readonly limiter: Limiter;
  keyOf(caller: Caller): string;
  /** The caller's own limit, where its plan gives it one. */
  limitOf?(caller: Caller): number | null;
}

/** Counts requests per tenant and per caller in fixed windows of a minute. */
export class RateLimits {
  private readonly policies: readonly Policy[];

  constructor(
    limiters: Limiters,
    { perTenant, perKey }: RateLimitSettings,
    private readonly meter: Pick<RequestMeter, 'count'>,
  ) {
    const limiter = (name: string, points: number) =>
      limiters.make({ name, points, seconds: WINDOW_SECONDS });
    this.policies = [
      // Hash tags keep a tenant's counters on one node of a Redis Cluster.
      {
        name: 'tenant',
        limiter: limiter('tenant', perTenant),
        keyOf: ({ tenantId }) => `{${tenantId}}`,
        limitOf: ({ standing }) => standing.apiRequestsPerMinute,
      },
      {
        name: 'key',
        limiter: limiter('key', perKey),
        keyOf: ({ tenantId, actor }) => `{${tenantId}}:${actor.id}`,
      },
    ];
  }

  /**
   * Counts one request, also for the tenant's usage.
   *
   * @returns what is left; nothing for callers that are no tenant's.
   * @throws {@link RateLimitedError}
   */
  async charge(caller: Caller | undefined): Promise<readonly Quota[]> {
    if (caller === undefined) return [];
    const quotas = await Promise.all(this.policies.map((policy) => quotaOf(policy, caller)));
    this.meter.count(caller.tenantId, isExceeded(quotas));
    return withinLimits(quotas);
  }

  /**
   * Judges a request anew that is counted already, when its caller turns out to be another than was thought.
   *
   * @param counted - What it was answered by, or refused with.
   * @throws {@link RateLimitedError}
   */
  judge(caller: Caller | undefined, counted: readonly Quota[]): readonly Quota[] {
    if (caller === undefined) return [];
    return withinLimits(
      counted.map((quota, index) => {
        const limit = this.policies[index]?.limitOf?.(caller) ?? this.policies[index]?.limiter.points;
        if (limit === undefined) throw new Error('there is a quota for each policy');
        return { ...quota, limit, remaining: quota.remaining + limit - quota.limit };
      }),
    );
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

/** A request over a limit, as HTTP tells it. */
export function rateLimitedResponse(error: RateLimitedError): GraphQLError {
  return httpError(error, 429, [
    ...rateLimitHeaders(error.quotas),
    ['retry-after', String(error.retryAfterSeconds)],
  ]);
}

function isExceeded(quotas: readonly Quota[]): boolean {
  return quotas.some(({ remaining }) => remaining < 0);
}

function withinLimits(quotas: readonly Quota[]): readonly Quota[] {
  if (isExceeded(quotas)) throw new RateLimitedError(quotas);
  return quotas;
}

/** A negative `remaining` says by how much the limit is exceeded. */
async function quotaOf({ name, limiter, keyOf, limitOf }: Policy, caller: Caller): Promise<Quota> {
  const { consumedPoints, msBeforeNext } = await consume(limiter, keyOf(caller));
  // The limiter counts past its own limit, whichever holds for the caller.
  const limit = limitOf?.(caller) ?? limiter.points;
  const remaining = limit - consumedPoints;
  return { policy: name, limit, remaining, resetSeconds: Math.ceil(msBeforeNext / 1_000) };
}
