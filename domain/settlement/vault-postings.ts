import type { MovementId, RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';

/** Which movements of vaults are in the books, and how often a reorg or a breach of finality has taken each back. */
export class VaultPostings {
  /** Puts movements down as posted. @returns The inclusions under which those that were not are posted. */
  async begin(
    tx: TenantTx,
    registryId: RegistryId,
    movements: readonly MovementId[],
  ): Promise<ReadonlyMap<MovementId, number>> {
    return this.inclusions(
      tx,
      `insert into vault_postings as known (tenant_id, registry_id, movement_id, inclusion, standing)
       select $1, $2, unnest($3::uuid[]), 0, true
       on conflict (tenant_id, movement_id) do update set standing = true where not known.standing
       returning movement_id, inclusion`,
      [tx.tenantId, registryId, movements],
    );
  }

  /** Puts movements down as taken back. @returns The inclusions under which those that stood were posted. */
  async end(tx: TenantTx, movements: readonly MovementId[]): Promise<ReadonlyMap<MovementId, number>> {
    return this.inclusions(
      tx,
      `with ended as (
         update vault_postings set standing = false, inclusion = inclusion + 1
          where tenant_id = $1 and movement_id = any($2::uuid[]) and standing returning movement_id, inclusion - 1 as inclusion)
       select * from ended`,
      [tx.tenantId, movements],
    );
  }

  /** @returns The inclusions under which those of the movements stand that do. */
  async standing(tx: TenantTx, movements: readonly MovementId[]): Promise<ReadonlyMap<MovementId, number>> {
    return this.inclusions(
      tx,
      'select movement_id, inclusion from vault_postings where tenant_id = $1 and movement_id = any($2::uuid[]) and standing',
      [tx.tenantId, movements],
    );
  }

  private async inclusions(
    tx: TenantTx,
    sql: string,
    values: unknown[],
  ): Promise<ReadonlyMap<MovementId, number>> {
    const rows: { movement_id: MovementId; inclusion: number }[] = await tx.manager.query(sql, values);
    return new Map(rows.map(({ movement_id, inclusion }) => [movement_id, inclusion]));
  }
}
