import type { ChainId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';

/** How far the books of one chain of a registry are known to be whole. */
export interface BookMark {
  readonly chainId: ChainId;
  /** Up to which block every credit of its vault is in the books. */
  readonly bookedBlock: number;
  /** Up to which place of the books every entry of an earlier release has been restated. */
  readonly restatedTo: number;
  /** Up to which block the record is final. */
  readonly finalBlock: number;
}

/** Up to where the books are whole, by chain of a registry. */
export class BookMarks {
  /** The marks of a registry, locked with its projection. */
  async lock(tx: TenantTx, registryId: RegistryId): Promise<BookMark[]> {
    return tx.manager.query(
      `select chain_id as "chainId", booked_block::float8 as "bookedBlock", restated_to::float8 as "restatedTo",
              final_block::float8 as "finalBlock"
         from projections where tenant_id = $1 and registry_id = $2 order by chain_id for update`,
      [tx.tenantId, registryId],
    );
  }

  /** Moves a mark on; it never goes back. */
  async save(
    tx: TenantTx,
    registryId: RegistryId,
    { chainId, bookedBlock, restatedTo }: Omit<BookMark, 'finalBlock'>,
  ): Promise<void> {
    await tx.manager.query(
      `update projections set booked_block = greatest(booked_block, $4), restated_to = greatest(restated_to, $5)
        where tenant_id = $1 and registry_id = $2 and chain_id = $3`,
      [tx.tenantId, registryId, chainId, bookedBlock, restatedTo],
    );
  }
}
