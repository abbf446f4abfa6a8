import type { MemberId, TenantId } from '../../schema/ids';
import type { ChangeMemberRole, InviteMember, MemberFilter } from '../../schema/inputs/member';
import type { PageRequest } from '../../schema/inputs/page';
import { MemberRole, ROLE_SCOPES } from '../../schema/roles';
import type { Scope } from '../../schema/scopes';
import type { Page } from '../../schema/types/connection';
import { type Member, MemberState } from '../../schema/types/member';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import { requireHeld } from '../tenancy/held-scopes';
import { hashToken } from '../tenancy/token-hash';
import { LastOwnerError, MemberExistsError, MemberLimitReachedError } from './people-errors';
import type { PeopleStores } from './people-stores';
import { generateInvitation } from './tokens';

/** Members that a tenant may have, invited ones included. */
export const MAX_MEMBERS = 1_000;
export const INVITATION_DAYS = 7;

/** A member with an invitation, which is readable this once. */
export interface InvitedMember {
  readonly member: Member;
  readonly invitation: string;
}

/**
 * Who belongs to a tenant, and as what. Throughout, `held` is what the caller may do: nobody gives, takes away
 * or lets himself into rights that he has not.
 */
export class MemberService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: PeopleStores,
  ) {}

  /** @throws ScopeNotHeldError, {@link MemberExistsError}, {@link MemberLimitReachedError} */
  async invite(tenantId: TenantId, held: readonly Scope[], wanted: InviteMember): Promise<InvitedMember> {
    requireHeld(ROLE_SCOPES[wanted.role], held);
    return this.database.transaction(tenantId, async (tx) => {
      await this.stores.members.lockAll(tx);
      if ((await this.stores.members.count(tx)) >= MAX_MEMBERS)
        throw new MemberLimitReachedError(MAX_MEMBERS);
      const memberId = await this.stores.members.insert(tx, wanted);
      if (memberId === undefined) throw new MemberExistsError();
      return this.openInvitation(tx, memberId);
    });
  }

  /**
   * Makes another invitation in place of the last one. One who has joined sets a way to sign in anew with it:
   * for a forgotten password, a lost wallet.
   *
   * @throws {@link NotFoundError}, ScopeNotHeldError
   */
  async renewInvitation(
    tenantId: TenantId,
    held: readonly Scope[],
    memberId: MemberId,
  ): Promise<InvitedMember> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.stores.members.lockAll(tx);
      await this.readPresent(tx, held, memberId);
      return this.openInvitation(tx, memberId);
    });
  }

  /** @throws {@link NotFoundError}, ScopeNotHeldError, {@link LastOwnerError} */
  async changeRole(
    tenantId: TenantId,
    held: readonly Scope[],
    { memberId, role }: ChangeMemberRole,
  ): Promise<Member> {
    requireHeld(ROLE_SCOPES[role], held);
    return this.database.transaction(tenantId, async (tx) => {
      await this.stores.members.lockAll(tx);
      const member = await this.readPresent(tx, held, memberId);
      if (member.role === role) return member;
      await this.requireOtherOwner(tx, member);
      await this.stores.members.setRole(tx, memberId, role);
      return { ...member, role };
    });
  }

  /**
   * Ends a membership with all of its sessions, and frees what the member signed in with. Twice changes nothing.
   *
   * @throws {@link NotFoundError}, ScopeNotHeldError, {@link LastOwnerError}
   */
  async remove(tenantId: TenantId, held: readonly Scope[], memberId: MemberId): Promise<Member> {
    const { members, sessions, identities } = this.stores;
    return this.database.transaction(tenantId, async (tx) => {
      await members.lockAll(tx);
      const member = await this.read(tx, memberId);
      if (member.state === MemberState.REMOVED) return member;
      requireHeld(ROLE_SCOPES[member.role], held);
      await this.requireOtherOwner(tx, member);
      await members.remove(tx, memberId);
      await sessions.revokeAll(tx, memberId);
      await identities.unlinkAll(tx, memberId);
      return this.read(tx, memberId);
    });
  }

  async findByIds(tenantId: TenantId, ids: readonly MemberId[]): Promise<Member[]> {
    return this.database.read(tenantId, (tx) => this.stores.members.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter: MemberFilter): Promise<Page<Member>> {
    return this.database.read(tenantId, (tx) => this.stores.members.page(tx, request, filter));
  }

  private async openInvitation(tx: TenantTx, memberId: MemberId): Promise<InvitedMember> {
    const invitation = generateInvitation(tx.tenantId);
    await this.stores.members.setInvitation(tx, memberId, hashToken(invitation), INVITATION_DAYS);
    return { member: await this.read(tx, memberId), invitation };
  }

  private async requireOtherOwner(tx: TenantTx, { id, role, state }: Member): Promise<void> {
    if (role !== MemberRole.OWNER || state !== MemberState.ACTIVE) return;
    if ((await this.stores.members.countOwnersBut(tx, id)) === 0) throw new LastOwnerError();
  }

  /** A member who was not removed, and over whom the caller has power. */
  private async readPresent(tx: TenantTx, held: readonly Scope[], memberId: MemberId): Promise<Member> {
    const member = await this.read(tx, memberId);
    if (member.state === MemberState.REMOVED) throw new NotFoundError('Member', memberId);
    requireHeld(ROLE_SCOPES[member.role], held);
    return member;
  }

  private async read(tx: TenantTx, memberId: MemberId): Promise<Member> {
    const [member] = await this.stores.members.findByIds(tx, [memberId]);
    if (member === undefined) throw new NotFoundError('Member', memberId);
    return member;
  }
}
