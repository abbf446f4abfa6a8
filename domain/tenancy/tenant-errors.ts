import { DomainError } from '../../schema/domain-error';
import { ErrorCode } from '../../schema/error-codes';

/** The operator has suspended the tenant: its keys read, and change nothing. */
export class TenantSuspendedError extends DomainError {
  readonly code = ErrorCode.TenantSuspended;
  override readonly retryable = true;

  constructor() {
    super(
      'The tenant is suspended: `me { tenant { suspensionReason } }`. Its keys can still read everything.',
    );
  }
}

/** No worker has said lately that it serves the pool: the tenant's jobs would wait for ever. */
export class PoolNotServedError extends DomainError {
  readonly code = ErrorCode.PoolNotServed;
  override readonly retryable = true;

  constructor(pool: string) {
    super(`No running worker serves the pool ${pool}. Start one with it in POOLS first.`);
  }
}

/** A plan that the platform brings along stays as it is. */
export class PlanBuiltInError extends DomainError {
  readonly code = ErrorCode.PlanBuiltIn;

  constructor(plan: string) {
    super(`The plan ${plan} is built in. Make one under another name.`);
  }
}
