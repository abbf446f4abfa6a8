import type { ChainTable } from '../../chains/chain-table';
import type { Signers } from '../../chains/signers/signers';
import { type AccountId, evmAccountId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { type Tenant, TenantState } from '../../schema/types/tenant';
import type { TenantDatabase } from '../../tenants/tenant-database';

interface TenantRow {
  readonly tenant_id: TenantId;
  readonly name: string;
  readonly suspended_at: Date | null;
  readonly suspension_reason: string | null;
  readonly plan: string;
  readonly pool: string;
  readonly created_at: Date;
}

/** A tenant's view of itself. */
export class TenantService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly chains: ChainTable,
    private readonly signers: Signers,
  ) {}

  async get(tenantId: TenantId): Promise<Tenant> {
    const rows: TenantRow[] = await this.database.read(tenantId, (tx) =>
      tx.manager.query(
        `select tenant_id, name, suspended_at, suspension_reason, plan, pool, created_at
           from tenants where tenant_id = $1`,
        [tenantId],
      ),
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`the authenticated tenant ${tenantId} has no row`);
    return {
      tenantId: row.tenant_id,
      name: row.name,
      state: row.suspended_at === null ? TenantState.ACTIVE : TenantState.SUSPENDED,
      suspendedAt: row.suspended_at,
      suspensionReason: row.suspension_reason,
      plan: row.plan,
      pool: row.pool,
      accounts: await this.accounts(tenantId),
      createdAt: row.created_at,
    };
  }

  /** The accounts that send the tenant's transactions, on each chain of the deployment. */
  async accounts(tenantId: TenantId): Promise<AccountId[]> {
    return Promise.all(
      this.chains.all().map(async ({ chainId }) => {
        const { address } = await this.signers.accountFor(tenantId, chainId);
        return evmAccountId(chainId, address);
      }),
    );
  }
}
