import type { Erc721Contract } from '../../schema/caip';
import type { Registry } from '../../schema/types/registry';
import { RegistryKindError } from './registry-errors';

/** @throws {@link RegistryKindError} if the registry adopts the tokens of another contract. */
export function requireOwnWorks({ adopted }: Pick<Registry, 'adopted'>, instead: string): void {
  if (adopted !== null)
    throw new RegistryKindError(`This registry adopts the tokens of ${adopted.address}: ${instead}`);
}

/** The contract whose tokens the registry adopts. @throws {@link RegistryKindError} if it mints its own works. */
export function requireAdopted({ adopted }: Pick<Registry, 'adopted'>): Erc721Contract {
  if (adopted === null) throw new RegistryKindError('This registry mints its own works: call mintWorks.');
  return adopted;
}
