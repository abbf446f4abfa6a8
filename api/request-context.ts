import type { SignInRequest } from '../domain/people/session-service';
import { type Caller, isPerson, type PersonCaller } from '../domain/tenancy/caller';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import type { TenantId } from '../schema/ids';
import type { Scope } from '../schema/scopes';
import type { Moment } from '../tenants/authority-epochs';
import type { StepJournal } from '../tenants/step-journal';
import { type Authenticator, callerOf, type Identity } from './auth/authenticator';
import type { CursorSigner } from './cursors/cursor-signer';
import type { Quota, RateLimits } from './limits/rate-limits';
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
  /** The request's header that says who is calling. */
  readonly authorization: string | undefined;
  readonly authenticator: Pick<Authenticator, 'identify' | 'recall' | 'begin' | 'isConfirmed'>;
  makeLoaders(tenantId: TenantId): Loaders;
  readonly watcher: Watcher;
  readonly cursors: CursorSigner;
  readonly audit: Services['audit'];
  readonly signInLimits: SignInLimits;
  readonly rateLimits: Pick<RateLimits, 'judge'>;
}

const NO_QUOTAS: readonly Quota[] = [];

/** One request, as resolvers see it. */
export class RequestContext {
  /** @param begun - When the request did, if who is calling is only recalled; undefined once it is looked up. */
  private constructor(
    private identity: Identity,
    private begun: Moment | undefined,
    private readonly parts: ContextParts,
  ) {}

  private cached: Loaders | undefined;
  /** What the caller's limits leave, as the request was counted. */
  quotas: readonly Quota[] = NO_QUOTAS;
  /** What they leave after all, if the caller turned out to be another than was recalled. */
  requoted: readonly Quota[] = NO_QUOTAS;
  /** Where a mutation under an `Idempotency-Key` records what it has done. */
  journal: StepJournal | undefined;

  /** Looks up who is calling. */
  static async create(parts: ContextParts): Promise<RequestContext> {
    return new RequestContext(await parts.authenticator.identify(parts.authorization), undefined, parts);
  }

  /** As {@link create}, but may recall who is calling: whoever runs the operation must {@link confirm} it. */
  static recall(parts: ContextParts): RequestContext | Promise<RequestContext> {
    const { authenticator, authorization } = parts;
    const begun = authenticator.begin();
    const identity = authenticator.recall(authorization);
    return identity === undefined ? RequestContext.create(parts) : new RequestContext(identity, begun, parts);
  }

  /** Looks up who is calling, if that was only recalled: before whatever has effects. */
  async confirm(): Promise<void> {
    if (this.begun !== undefined) await this.lookUp();
  }

  /**
   * Runs what only reads, so that its answer is by what its caller might do at some moment of the request. A recalled
   * caller is held against what the reads themselves have seen, or looked up afterwards if there were none; if anything
   * about it has changed since, the answer is thrown away, and found once more.
   *
   * @throws RateLimitedError if the caller as he is now has used up his limit.
   */
  async reading<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    const answer = await run();
    const { identity, begun } = this;
    if (begun === undefined || this.parts.authenticator.isConfirmed(identity, begun)) return answer;
    await this.lookUp();
    if (identity.authority?.epoch === this.identity.authority?.epoch) return answer;
    this.cached = undefined;
    this.requoted = this.parts.rateLimits.judge(this.caller, this.quotas);
    return run();
  }

  private async lookUp(): Promise<void> {
    this.identity = await this.parts.authenticator.identify(this.parts.authorization);
    this.begun = undefined;
  }

  get caller(): Caller | undefined {
    return callerOf(this.identity);
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
    await this.lookUp();
    if (this.caller === undefined) throw new UnauthenticatedError();
  }

  private get knownCaller(): Caller {
    if (this.caller === undefined) throw new UnauthenticatedError();
    return this.caller;
  }
}
