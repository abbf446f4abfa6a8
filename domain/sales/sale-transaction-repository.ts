import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { byteaArray } from '../chain-state/block-encoding';
import type { RegistryEvent } from '../provenance/registry-event';

/** A transaction that is to be examined, as the followers have it. */
export interface SaleTransaction {
  readonly registryId: RegistryId;
  readonly chainId: ChainId;
  readonly transactionHash: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly blockTime: Date;
  /** Whether it is in that block now. */
  readonly standing: boolean;
  readonly final: boolean;
  /** Counts the news of it: what was examined under an earlier number may be out of date. */
  readonly news: number;
  /** How often what was found was taken back. */
  readonly inclusion: number;
  /** Names what was found and stands; null if nothing does. */
  readonly foundHash: string | null;
}

/** What an examination ends with. */
export type Examined = Pick<
  SaleTransaction,
  'registryId' | 'chainId' | 'transactionHash' | 'news' | 'inclusion' | 'foundHash'
>;

type Place = Pick<RegistryEvent, 'chainId' | 'transactionHash'>;
type Sight = Place & Pick<RegistryEvent, 'blockNumber' | 'blockHash' | 'final'>;

interface Row extends Omit<SaleTransaction, 'blockNumber'> {
  readonly blockNumber: string;
}

const COLUMNS = `registry_id as "registryId", chain_id as "chainId", transaction_hash as "transactionHash",
  block_number as "blockNumber", block_hash as "blockHash", block_time as "blockTime", standing, final, news, inclusion,
  found_hash as "foundHash"`;

/** Which transactions are to be examined for sales, and how far that is. */
export class SaleTransactionRepository {
  /** Has transactions examined that are in these blocks, of which there is news. */
  async seen(tx: TenantTx, registryId: RegistryId, sights: readonly Sight[]): Promise<void> {
    if (sights.length === 0) return;
    await tx.manager.query(
      `insert into sale_transactions as known (tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash,
                                               block_time, standing, final)
       select $1, $2, s.chain_id, s.transaction_hash, s.block_number, s.block_hash, to_timestamp(l.block_time), true, s.final
         from unnest($3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::text[], $8::boolean[])
              as s (chain_id, transaction_hash, raw_hash, block_number, block_hash, final)
         cross join lateral (
           select block_time from chain_logs c
            where c.chain_id = s.chain_id and c.block_number = s.block_number and c.tx_hash = s.raw_hash limit 1
         ) l
       on conflict (tenant_id, registry_id, chain_id, transaction_hash) do update
         set block_number = excluded.block_number, block_hash = excluded.block_hash, block_time = excluded.block_time,
             standing = true, final = excluded.final, news = known.news + 1`,
      [
        tx.tenantId,
        registryId,
        sights.map(({ chainId }) => chainId),
        sights.map(({ transactionHash }) => transactionHash),
        byteaArray(sights.map(({ transactionHash }) => transactionHash)),
        sights.map(({ blockNumber }) => blockNumber),
        sights.map(({ blockHash }) => blockHash),
        sights.map(({ final }) => final),
      ],
    );
  }

  /** Has transactions examined that no block has any more. */
  async fell(tx: TenantTx, registryId: RegistryId, places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    await tx.manager.query(
      `update sale_transactions t set standing = false, final = false, news = news + 1
         from unnest($3::text[], $4::text[]) as p (chain_id, transaction_hash)
        where t.tenant_id = $1 and t.registry_id = $2 and t.chain_id = p.chain_id
          and t.transaction_hash = p.transaction_hash and t.standing`,
      [
        tx.tenantId,
        registryId,
        places.map(({ chainId }) => chainId),
        places.map(({ transactionHash }) => transactionHash),
      ],
    );
  }

  /**
   * Those that wait to be examined, by chain in the order of blocks.
   *
   * @param limit - The most of each chain, so that one with many does not keep the others waiting.
   */
  async waiting(tx: TenantTx, registryId: RegistryId, limit: number): Promise<SaleTransaction[]> {
    const rows: Row[] = await tx.manager.query(
      `select ${COLUMNS} from (
         select *, row_number() over (partition by chain_id order by block_number, transaction_hash) as rank
           from sale_transactions where tenant_id = $1 and registry_id = $2 and examined < news
       ) w where rank <= $3 order by chain_id, block_number, transaction_hash`,
      [tx.tenantId, registryId, limit],
    );
    return rows.map(toTransaction);
  }

  /** Locks one until the transaction is over. @returns Undefined if there is news that the caller has not seen. */
  async lock(tx: TenantTx, seen: SaleTransaction): Promise<SaleTransaction | undefined> {
    const rows: Row[] = await tx.manager.query(
      `select ${COLUMNS} from sale_transactions
        where tenant_id = $1 and registry_id = $2 and chain_id = $3 and transaction_hash = $4 and news = $5
          and examined < news
          for update`,
      [tx.tenantId, seen.registryId, seen.chainId, seen.transactionHash, seen.news],
    );
    return rows.map(toTransaction)[0];
  }

  async saveExamined(tx: TenantTx, examined: Examined): Promise<void> {
    await tx.manager.query(
      `update sale_transactions set examined = $5, inclusion = $6, found_hash = $7
        where tenant_id = $1 and registry_id = $2 and chain_id = $3 and transaction_hash = $4`,
      [
        tx.tenantId,
        examined.registryId,
        examined.chainId,
        examined.transactionHash,
        examined.news,
        examined.inclusion,
        examined.foundHash,
      ],
    );
  }
}

function toTransaction(row: Row): SaleTransaction {
  return { ...row, blockNumber: Number(row.blockNumber) };
}
