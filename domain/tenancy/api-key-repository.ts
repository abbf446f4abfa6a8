import type { ApiKeyId } from '../../schema/ids';
import type { ApiKeyFilter } from '../../schema/inputs/api-key';
import type { PageRequest } from '../../schema/inputs/page';
import type { Scope } from '../../schema/scopes';
import type { ApiKey } from '../../schema/types/api-key';
import type { Page } from '../../schema/types/connection';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';
import { hintOf, KEY_IN_FORCE } from './api-key';
import { hashToken } from './token-hash';

interface ApiKeyRow {
  id: ApiKeyId;
  label: string;
  scopes: Scope[];
  hint: string;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

const COLUMNS = 'id, label, scopes, hint, expires_at, last_used_at, revoked_at, created_at';

/** The API keys of tenants, by their hashes. Rows are never removed: old entries of a log may name them. */
export class ApiKeyRepository {
  async insert(
    tx: TenantTx,
    secret: string,
    { label, scopes, expiresAt }: Pick<ApiKey, 'label' | 'scopes' | 'expiresAt'>,
  ): Promise<ApiKey> {
    const rows: ApiKeyRow[] = await tx.manager.query(
      `insert into api_keys (tenant_id, label, key_hash, scopes, hint, expires_at)
       values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
      [tx.tenantId, label, hashToken(secret), scopes, hintOf(secret), expiresAt],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an insert returns its row');
    return toApiKey(row);
  }

  /** The keys in force; until the transaction ends, nobody else of this tenant changes which they are. */
  async lockInForce(tx: TenantTx): Promise<ApiKey[]> {
    await lockNamed(tx, 'api keys');
    return this.query(tx, KEY_IN_FORCE, []);
  }

  async findByIds(tx: TenantTx, ids: readonly ApiKeyId[]): Promise<ApiKey[]> {
    return this.query(tx, 'id = any($2)', [ids]);
  }

  /** Ends a key at once; one that was revoked stays so. */
  async revoke(tx: TenantTx, id: ApiKeyId): Promise<void> {
    await tx.manager.query(
      'update api_keys set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2',
      [tx.tenantId, id],
    );
  }

  /** Has a key expire in `hours`, unless it does sooner. */
  async expireIn(tx: TenantTx, id: ApiKeyId, hours: number): Promise<void> {
    await tx.manager.query(
      `update api_keys set expires_at = least(expires_at, now() + make_interval(hours => $3))
        where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, hours],
    );
  }

  async page(tx: TenantReads, request: PageRequest, filter: ApiKeyFilter): Promise<Page<ApiKey>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'api_keys',
      where: { label: filter?.label },
      toNode: toApiKey,
    });
  }

  private async query(tx: TenantTx, condition: string, values: readonly unknown[]): Promise<ApiKey[]> {
    const rows: ApiKeyRow[] = await tx.manager.query(
      `select ${COLUMNS} from api_keys where tenant_id = $1 and ${condition} order by created_at, id`,
      [tx.tenantId, ...values],
    );
    return rows.map(toApiKey);
  }
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    label: row.label,
    scopes: row.scopes,
    hint: row.hint,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
    createdAt: row.created_at,
  };
}
