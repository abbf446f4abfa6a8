import type { SignInRequest } from '../domain/people/session-service';
import { type Caller, isPerson, type PersonCaller } from '../domain/tenancy/caller';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import type { TenantId } from '../schema/ids';
import type { Scope } from '../schema/scopes';
import type { StepJournal } from '../tenants/step-journal';
import type { Identity } from './auth/authenticator';
import type { CursorSigner } from './cursors/cursor-signer';
import type { SignInLimits } from './limits/sign-in-limits';
import type { Loaders } from './loaders';
import type { Services } from './services';
import type { Watcher } from './subscriptions/watcher';

/** The request names no key or session, or one that does not exist, was revoked or has expired. */
export class UnauthenticatedError extends DomainError {
  readonly code = ErrorCode.Unauthenticated;

  constructor() {
    super('Send an API key or a session as "Authorization: Bearer colophon_…".');
  }
}

/** The caller is known, but lacks the scope. */
export class ForbiddenError extends DomainError {
  readonly code = ErrorCode.Forbidden;

  constructor(scope: string) {
    super(`You lack the scope ${scope}.`);
  }
}

/** It concerns a person, and a key is none. */
export class PersonRequiredError extends DomainError {
  readonly code = ErrorCode.PersonRequired;

  constructor() {
    super('This is for people who have signed in, not for keys.');
  }
}

export interface RequestOrigin {
  readonly requestId: string;
  /** Where the request comes from, e.g. `198.51.100.7`. */
  readonly clientAddress: string;
}

/** What a request's context is made of. */
export interface ContextParts extends RequestOrigin {
  /** Says who is calling, as of now. */
  identify(): Promise<Identity>;
  makeLoaders(tenantId: TenantId): Loaders;
  readonly watcher: Watcher;
  readonly cursors: CursorSigner;
  readonly audit: Services['audit'];
  readonly signInLimits: SignInLimits;
}

/** One request, as resolvers see it. */
export class RequestContext {
  private constructor(
    private identity: Identity,
    private readonly parts: ContextParts,
  ) {}

  private cached: Loaders | undefined;
  /** Where a mutation under an `Idempotency-Key` records what it has done. */
  journal: StepJournal | undefined;

  static async create(parts: ContextParts): Promise<RequestContext> {
    return new RequestContext(await parts.identify(), parts);
  }

  get caller(): Caller | undefined {
    return this.identity.caller;
  }

  get isOperator(): boolean {
    return this.identity.isOperator;
  }

  get cursors(): CursorSigner {
    return this.parts.cursors;
  }

  get audit(): Services['audit'] {
    return this.parts.audit;
  }

  /** @throws {@link ForbiddenError}, and as {@link tenantId}. */
  requireScope(scope: Scope | undefined): void {
    if (scope !== undefined && !this.scopes.includes(scope)) throw new ForbiddenError(scope);
  }

  /** The person who asks. @throws {@link PersonRequiredError} for a key, and as {@link tenantId}. */
  get person(): PersonCaller {
    const caller = this.knownCaller;
    if (!isPerson(caller)) throw new PersonRequiredError();
    return caller;
  }

  /** Counts an attempt to sign in, by the one who attempts it and by whom it is for. @throws SignInBlockedError */
  async chargeSignIn(subject?: string): Promise<void> {
    await this.parts.signInLimits.charge(this.parts.clientAddress, subject);
  }

  /** What a mutation leaves in the audit log that opens a session. */
  signInRequest(operation: string, args: SignInRequest['args']): SignInRequest {
    return { operation, requestId: this.requestId, args };
  }

  get requestId(): string {
    return this.parts.requestId;
  }

  get watcher(): Watcher {
    return this.parts.watcher;
  }

  /** @throws {@link UnauthenticatedError} when the request speaks for no tenant. */
  get tenantId(): TenantId {
    return this.knownCaller.tenantId;
  }

  /** What the caller's key may do. @throws As {@link tenantId}. */
  get scopes(): readonly Scope[] {
    return this.knownCaller.scopes;
  }

  /** Batches look-ups of this request, behind this tenant's wall; made on first use. */
  get loaders(): Loaders {
    this.cached ??= this.parts.makeLoaders(this.tenantId);
    return this.cached;
  }

  /**
   * Makes a long-lived subscription's context as good as new: forgets what the loaders have read, and
   * asks again whether the key is still good.
   *
   * @throws {@link UnauthenticatedError} once the key is revoked or has expired.
   */
  async renew(): Promise<void> {
    this.cached = undefined;
    this.identity = await this.parts.identify();
    if (this.caller === undefined) throw new UnauthenticatedError();
  }

  private get knownCaller(): Caller {
    if (this.caller === undefined) throw new UnauthenticatedError();
    return this.caller;
  }
}
