import { type Address, type PublicClient, zeroAddress } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { JsonRpcError } from '../../chains/evm/rpc/rpc-errors';
import type { BlockRange } from '../../chains/log-search';
import type { ChainId } from '../../schema/caip';
import { HistoryMissingError } from './exit-errors';

/**
 * From the block in which a Collection came into being, with which a registry begins, to the head.
 *
 * @throws HistoryMissingError if the endpoint answers neither of the questions that would tell.
 */
export async function blocksOf(
  client: PublicClient,
  chainId: ChainId,
  collection: Address,
): Promise<BlockRange> {
  const toBlock = await client.getBlockNumber({ cacheTime: 0 });
  // Nodes differ in what they keep or refuse, and word it differently.
  try {
    const birth = await birthByLog(client, collection);
    if (birth !== undefined) return { fromBlock: birth, toBlock };
  } catch (error) {
    if (!hasCause(error, JsonRpcError)) throw error;
  }
  try {
    return { fromBlock: await birthByCode(client, collection, toBlock), toBlock };
  } catch (error) {
    if (hasCause(error, JsonRpcError)) throw new HistoryMissingError(chainId, { cause: error });
    throw error;
  }
}

/** By the log of the first owner: one request, which some nodes refuse as too wide. */
async function birthByLog(client: PublicClient, address: Address): Promise<bigint | undefined> {
  const [first] = await client.getContractEvents({
    abi: collectionAbi,
    address,
    eventName: 'OwnershipTransferred',
    args: { previousOwner: zeroAddress },
    fromBlock: 0n,
  });
  return first?.blockNumber;
}

/** By bisection, which needs a node that keeps the state of old blocks. */
async function birthByCode(client: PublicClient, address: Address, head: bigint): Promise<bigint> {
  let [low, high] = [0n, head];
  while (low < high) {
    const middle = (low + high) / 2n;
    const code = await client.getCode({ address, blockNumber: middle });
    if (code === undefined) low = middle + 1n;
    else high = middle;
  }
  return low;
}

function hasCause(error: unknown, type: new (...args: never[]) => Error): boolean {
  if (error instanceof type) return true;
  return error instanceof Error && error.cause !== undefined && hasCause(error.cause, type);
}
