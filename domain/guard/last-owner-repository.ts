import { type Address, getAddress } from 'viem';
import type { LastOwner } from '../../chains/evm/registry/owners-tree';
import { type AccountId, type ChainId, splitAccountId } from '../../schema/caip';
import type { GuardActionId, RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';

interface OwnerRow {
  token_id: string;
  holder: AccountId;
  provisional: boolean;
  unsettled: boolean;
}

/** What the record says of a chain's works. */
export interface ChainCensus {
  readonly owners: readonly LastOwner[];
  /** False while something about one of them may still fall in a reorg … */
  readonly isFinal: boolean;
  /** … of another chain: a dead one never makes final what it showed last. */
  readonly isFinalElsewhere: boolean;
}

/** Whose the works of a chain were when its retirement was announced. Never changed. */
export class LastOwnerRepository {
  /**
   * Every work whose place, as its home has it, is that chain: those that live there, with their holders, and those on
   * their way there or back, with their receivers.
   */
  async census(tx: TenantTx, registryId: RegistryId, chainId: ChainId): Promise<ChainCensus> {
    const rows: OwnerRow[] = await tx.manager.query(
      `select counted.*, exists (
         select from registry_events e
          where e.tenant_id = $1 and e.registry_id = $2 and e.token = counted.token
            and e.chain_id <> $3 and not e.final) as unsettled
       from (
         select w.token_id, w.token, w.holder, w.provisional from works w
          where w.tenant_id = $1 and w.registry_id = $2 and w.chain_id = $3 and w.state = 'LIVE'
         union all
         select * from (
           select distinct on (w.id) w.token_id, w.token, d.to_account, w.provisional
             from works w join dispatches d on d.tenant_id = $1 and d.work_id = w.id and d.hop = w.hop
            where w.tenant_id = $1 and w.registry_id = $2 and w.state = 'IN_FLIGHT' and d.kind = 'WORK'
              and d.digest is not null and $3 in (d.source_chain_id, d.destination_chain_id)
            order by w.id, d.created_at desc) as travelling
       ) as counted
       order by token_id`,
      [tx.tenantId, registryId, chainId],
    );
    return {
      owners: rows.map(toOwner),
      isFinal: !rows.some(({ provisional }) => provisional),
      isFinalElsewhere: !rows.some(({ unsettled }) => unsettled),
    };
  }

  async insert(tx: TenantTx, actionId: GuardActionId, owners: readonly LastOwner[]): Promise<void> {
    await tx.manager.query(
      `insert into last_owners (tenant_id, action_id, token_id, holder)
       select $1, $2, * from unnest($3::numeric[], $4::text[])`,
      [tx.tenantId, actionId, owners.map(({ workId }) => `${workId}`), owners.map(({ holder }) => holder)],
    );
  }

  /** The owners of several retirements, by their actions. */
  async of(tx: TenantTx, actionIds: readonly GuardActionId[]): Promise<Map<GuardActionId, LastOwner[]>> {
    const rows: { action_id: GuardActionId; token_id: string; holder: Address }[] = await tx.manager.query(
      `select action_id, token_id, holder from last_owners
        where tenant_id = $1 and action_id = any($2) order by token_id`,
      [tx.tenantId, actionIds],
    );
    const owners = new Map<GuardActionId, LastOwner[]>(actionIds.map((id) => [id, []]));
    for (const { action_id, token_id, holder } of rows)
      owners.get(action_id)?.push({ workId: BigInt(token_id), holder });
    return owners;
  }
}

function toOwner({ token_id, holder }: OwnerRow): LastOwner {
  return { workId: BigInt(token_id), holder: getAddress(splitAccountId(holder).address) };
}
