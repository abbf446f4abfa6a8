import type { MemberId } from '../../schema/ids';
import type { MemberFilter } from '../../schema/inputs/member';
import type { PageRequest } from '../../schema/inputs/page';
import type { MemberRole } from '../../schema/roles';
import type { Page } from '../../schema/types/connection';
import { type Member, MemberState } from '../../schema/types/member';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface MemberRow {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly has_password: boolean;
  readonly wallets: string[];
  readonly invitation_expires_at: Date | null;
  readonly joined_at: Date | null;
  readonly removed_at: Date | null;
  readonly created_at: Date;
}

const COLUMNS = `id, email, name, role, password_hash is not null as has_password, invitation_expires_at, joined_at, removed_at,
  created_at, array(select subject from member_identities i
    where i.tenant_id = members.tenant_id and i.member_id = members.id and i.issuer = 'wallet' order by subject) as wallets`;

/** The people of tenants. Rows are never removed: entries of the audit log name them. */
export class MemberRepository {
  /** @returns undefined if there is a member with the address already. */
  async insert(
    tx: TenantTx,
    { email, name, role }: Pick<Member, 'email' | 'name' | 'role'>,
  ): Promise<MemberId | undefined> {
    const rows: { id: MemberId }[] = await tx.manager.query(
      `insert into members (tenant_id, email, name, role) values ($1, $2, $3, $4)
       on conflict (tenant_id, email) where removed_at is null do nothing returning id`,
      [tx.tenantId, email, name, role],
    );
    return rows[0]?.id;
  }

  /** Until the transaction ends, nobody else changes who is a member of this tenant, and as what. */
  async lockAll(tx: TenantTx): Promise<void> {
    await lockNamed(tx, 'members');
  }

  async count(tx: TenantTx): Promise<number> {
    const [row]: { count: number }[] = await tx.manager.query(
      'select count(*)::int as count from members where tenant_id = $1 and removed_at is null',
      [tx.tenantId],
    );
    return row?.count ?? 0;
  }

  /** Owners who have joined, but for one. */
  async countOwnersBut(tx: TenantTx, id: MemberId): Promise<number> {
    const [row]: { count: number }[] = await tx.manager.query(
      `select count(*)::int as count from members where tenant_id = $1 and id <> $2 and role = 'OWNER'
          and joined_at is not null and removed_at is null`,
      [tx.tenantId, id],
    );
    return row?.count ?? 0;
  }

  async findByIds(tx: TenantTx, ids: readonly MemberId[]): Promise<Member[]> {
    const rows: MemberRow[] = await tx.manager.query(
      `select ${COLUMNS} from members where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return rows.map(toMember);
  }

  async page(tx: TenantReads, request: PageRequest, filter: MemberFilter): Promise<Page<Member>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'members',
      where: { email: filter?.email, role: filter?.role },
      toNode: toMember,
    });
  }

  /** Who may sign in with this address, and the hash of the password, if there is one. */
  async findByEmail(
    tx: TenantTx,
    email: string,
  ): Promise<{ readonly id: MemberId; readonly passwordHash: string | null } | undefined> {
    const rows: { id: MemberId; passwordHash: string | null }[] = await tx.manager.query(
      `select id, password_hash as "passwordHash" from members
        where tenant_id = $1 and email = $2 and removed_at is null`,
      [tx.tenantId, email],
    );
    return rows[0];
  }

  async passwordHashOf(tx: TenantTx, id: MemberId): Promise<string | null> {
    const [row]: { password_hash: string | null }[] = await tx.manager.query(
      'select password_hash from members where tenant_id = $1 and id = $2',
      [tx.tenantId, id],
    );
    return row?.password_hash ?? null;
  }

  async setPassword(tx: TenantTx, id: MemberId, passwordHash: string): Promise<void> {
    await tx.manager.query('update members set password_hash = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      id,
      passwordHash,
    ]);
  }

  async setRole(tx: TenantTx, id: MemberId, role: MemberRole): Promise<void> {
    await tx.manager.query('update members set role = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      id,
      role,
    ]);
  }

  /** Opens an invitation in place of the one before. */
  async setInvitation(tx: TenantTx, id: MemberId, hash: Buffer, days: number): Promise<void> {
    await tx.manager.query(
      `update members set invitation_hash = $3, invitation_expires_at = now() + make_interval(days => $4)
        where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, hash, days],
    );
  }

  /** Takes an invitation, which nobody can take again. @returns whom it invites; undefined if it is over. */
  async takeInvitation(tx: TenantTx, hash: Buffer): Promise<MemberId | undefined> {
    const [rows]: [{ id: MemberId }[], number] = await tx.manager.query(
      `update members
          set invitation_hash = null, invitation_expires_at = null, joined_at = coalesce(joined_at, now())
        where tenant_id = $1 and invitation_hash = $2 and invitation_expires_at > now() and removed_at is null
        returning id`,
      [tx.tenantId, hash],
    );
    return rows[0]?.id;
  }

  /** Lets a member in whom an OpenID provider vouches for: that takes the invitation's place. */
  async join(tx: TenantTx, id: MemberId): Promise<void> {
    await tx.manager.query(
      `update members set invitation_hash = null, invitation_expires_at = null, joined_at = now()
        where tenant_id = $1 and id = $2 and joined_at is null`,
      [tx.tenantId, id],
    );
  }

  async remove(tx: TenantTx, id: MemberId): Promise<void> {
    await tx.manager.query(
      `update members set removed_at = coalesce(removed_at, now()), password_hash = null, invitation_hash = null,
                          invitation_expires_at = null
        where tenant_id = $1 and id = $2`,
      [tx.tenantId, id],
    );
  }
}

function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    state: stateOf(row),
    hasPassword: row.has_password,
    wallets: row.wallets,
    invitationExpiresAt: row.invitation_expires_at,
    joinedAt: row.joined_at,
    createdAt: row.created_at,
  };
}

function stateOf({ joined_at, removed_at }: MemberRow): MemberState {
  if (removed_at !== null) return MemberState.REMOVED;
  return joined_at === null ? MemberState.INVITED : MemberState.ACTIVE;
}
