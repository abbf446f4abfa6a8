import type { ChainId } from '../../schema/caip';
import type { ErrorCode } from '../../schema/error-codes';
import type { TenantId } from '../../schema/ids';
import type { SealedRows } from '../../tenants/secrets/sealed-rows';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantTx } from '../../tenants/tenant-database';

/** The endpoints that a tenant has brought for one chain. */
export interface BroughtEndpoints {
  readonly chainId: ChainId;
  /** In the order of trying. They may hold keys: nobody is shown more than their hosts. */
  readonly urls: readonly string[];
  /** Whether the deployment's endpoints are asked when these fail. */
  readonly fallback: boolean;
  /** How and when all of them last failed; null if they have not, or not since they were set. */
  readonly lastError: { readonly code: string; readonly at: Date } | null;
}

interface EndpointsRow {
  readonly chain_id: ChainId;
  readonly fallback: boolean;
  readonly last_error_code: string | null;
  readonly last_error_at: Date | null;
  readonly key_id: string;
  readonly sealed: Buffer;
}

/** The secrets of {@link RpcEndpointRepository}. */
export const RPC_ENDPOINT_ROWS: SealedRows = {
  table: 'rpc_endpoints',
  keyIdColumn: 'key_id',
  sealedColumn: 'sealed',
  keyColumns: ['chain_id'],
  binding: (tenantId, [chainId = '']) => binding(tenantId, chainId),
};

/** The RPC endpoints that tenants have brought; their URLs are sealed, one row per chain. */
export class RpcEndpointRepository {
  constructor(private readonly box: SecretBox) {}

  async set(tx: TenantTx, chainId: ChainId, urls: readonly string[], fallback: boolean): Promise<void> {
    const { keyId, sealed } = this.box.seal(Buffer.from(JSON.stringify(urls)), binding(tx.tenantId, chainId));
    await tx.manager.query(
      `insert into rpc_endpoints (tenant_id, chain_id, fallback, key_id, sealed) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, chain_id) do update set fallback = excluded.fallback, key_id = excluded.key_id,
         sealed = excluded.sealed, last_error_code = null, last_error_at = null, updated_at = now()`,
      [tx.tenantId, chainId, fallback, keyId, sealed],
    );
  }

  async remove(tx: TenantTx, chainId: ChainId): Promise<void> {
    await tx.manager.query('delete from rpc_endpoints where tenant_id = $1 and chain_id = $2', [
      tx.tenantId,
      chainId,
    ]);
  }

  async noteError(tx: TenantTx, chainId: ChainId, code: ErrorCode): Promise<void> {
    await tx.manager.query(
      `update rpc_endpoints set last_error_code = $3, last_error_at = now()
        where tenant_id = $1 and chain_id = $2`,
      [tx.tenantId, chainId, code],
    );
  }

  /** Those of every chain that has any, by chain. */
  async all(tx: TenantTx): Promise<BroughtEndpoints[]> {
    const rows: EndpointsRow[] = await tx.manager.query(
      `select chain_id, fallback, last_error_code, last_error_at, key_id, sealed from rpc_endpoints
        where tenant_id = $1 order by chain_id`,
      [tx.tenantId],
    );
    return rows.map((row) => {
      const secret = { keyId: row.key_id, sealed: row.sealed };
      const opened = this.box.open(secret, binding(tx.tenantId, row.chain_id));
      return {
        chainId: row.chain_id,
        urls: JSON.parse(opened.toString()),
        fallback: row.fallback,
        lastError:
          row.last_error_code === null || row.last_error_at === null
            ? null
            : { code: row.last_error_code, at: row.last_error_at },
      };
    });
  }
}

function binding(tenantId: TenantId, chainId: string): string[] {
  return [tenantId, 'rpc endpoints', chainId];
}
