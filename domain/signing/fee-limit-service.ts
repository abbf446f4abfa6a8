import type { ChainTable } from '../../chains/chain-table';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { SetFeeLimit } from '../../schema/inputs/fee-limit';
import type { FeeLimit } from '../../schema/types/fee-limit';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { ChainNotSupportedError } from '../registry/registry-errors';

interface FeeLimitRow {
  readonly chain_id: ChainId;
  readonly per_gas: string | null;
  readonly total: string | null;
}

/** What a tenant lets its transactions cost. They look at it each time that they are signed. */
export class FeeLimitService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly chains: ChainTable,
  ) {}

  /** Replaces the limits of a chain. What waits for a higher one goes on within a block. @throws {@link ChainNotSupportedError} */
  async set(tenantId: TenantId, limit: SetFeeLimit): Promise<FeeLimit> {
    const { chainId, maxFeePerGasWei, maxTotalFeeWei } = limit;
    if (this.chains.find(chainId) === undefined) throw new ChainNotSupportedError(chainId);
    await this.database.transaction(tenantId, (tx) =>
      tx.manager.query(
        `insert into fee_limits (tenant_id, chain_id, max_fee_per_gas_wei, max_total_fee_wei) values ($1, $2, $3, $4)
         on conflict (tenant_id, chain_id) do update
           set max_fee_per_gas_wei = excluded.max_fee_per_gas_wei, max_total_fee_wei = excluded.max_total_fee_wei`,
        [tenantId, chainId, maxFeePerGasWei, maxTotalFeeWei],
      ),
    );
    return limit;
  }

  /** The limits of every chain that has any. */
  async all(tenantId: TenantId): Promise<FeeLimit[]> {
    const rows: FeeLimitRow[] = await this.database.transaction(tenantId, (tx) =>
      tx.manager.query(
        `select chain_id, max_fee_per_gas_wei::text as per_gas, max_total_fee_wei::text as total from fee_limits
          where tenant_id = $1 and num_nonnulls(max_fee_per_gas_wei, max_total_fee_wei) > 0 order by chain_id`,
        [tenantId],
      ),
    );
    return rows.map(({ chain_id, per_gas, total }) => ({
      chainId: chain_id,
      maxFeePerGasWei: per_gas,
      maxTotalFeeWei: total,
    }));
  }
}
