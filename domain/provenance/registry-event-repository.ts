import type { Address, Hex } from 'viem';
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
  readonly tokenIds?: readonly string[];
  readonly digests?: readonly Hex[];
  readonly transactionHashes?: readonly Hex[];
  readonly names?: readonly RegistryEventName[];
}

/** A height of one chain. */
export interface ChainHeight {
  readonly chainId: ChainId;
  readonly blockNumber: number;
}

/** The decoded contract events of registries. */
export class RegistryEventRepository {
  /** In no particular order between chains; in chain order on each. */
  async find(tx: TenantTx, registryId: RegistryId, query: EventQuery): Promise<RegistryEvent[]> {
    const { tokenIds, digests, transactionHashes, names } = query;
    if ([tokenIds, digests, transactionHashes, names].some((keys) => keys?.length === 0)) return [];
    const rows: EventRow[] = await tx.manager.query(
      `select ${COLUMNS} from registry_events
        where tenant_id = $1 and registry_id = $2
          and ($3::text is null or chain_id = $3)
          and ($4::text[] is null or token = any($4))
          and ($5::text[] is null or digest = any($5))
          and ($6::text[] is null or transaction_hash = any($6))
          and ($7::text[] is null or name = any($7))
        order by chain_id, block_number, log_index`,
      [
        tx.tenantId,
        registryId,
        query.chainId ?? null,
        tokenIds ?? null,
        digests ?? null,
        transactionHashes ?? null,
        names ?? null,
      ],
    );
    return rows.map(toEvent);
  }

  /** The events that name any of these grants or offers, in the order of {@link find}. */
  async findNaming(
    tx: TenantTx,
    registryId: RegistryId,
    column: 'grant_id' | 'offer_id',
    values: readonly string[],
  ): Promise<RegistryEvent[]> {
    if (values.length === 0) return [];
    const rows: EventRow[] = await tx.manager.query(
      `select ${COLUMNS} from registry_events
        where tenant_id = $1 and registry_id = $2 and ${column} = any($3)
        order by chain_id, block_number, log_index`,
      [tx.tenantId, registryId, values],
    );
    return rows.map(toEvent);
  }

  /** In which vaults which payees were ever credited with which tokens. */
  async creditedPayees(
    tx: TenantTx,
    registryId: RegistryId,
  ): Promise<{ chainId: ChainId; token: Address; payeeId: Hex }[]> {
    return tx.manager.query(
      `select distinct chain_id as "chainId", args->>'token' as token, args->>'payeeId' as "payeeId" from registry_events
        where tenant_id = $1 and registry_id = $2 and name = 'PayeeCredited' order by 1, 2, 3`,
      [tx.tenantId, registryId],
    );
  }

  /** What each vault owes of each token that it ever had, by its final events, in base units. */
  async vaultBalances(
    tx: TenantTx,
    registryId: RegistryId,
  ): Promise<{ chainId: ChainId; token: Address; balance: bigint }[]> {
    const rows: { chainId: ChainId; token: Address; balance: string }[] = await tx.manager.query(
      `select chain_id as "chainId", args->>'token' as token,
              coalesce(sum(case name when 'PayeePaid' then -(args->>'spent')::numeric
                                     when 'SettlementRemitted' then -(args->>'amount')::numeric
                                     when 'LossRecorded' then -(args->>'lost')::numeric
                                     else (args->>'received')::numeric end) filter (where final), 0)::text as balance
         from registry_events
        where tenant_id = $1 and registry_id = $2
          and name in ('MoneyReceived', 'PayeePaid', 'LossRecorded', 'SettlementRemitted', 'SettlementCredited')
        group by 1, 2 order by 1, 2`,
      [tx.tenantId, registryId],
    );
    return rows.map((row) => ({ ...row, balance: BigInt(row.balance) }));
  }

  /** The events of some chains above some heights, in the order of {@link find}. */
  async findAbove(
    tx: TenantTx,
    registryId: RegistryId,
    heights: readonly ChainHeight[],
  ): Promise<RegistryEvent[]> {
    if (heights.length === 0) return [];
    const rows: EventRow[] = await tx.manager.query(
      `select ${COLUMNS} from registry_events where tenant_id = $1 and registry_id = $2 and (${above(heights)})
        order by chain_id, block_number, log_index`,
      [tx.tenantId, registryId, ...heightValues(heights)],
    );
    return rows.map(toEvent);
  }

  /**
   * The first final events of some names on a chain above a height, in order: about so many as `limit`, and all of each
   * block.
   */
  async findFinalAbove(
    tx: TenantTx,
    registryId: RegistryId,
    { chainId, blockNumber }: ChainHeight,
    names: readonly RegistryEventName[],
    limit: number,
  ): Promise<RegistryEvent[]> {
    const rows: EventRow[] = await tx.manager.query(
      `with named as (
         select ${COLUMNS} from registry_events
          where tenant_id = $1 and registry_id = $2 and chain_id = $3 and block_number > $4 and name = any($5) and final
       )
       select * from named
        where block_number <= coalesce((select block_number from named order by block_number offset $6 - 1 limit 1),
                                       9223372036854775807)
        order by block_number, log_index`,
      [tx.tenantId, registryId, chainId, blockNumber, names, limit],
    );
    return rows.map(toEvent);
  }

  /** Replaces all events of some chains above some heights: what a reorg or new blocks have made of them. */
  async replaceAbove(
    tx: TenantTx,
    registryId: RegistryId,
    heights: readonly ChainHeight[],
    events: readonly RegistryEvent[],
  ): Promise<void> {
    if (heights.length === 0) return;
    await tx.manager.query(
      `delete from registry_events where tenant_id = $1 and registry_id = $2 and (${above(heights)})`,
      [tx.tenantId, registryId, ...heightValues(heights)],
    );
    if (events.length === 0) return;
    await tx.manager.query(
      `insert into registry_events (tenant_id, registry_id, ${COLUMNS})
       select $1, $2, * from unnest($3::text[], $4::bigint[], $5::int[], $6::text[], $7::text[], $8::text[],
                                    $9::numeric[], $10::text[], $11::jsonb[], $12::boolean[])`,
      [
        tx.tenantId,
        registryId,
        events.map(({ chainId }) => chainId),
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

/**
 * Condition on the parameters from `$3` on. Each height is a value of its own: PostgreSQL takes a third of all events to be
 * above one that it has to look up, and reads them all.
 */
function above(heights: readonly ChainHeight[]): string {
  return heights
    .map((_, index) => `chain_id = $${2 * index + 3} and block_number > $${2 * index + 4}`)
    .join(' or ');
}

function heightValues(heights: readonly ChainHeight[]): (ChainId | number)[] {
  return heights.flatMap(({ chainId, blockNumber }) => [chainId, blockNumber]);
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
