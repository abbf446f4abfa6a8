import type { Address } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { ownersTree } from '../../chains/evm/registry/owners-tree';
import type { ChainId } from '../../schema/caip';
import type { GuardActionId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import type { Check, Fault } from '../export/verify/fault';

interface Retirement {
  readonly id: GuardActionId;
  readonly root: string;
  readonly chainId: ChainId;
  readonly owners: readonly { readonly tokenId: string; readonly holder: Address }[];
}

/** Whether the last owners of retired chains make the roots that were announced on chain. */
export async function checkOwnersRoots({ manager, tenantId }: TenantTx): Promise<Check> {
  const retirements: Retirement[] = await manager.query(
    `select a.id, a.owners_root as root, a.peer_chain_id as "chainId",
            coalesce(jsonb_agg(jsonb_build_object('tokenId', o.token_id::text, 'holder', o.holder) order by o.token_id)
                     filter (where o.token_id is not null), '[]') as owners
       from guard_actions a
       left join last_owners o on o.tenant_id = a.tenant_id and o.action_id = a.id
      where a.tenant_id = $1 and a.owners_root is not null group by a.tenant_id, a.id order by a.id`,
    [tenantId],
  );
  const faults = retirements.flatMap(({ id, root, chainId, owners }): Fault[] => {
    const chainHash = chainHashOf(chainId);
    const last = owners.map(({ tokenId, holder }) => ({ workId: BigInt(tokenId), holder }));
    // As the platform announces it.
    const made = last.length === 0 ? chainHash : ownersTree(chainHash, last).root;
    return made === root
      ? []
      : [
          {
            code: 'OWNERS_ROOT_WRONG',
            where: 'last_owners',
            what: `action ${id} announced ${root}, not ${made}`,
          },
        ];
  });
  return { name: 'roots of last owners', count: retirements.length, faults, faultCount: faults.length };
}
