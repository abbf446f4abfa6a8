import type { MemberId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { IdentityTakenError } from './people-errors';

/** Whom somebody else knows a member as. */
export interface Identity {
  /** URL of the OpenID provider, or {@link WALLET}. */
  readonly issuer: string;
  /** The provider's `sub`, or a CAIP-10 account. */
  readonly subject: string;
}

/** The issuer of accounts: their keys speak for themselves. */
export const WALLET = 'wallet';

/** What members sign in with besides passwords. */
export class IdentityRepository {
  async findMember(tx: TenantTx, { issuer, subject }: Identity): Promise<MemberId | undefined> {
    const rows: { member_id: MemberId }[] = await tx.manager.query(
      'select member_id from member_identities where tenant_id = $1 and issuer = $2 and subject = $3',
      [tx.tenantId, issuer, subject],
    );
    return rows[0]?.member_id;
  }

  /** Lets a member sign in with it; twice changes nothing. @throws {@link IdentityTakenError} */
  async link(tx: TenantTx, memberId: MemberId, { issuer, subject }: Identity): Promise<void> {
    if ((await this.findMember(tx, { issuer, subject })) === memberId) return;
    try {
      await tx.manager.query(
        'insert into member_identities (tenant_id, member_id, issuer, subject) values ($1, $2, $3, $4)',
        [tx.tenantId, memberId, issuer, subject],
      );
    } catch (error) {
      if (isUniqueViolation(error, 'member_identities_pkey')) throw new IdentityTakenError();
      throw error;
    }
  }

  /** @returns false if the member does not sign in with it. */
  async unlink(tx: TenantTx, memberId: MemberId, { issuer, subject }: Identity): Promise<boolean> {
    const [, count]: [unknown, number] = await tx.manager.query(
      'delete from member_identities where tenant_id = $1 and member_id = $2 and issuer = $3 and subject = $4',
      [tx.tenantId, memberId, issuer, subject],
    );
    return count > 0;
  }

  async unlinkAll(tx: TenantTx, memberId: MemberId): Promise<void> {
    await tx.manager.query('delete from member_identities where tenant_id = $1 and member_id = $2', [
      tx.tenantId,
      memberId,
    ]);
  }

  /** Whether an issuer knows the member already. */
  async isKnownTo(tx: TenantTx, memberId: MemberId, issuer: string): Promise<boolean> {
    const rows: object[] = await tx.manager.query(
      'select from member_identities where tenant_id = $1 and member_id = $2 and issuer = $3 limit 1',
      [tx.tenantId, memberId, issuer],
    );
    return rows.length > 0;
  }

  /** With how many the member can sign in. */
  async count(tx: TenantTx, memberId: MemberId): Promise<number> {
    const [row]: { count: number }[] = await tx.manager.query(
      'select count(*)::int as count from member_identities where tenant_id = $1 and member_id = $2',
      [tx.tenantId, memberId],
    );
    return row?.count ?? 0;
  }
}
