import type { ChainId, EvmAddress } from '../../schema/caip';
import type { Registry, RegistryContracts } from '../../schema/types/registry';

/** The contracts of a registry on one of its chains. @throws Error if the registry is not on that chain. */
export function contractsOn({ contracts, id }: Registry, chainId: ChainId): RegistryContracts {
  const found = contracts.find((candidate) => candidate.chainId === chainId);
  if (found === undefined) throw new Error(`registry ${id} has no contracts on ${chainId}`);
  return found;
}

/** Those of a registry's contracts on a chain whose events the record is made of. */
export function followedAddresses({
  collection,
  gateway,
  lanes,
  royaltyReceiver,
  royaltyVault,
  licenceBook,
}: RegistryContracts): EvmAddress[] {
  return [collection, gateway, lanes, royaltyReceiver, royaltyVault, licenceBook].filter(
    (address) => address !== null,
  );
}
