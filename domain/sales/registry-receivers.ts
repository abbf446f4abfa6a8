import { type AccountId, evmAccountId } from '../../schema/caip';
import type { Registry } from '../../schema/types/registry';

/** Where a registry's royalties come in: its receivers and vaults on all its chains. */
export function registryReceivers({ contracts }: Pick<Registry, 'contracts'>): ReadonlySet<AccountId> {
  return new Set(
    contracts.flatMap(({ chainId, royaltyReceiver, royaltyVault }) =>
      [royaltyReceiver, royaltyVault].flatMap((address) =>
        address === null ? [] : evmAccountId(chainId, address),
      ),
    ),
  );
}
