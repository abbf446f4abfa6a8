import type { MemberId, SessionId, TenantId } from '../../schema/ids';
import type { MemberRole } from '../../schema/roles';
import type { Session, SignInMethod } from '../../schema/types/member';
import type { AuthorityEpoch } from '../../tenants/authority-epochs';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantTx } from '../../tenants/tenant-database';
import {
  millisecondsUntil,
  STANDING_COLUMNS,
  type StandingRow,
  standingJoin,
  type TenantStanding,
  toStanding,
} from '../tenancy/tenant-standing';

/** A working day, and then one signs in again; sooner after a long break. */
export const SESSION_HOURS = 12;
export const IDLE_HOURS = 2;
/** Sessions that a member may have; the oldest ends for a new one. */
export const MAX_SESSIONS = 20;

const ENDS_AT = `least(expires_at, last_used_at + interval '${IDLE_HOURS} hours')`;
const IN_FORCE = `revoked_at is null and ${ENDS_AT} > now()`;
const LONG_AGO = "last_used_at < now() - interval '1 minute'";

/** Who a session's token speaks for. */
export interface SessionOwner {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly sessionId: SessionId;
  readonly role: MemberRole;
  readonly standing: TenantStanding;
  readonly epoch: AuthorityEpoch;
  readonly endsInMs: number;
}

interface SessionRow {
  readonly id: SessionId;
  readonly method: SignInMethod;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
}

const COLUMNS = 'id, method, created_at, last_used_at, expires_at';

/** The sessions of members, by the hashes of their tokens. */
export class SessionRepository {
  async insert(tx: TenantTx, memberId: MemberId, tokenHash: Buffer, method: SignInMethod): Promise<Session> {
    await tx.manager.query(
      `update sessions set revoked_at = now() where tenant_id = $1 and id in (
         select id from sessions where tenant_id = $1 and member_id = $2 and ${IN_FORCE}
         order by created_at desc offset ${MAX_SESSIONS - 1})`,
      [tx.tenantId, memberId],
    );
    await tx.manager.query(
      `delete from sessions where tenant_id = $1 and member_id = $2 and expires_at < now() - interval '90 days'`,
      [tx.tenantId, memberId],
    );
    const rows: SessionRow[] = await tx.manager.query(
      `insert into sessions (tenant_id, member_id, token_hash, method, expires_at)
       values ($1, $2, $3, $4, now() + interval '${SESSION_HOURS} hours') returning ${COLUMNS}`,
      [tx.tenantId, memberId, tokenHash, method],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an insert returns its row');
    return toSession(row);
  }

  /** Those in force, the newest first. */
  async list(tx: TenantTx, memberId: MemberId): Promise<Session[]> {
    const rows: SessionRow[] = await tx.manager.query(
      `select ${COLUMNS} from sessions where tenant_id = $1 and member_id = $2 and ${IN_FORCE}
        order by created_at desc, id`,
      [tx.tenantId, memberId],
    );
    return rows.map(toSession);
  }

  /** Whose session it is, in force or not. */
  async findMember(tx: TenantTx, id: SessionId): Promise<MemberId | undefined> {
    const rows: { member_id: MemberId }[] = await tx.manager.query(
      'select member_id from sessions where tenant_id = $1 and id = $2',
      [tx.tenantId, id],
    );
    return rows[0]?.member_id;
  }

  async revoke(tx: TenantTx, id: SessionId): Promise<void> {
    await tx.manager.query(
      'update sessions set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2',
      [tx.tenantId, id],
    );
  }

  /** Ends all of a member's sessions, but for one. */
  async revokeAll(tx: TenantTx, memberId: MemberId, but: SessionId | null = null): Promise<void> {
    await tx.manager.query(
      `update sessions set revoked_at = now()
        where tenant_id = $1 and member_id = $2 and revoked_at is null and id is distinct from $3`,
      [tx.tenantId, memberId, but],
    );
  }

  /** Whom a token speaks for, or undefined when it is unknown, over or its member's no more. Notes its use. */
  async authenticate(database: SystemDatabase, tokenHash: Buffer): Promise<SessionOwner | undefined> {
    const [row] = await database.read<
      Omit<SessionOwner, 'standing' | 'epoch'> & StandingRow & { readonly unnoticed: boolean }
    >(
      `select s.tenant_id as "tenantId", s.member_id as "memberId", s.id as "sessionId", m.role, ${LONG_AGO} as unnoticed,
              ${millisecondsUntil(ENDS_AT)} as "endsInMs", ${STANDING_COLUMNS}
         from sessions s join members m on m.tenant_id = s.tenant_id and m.id = s.member_id ${standingJoin('s')}
        where s.token_hash = $1 and ${IN_FORCE} and m.removed_at is null`,
      [tokenHash],
    );
    if (row === undefined) return undefined;
    const { unnoticed, authority_epoch: epoch, tenantId, memberId, sessionId, role, endsInMs } = row;
    const owner = { tenantId, memberId, sessionId, role, standing: toStanding(row), epoch, endsInMs };
    if (unnoticed) await this.noteUse(database, owner);
    return owner;
  }

  /** At most one write a minute for each session, however many requests come. */
  private async noteUse(database: SystemDatabase, { tenantId, sessionId }: SessionOwner): Promise<void> {
    await database.transaction((tx) =>
      tx.manager.query(
        `update sessions set last_used_at = now() where tenant_id = $1 and id = $2 and ${LONG_AGO}`,
        [tenantId, sessionId],
      ),
    );
  }
}

function toSession(row: SessionRow): Session {
  return {
    sessionId: row.id,
    method: row.method,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}
