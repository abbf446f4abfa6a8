import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { SystemTx } from '../../tenants/system-database';
import type { TenantTx } from '../../tenants/tenant-database';
import { byteaArray, fromHex } from './block-encoding';

export interface Watch {
  readonly chainId: ChainId;
  /** In any case of letters. */
  readonly address: Hex;
  readonly registryId: RegistryId;
  /** The first block that may hold a log of interest, e.g. the one that created the contract. */
  readonly fromBlock: number;
}

/** A registry that watches an address. */
export interface Watcher {
  readonly tenantId: TenantId;
  readonly registryId: RegistryId;
}

/** Which addresses the followers record, and for whom. */
export class WatchRepository {
  /** Has a contract's logs recorded from `fromBlock` on, past ones too. Asking again changes nothing. */
  async add(
    { tenantId, manager }: TenantTx,
    { chainId, address, registryId, fromBlock }: Watch,
  ): Promise<void> {
    await manager.query(
      `insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [tenantId, chainId, fromHex(address), registryId, fromBlock],
    );
  }

  /** Whose registries watch any of these addresses, each registry once. */
  async watchersOf({ manager }: SystemTx, chainId: ChainId, addresses: readonly Hex[]): Promise<Watcher[]> {
    if (addresses.length === 0) return [];
    const rows: { tenant_id: TenantId; registry_id: RegistryId }[] = await manager.query(
      `select distinct tenant_id, registry_id from watched_addresses
       where chain_id = $1 and address = any($2::bytea[]) order by tenant_id, registry_id`,
      [chainId, byteaArray(addresses)],
    );
    return rows.map((row) => ({ tenantId: row.tenant_id, registryId: row.registry_id }));
  }
}
