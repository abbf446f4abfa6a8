import { encodeGlobalId } from '../../schema/global-id';
import type { MemberId, SessionId, TenantId } from '../../schema/ids';
import { ROLE_SCOPES } from '../../schema/roles';
import { type Member, MemberState, type Session, type SignInMethod } from '../../schema/types/member';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { inputHash } from '../audit/audit-entry';
import type { AuditRepository } from '../audit/audit-repository';
import { NotFoundError } from '../not-found-error';
import type { Authority, PersonCaller } from '../tenancy/caller';
import { hashToken } from '../tenancy/token-hash';
import type { MemberRepository } from './member-repository';
import { SignInFailedError } from './people-errors';
import type { SessionRepository } from './session-repository';
import { generateSessionToken } from './tokens';

/** A request that wants to open a session: it has no caller yet, and goes into the audit log as its member's. */
export interface SignInRequest {
  /** The mutation. */
  readonly operation: string;
  readonly requestId: string;
  readonly args: { readonly input: unknown };
}

/** An open session, with its token, which is readable this once. */
export interface OpenedSession {
  readonly token: string;
  readonly session: Session;
  readonly member: Member;
}

/** Who is signed in. */
export class SessionService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly system: SystemDatabase,
    private readonly sessions: SessionRepository,
    private readonly members: MemberRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** Whom a token speaks for, or undefined when its session is over. */
  async authenticate(token: string): Promise<Authority | undefined> {
    const owner = await this.sessions.authenticate(this.system, hashToken(token));
    if (owner === undefined) return undefined;
    const { tenantId, memberId, sessionId, role, standing, epoch, endsInMs } = owner;
    const actor = { type: 'Member', id: memberId, sessionId } as const;
    return { caller: { tenantId, actor, scopes: ROLE_SCOPES[role], standing }, epoch, endsInMs };
  }

  /**
   * Opens a session, together with its entry of the audit log. The transaction's last step.
   *
   * @throws {@link SignInFailedError} unless the member has joined and was not removed.
   */
  async open(
    tx: TenantTx,
    memberId: MemberId,
    method: SignInMethod,
    { operation, requestId, args }: SignInRequest,
  ): Promise<OpenedSession> {
    const [member] = await this.members.findByIds(tx, [memberId]);
    if (member?.state !== MemberState.ACTIVE) throw new SignInFailedError();
    const token = generateSessionToken();
    const session = await this.sessions.insert(tx, memberId, hashToken(token), method);
    await this.audit.append(tx.manager, tx.tenantId, {
      operation,
      requestId,
      actor: encodeGlobalId('Member', memberId),
      scopes: ROLE_SCOPES[member.role],
      inputHash: inputHash(args),
    });
    return { token, session, member };
  }

  async list(tenantId: TenantId, memberId: MemberId): Promise<Session[]> {
    return this.database.transaction(tenantId, (tx) => this.sessions.list(tx, memberId));
  }

  /**
   * Ends a session, the caller's own if none is named. Twice changes nothing.
   *
   * @throws {@link NotFoundError} also for another member's, unless the caller manages members.
   */
  async revoke(caller: PersonCaller, sessionId: SessionId = caller.actor.sessionId): Promise<void> {
    await this.database.transaction(caller.tenantId, async (tx) => {
      const memberId = await this.sessions.findMember(tx, sessionId);
      const isAllowed = memberId === caller.actor.id || caller.scopes.includes('member:write');
      if (memberId === undefined || !isAllowed) throw new NotFoundError('Session', sessionId);
      await this.sessions.revoke(tx, sessionId);
    });
  }
}
