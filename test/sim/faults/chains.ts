import { encodeFunctionData, toHex } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import type { ChainId } from '../../../schema/caip';
import { AccountIndex, accountAt } from '../../devnet/accounts';
import { oneOf } from '../../support/random';
import { patiently } from '../patience';
import { TENANT_COUNT } from '../world';
import { type FaultKind, nothingToEnd, wholeBetween } from './fault';

/**
 * The last blocks of a chain are replaced by empty ones: their transactions are gone.
 *
 * @param deepest - Less than what is final, or what has arrived may have departed nowhere.
 */
export function reorg(chainId: ChainId, deepest: number): FaultKind {
  return (random) => {
    const depth = wholeBetween(1, deepest, random);
    return {
      name: `reorg of ${depth} blocks on ${chainId}`,
      begin: ({ stage: { devnet } }) => devnet.reorg(chainId, depth),
      end: nothingToEnd,
    };
  };
}

/** No block is made for a while. */
export function halt(chainId: ChainId): FaultKind {
  return () => ({
    name: `${chainId} halts`,
    begin: ({ stage: { devnet } }) => devnet.pauseMining(chainId),
    end: ({ stage: { devnet } }) => devnet.resumeMining(chainId),
  });
}

const FLOOD = [100, 400] as const;
/** Of the devnet's unlocked accounts: no other program of a run sends with it. */
const STRANGER = accountAt(AccountIndex.Test + 1).address;
const APPROVAL_GAS = 60_000;

/** A stranger has one of our contracts log hundreds of times at once: approvals, which anybody may give. */
export function flood(chainId: ChainId): FaultKind {
  return (random) => {
    const logs = wholeBetween(...FLOOD, random);
    const victim = wholeBetween(0, TENANT_COUNT - 1, random);
    return {
      name: `${logs} logs of a stranger on ${chainId}`,
      async begin({ stage: { devnet, domain }, tenants }) {
        const { tenantId, registryId } = oneOf(tenants, victim);
        const registry = await patiently(() => domain.registries.get(tenantId, registryId));
        const call = {
          from: STRANGER,
          to: contractsOn(registry, chainId).collection,
          gas: toHex(APPROVAL_GAS),
        };
        const data = encodeFunctionData({
          abi: collectionAbi,
          functionName: 'setApprovalForAll',
          args: [accountAt(AccountIndex.Deployer).address, true],
        });
        for (let sent = 0; sent < logs; sent += 1)
          await devnet.rpc(chainId, 'eth_sendTransaction', [{ ...call, data }]);
      },
      end: nothingToEnd,
    };
  };
}
