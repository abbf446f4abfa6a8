import type { ChainId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';

/** How far the events of one chain of a registry have been taken over. */
export interface ProjectionMark {
  readonly chainId: ChainId;
  /** Events up to this height are fixed; those above are read again each time. */
  readonly finalBlock: number;
  /** The last breach of the chain's finality that was dealt with. */
  readonly breachId: number;
}

export class ProjectionRepository {
  /** Begins a chain's projection at genesis. */
  async start(tx: TenantTx, registryId: RegistryId, chainIds: readonly ChainId[]): Promise<void> {
    await tx.manager.query(
      `insert into projections (tenant_id, registry_id, chain_id, final_block) select $1, $2, unnest($3::text[]), -1`,
      [tx.tenantId, registryId, chainIds],
    );
  }

  /** The marks of a registry, locked: one projection of a registry runs at a time. */
  async lock(tx: TenantTx, registryId: RegistryId): Promise<ProjectionMark[]> {
    const rows: { chain_id: ChainId; final_block: string; breach_id: string }[] = await tx.manager.query(
      `select chain_id, final_block, breach_id from projections
        where tenant_id = $1 and registry_id = $2 order by chain_id for update`,
      [tx.tenantId, registryId],
    );
    return rows.map((row) => ({
      chainId: row.chain_id,
      finalBlock: Number(row.final_block),
      breachId: Number(row.breach_id),
    }));
  }

  async save(tx: TenantTx, registryId: RegistryId, marks: readonly ProjectionMark[]): Promise<void> {
    if (marks.length === 0) return;
    await tx.manager.query(
      `update projections p set final_block = mark.final_block, breach_id = mark.breach_id
         from unnest($3::text[], $4::bigint[], $5::bigint[]) as mark (chain_id, final_block, breach_id)
        where p.tenant_id = $1 and p.registry_id = $2 and p.chain_id = mark.chain_id`,
      [
        tx.tenantId,
        registryId,
        marks.map(({ chainId }) => chainId),
        marks.map(({ finalBlock }) => finalBlock),
        marks.map(({ breachId }) => breachId),
      ],
    );
  }
}
