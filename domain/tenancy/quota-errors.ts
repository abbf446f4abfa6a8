import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';
import type { Quota } from '../../schema/quotas';
import { QuotaName } from '../../schema/types/quota';

/** What was asked for, and why there is no room for it. */
export interface QuotaShortage {
  readonly quota: Quota;
  readonly limit: number;
  /** Without what was asked for. */
  readonly used: number;
  readonly asked: number;
  /** When counting begins anew; null for totals. */
  readonly resetsAt: Date | null;
}

/** The tenant's plan has no room for what was asked for. Nothing of it was done. */
export class QuotaExceededError extends DomainError {
  readonly code = ErrorCode.QuotaExceeded;
  override readonly retryable = true;

  constructor(private readonly shortage: QuotaShortage) {
    const { quota, limit, used, asked, resetsAt } = shortage;
    const until = resetsAt === null ? '' : ` It counts anew at ${resetsAt.toISOString()}.`;
    super(`The quota ${nameOf(quota)} is ${limit}: ${used} is used, ${asked} more was asked for.${until}`);
  }

  /** The same for programs: beside the code in the answer. */
  get details(): Record<string, string | number | null> {
    const { quota, limit, used, asked, resetsAt } = this.shortage;
    return { quota: nameOf(quota), limit, used, asked, resetsAt: resetsAt?.toISOString() ?? null };
  }
}

/** A quota's name in the API. */
export function nameOf(quota: Quota): string {
  const known = Object.entries(QuotaName).find(([, value]) => value === quota);
  if (known === undefined) throw new Error(`the quota ${quota} has no name in the API`);
  return known[0];
}
