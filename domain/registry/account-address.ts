import { type Address, getAddress, isAddress } from 'viem';
import { type AccountId, type ChainId, splitAccountId } from '../../schema/caip';
import { WrongAccountChainError } from './registry-errors';

/**
 * The EVM address of an account that must be on `chainId`.
 *
 * @throws {@link WrongAccountChainError} if it is on another chain, or no address (a wrong checksum included).
 */
export function addressOn(chainId: ChainId, accountId: AccountId, field: string): Address {
  const { chainId: actual, address } = splitAccountId(accountId);
  if (actual !== chainId || !isAddress(address)) throw new WrongAccountChainError(field, chainId);
  return getAddress(address);
}
