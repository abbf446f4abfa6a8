import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import type { EventArgs, RegistryEvent, RegistryEventName } from './registry-event';

interface EventRow {
  chain_id: ChainId;
  block_number: string;
  log_index: number;
  block_hash: Hex;
  transaction_hash: Hex;
  name: RegistryEventName;
  token_id: string | null;
  digest: Hex | null;
  args: EventArgs;
  final: boolean;
}

const COLUMNS =
  'chain_id, block_number, log_index, block_hash, transaction_hash, name, token_id, digest, args, final';

/** Which events of a registry to read; all given conditions must hold. */
export interface EventQuery {
  readonly chainId?: ChainId;
  /** Only events in blocks above this one. */
  readonly aboveBlock?: number;
  readonly tokenIds?: readonly string[];
  readonly digests?: readonly Hex[];
  readonly transactionHashes?: readonly Hex[];
  readonly names?: readonly RegistryEventName[];
}

/** The decoded contract events of registries. */
export class RegistryEventRepository {
  /** In no particular order between chains; in chain order on each. */
  async find(tx: TenantTx, registryId: RegistryId, query: EventQuery): Promise<RegistryEvent[]> {
    const rows: EventRow[] = await tx.manager.query(
      `select ${COLUMNS} from registry_events
        where tenant_id = $1 and registry_id = $2
          and ($3::text is null or chain_id = $3)
          and ($4::bigint is null or block_number > $4)
          and ($5::numeric[] is null or token_id = any($5))
          and ($6::text[] is null or digest = any($6))
          and ($7::text[] is null or transaction_hash = any($7))
          and ($8::text[] is null or name = any($8))
        order by chain_id, block_number, log_index`,
      [
        tx.tenantId,
        registryId,
        query.chainId ?? null,
        query.aboveBlock ?? null,
        query.tokenIds ?? null,
        query.digests ?? null,
        query.transactionHashes ?? null,
        query.names ?? null,
      ],
    );
    return rows.map(toEvent);
  }

  /** Replaces all events of one chain above a block: what a reorg or a new block has made of them. */
  async replaceAbove(
    tx: TenantTx,
    registryId: RegistryId,
    {
      chainId,
      aboveBlock,
      events,
    }: { chainId: ChainId; aboveBlock: number; events: readonly RegistryEvent[] },
  ): Promise<void> {
    await tx.manager.query(
      'delete from registry_events where tenant_id = $1 and registry_id = $2 and chain_id = $3 and block_number > $4',
      [tx.tenantId, registryId, chainId, aboveBlock],
    );
    if (events.length === 0) return;
    await tx.manager.query(
      `insert into registry_events (tenant_id, registry_id, ${COLUMNS})
       select $1, $2, $3, * from unnest($4::bigint[], $5::int[], $6::text[], $7::text[], $8::text[],
                                        $9::numeric[], $10::text[], $11::jsonb[], $12::boolean[])`,
      [
        tx.tenantId,
        registryId,
        chainId,
        events.map(({ blockNumber }) => blockNumber),
        events.map(({ logIndex }) => logIndex),
        events.map(({ blockHash }) => blockHash),
        events.map(({ transactionHash }) => transactionHash),
        events.map(({ name }) => name),
        events.map(({ tokenId }) => tokenId),
        events.map(({ digest }) => digest),
        events.map(({ args }) => JSON.stringify(args)),
        events.map(({ final }) => final),
      ],
    );
  }
}

function toEvent(row: EventRow): RegistryEvent {
  return {
    chainId: row.chain_id,
    blockNumber: Number(row.block_number),
    logIndex: row.log_index,
    blockHash: row.block_hash,
    transactionHash: row.transaction_hash,
    name: row.name,
    tokenId: row.token_id,
    digest: row.digest,
    args: row.args,
    final: row.final,
  };
}
