import type { Caller } from '../domain/tenancy/tenancy-service';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import type { TenantId } from '../schema/ids';
import type { Loaders } from './loaders';

/** The request names no key, or one that does not exist. */
export class UnauthenticatedError extends DomainError {
  readonly code = ErrorCode.Unauthenticated;

  constructor() {
    super('Send an API key as "Authorization: Bearer colophon_…".');
  }
}

/** The key is good, but lacks the scope. */
export class ForbiddenError extends DomainError {
  readonly code = ErrorCode.Forbidden;

  constructor(scope: string) {
    super(`This key lacks the scope ${scope}.`);
  }
}

/** One request, as resolvers see it. */
export class RequestContext {
  constructor(
    readonly requestId: string,
    readonly caller: Caller | undefined,
    readonly isOperator: boolean,
    private readonly makeLoaders: (tenantId: TenantId) => Loaders,
  ) {}

  private cached: Loaders | undefined;

  /** @throws {@link UnauthenticatedError} when the request speaks for no tenant. */
  get tenantId(): TenantId {
    if (this.caller === undefined) throw new UnauthenticatedError();
    return this.caller.tenantId;
  }

  /** Batches look-ups of this request, behind this tenant's wall; made on first use. */
  get loaders(): Loaders {
    this.cached ??= this.makeLoaders(this.tenantId);
    return this.cached;
  }
}
