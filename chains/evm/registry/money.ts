import {
  type Address,
  BaseError,
  ContractFunctionZeroDataError,
  encodeFunctionData,
  erc20Abi,
  type PublicClient,
  zeroAddress,
} from 'viem';
import type { RegistryContracts } from '../../../schema/types/registry';
import { royaltyReceiverAbi } from '../../abi/royalty-receiver';
import { revertDataOf } from '../../transactions/revert-data';
import type { Call } from './calls';

/**
 * What an account had of a token as a block left it, in base units.
 *
 * @param token - Zero for native money.
 */
export function balanceAt(
  client: PublicClient,
  token: Address,
  address: Address,
  blockNumber: bigint,
): Promise<bigint> {
  return token === zeroAddress
    ? client.getBalance({ address, blockNumber })
    : client.readContract({
        abi: erc20Abi,
        address: token,
        functionName: 'balanceOf',
        args: [address],
        blockNumber,
      });
}

/**
 * What a token answers; undefined if it reverts, or is no contract. Anyone may name or pay in such a one: it must not hide
 * what is to be told of the others.
 *
 * @throws Whatever else goes wrong, such as an endpoint that cannot be reached.
 */
export async function answerOf<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    const isSilent =
      error instanceof BaseError &&
      error.walk((cause) => cause instanceof ContractFunctionZeroDataError) !== null;
    if (!isSilent && revertDataOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Moves all that lies in a receiver of a token into the vault, which splits it. Anyone. */
export function forwardCall(receiver: Address, token: Address): Call {
  const data = encodeFunctionData({ abi: royaltyReceiverAbi, functionName: 'forward', args: [token] });
  return { to: receiver, data };
}

/** Where marketplaces pay on a chain. @throws Error if the registry was made before there were receivers. */
export function receiverOf({ royaltyReceiver, chainId }: RegistryContracts): Address {
  if (royaltyReceiver === null) throw new Error(`no royalty receiver on ${chainId}`);
  return royaltyReceiver;
}
