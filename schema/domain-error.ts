import type { ErrorCode } from './error-codes';

/** What only operators see: the underlying failure and safe, structured facts about it. */
export interface ErrorDetail {
  readonly cause?: unknown;
  readonly context?: Readonly<Record<string, string | number>>;
}

/** An expected failure. Anything else that reaches the edge is a bug and leaves as `INTERNAL`. */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
  /** True when the same call may succeed later with the same input. */
  readonly retryable: boolean = false;
  readonly context: Readonly<Record<string, string | number>>;

  /** @param publicMessage - Shown to the tenant: no SQL, URLs, keys or other tenants' ids. */
  constructor(publicMessage: string, { cause, context = {} }: ErrorDetail = {}) {
    super(publicMessage, { cause });
    this.name = new.target.name;
    this.context = context;
  }
}
