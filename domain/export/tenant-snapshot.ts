import type { TenantTx } from '../../tenants/tenant-database';
import { FIRST_AUDIT_HASH } from '../audit/audit-entry';
import type { Manifest } from './archive/manifest';
import { TenantUnknownError } from './export-errors';
import { utc } from './table-reader';

interface TenantRow {
  readonly name: string;
  readonly suspended_at: string | null;
  readonly snapshot_at: string;
}

interface ChainRow {
  readonly chain_id: string;
  readonly head_number: string;
  readonly head_hash: string;
  readonly final_number: string;
  readonly final_hash: string;
}

/** What a manifest says besides its tables. */
export type SnapshotFacts = Pick<Manifest, 'tenant' | 'snapshotAt' | 'suspendedAt' | 'chains' | 'audit'>;

/** @throws {@link TenantUnknownError} */
export async function readSnapshotFacts({ manager, tenantId }: TenantTx): Promise<SnapshotFacts> {
  const [tenant]: TenantRow[] = await manager.query(
    `select name, ${utc('suspended_at')} as suspended_at, ${utc('now()')} as snapshot_at
       from tenants where tenant_id = $1`,
    [tenantId],
  );
  if (tenant === undefined) throw new TenantUnknownError(tenantId);
  const chains: ChainRow[] = await manager.query(
    `select chain_id, head_number, '0x' || encode(head_hash, 'hex') as head_hash,
            final_number, '0x' || encode(final_hash, 'hex') as final_hash
       from chain_cursors order by chain_id`,
  );
  const [end]: { sequence: string; hash: string }[] = await manager.query(
    'select sequence, hash from audit_ends where tenant_id = $1',
    [tenantId],
  );
  return {
    tenant: { id: tenantId, name: tenant.name },
    snapshotAt: tenant.snapshot_at,
    suspendedAt: tenant.suspended_at,
    chains: chains.map((chain) => ({
      chainId: chain.chain_id,
      headBlock: chain.head_number,
      headHash: chain.head_hash,
      finalBlock: chain.final_number,
      finalHash: chain.final_hash,
    })),
    audit: { sequence: Number(end?.sequence ?? 0), hash: end?.hash ?? FIRST_AUDIT_HASH },
  };
}
