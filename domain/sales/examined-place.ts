import type { Hex } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';

/** Names a transaction as a registry examines it. */
export interface ExaminedPlace {
  readonly registryId: RegistryId;
  readonly chainId: ChainId;
  readonly transactionHash: Hex;
}

/** Rows of a transaction: the tenant is the first value of a statement, then come {@link placeValues}. */
export const OF_TRANSACTION =
  'tenant_id = $1 and registry_id = $2 and chain_id = $3 and transaction_hash = $4';

export function placeValues({
  registryId,
  chainId,
  transactionHash,
}: ExaminedPlace): [RegistryId, ChainId, Hex] {
  return [registryId, chainId, transactionHash];
}
