import { isDeepStrictEqual } from 'node:util';
import { type Address, getAddress, type Hex } from 'viem';
import { z } from 'zod';
import type { ChainId } from '../../../schema/caip';
import { quorumOf } from '../../follower/follower-choice';
import type { ChainEndpoint, ComparedChains } from '../../transactions/chain-access';
import { EndpointFailure, JsonRpcError, RpcWrongChainError } from '../rpc/rpc-errors';
import type { ExecutedTransaction } from './executed-transaction';

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/i)
  // CAST: the pattern is the type's definition.
  .transform((value) => value.toLowerCase() as Hex);
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i)
  .transform((value): Address => getAddress(value));
const receiptSchema = z.object({
  blockHash: hex,
  blockNumber: hex.transform(Number),
  status: hex,
  logs: z.array(z.object({ address, topics: z.array(hex), data: hex, logIndex: hex.transform(Number) })),
});
const transactionSchema = z.object({ from: address, to: address.nullable(), value: hex.transform(BigInt) });

/** Which transaction to read: one that the followers have seen in a block. */
export interface TransactionPlace {
  readonly chainId: ChainId;
  readonly hash: Hex;
  readonly blockHash: Hex;
}

/** Reads what transactions did. */
export class TransactionReader {
  constructor(private readonly chains: ComparedChains) {}

  /**
   * Reads a transaction from whichever endpoint answers first: good for what is provisional anyway.
   *
   * @returns Undefined if the node does not have it in that block (yet, or any more).
   * @throws RpcUnavailableError and others, as the chain's access.
   */
  async read(place: TransactionPlace): Promise<ExecutedTransaction | undefined> {
    return readFrom(this.chains.get(place.chainId), place);
  }

  /**
   * Reads a transaction from as many endpoints as have to agree on a final block. One endpoint that lies about logs of
   * contracts that nobody follows is found out here.
   *
   * @returns Undefined while no quorum says the same.
   */
  async readAgreed(place: TransactionPlace): Promise<ExecutedTransaction | undefined> {
    const { endpoints } = this.chains.get(place.chainId);
    const answers = await Promise.all(endpoints.map((endpoint) => readOrSilence(endpoint, place)));
    const quorum = quorumOf(endpoints.length);
    return answers.find(
      (answer) =>
        answer !== undefined && answers.filter((other) => isDeepStrictEqual(other, answer)).length >= quorum,
    );
  }
}

async function readFrom(
  node: ChainEndpoint,
  place: TransactionPlace,
): Promise<ExecutedTransaction | undefined> {
  const { chainId, hash, blockHash } = place;
  const [receipt, transaction] = await Promise.all([
    node.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
    node.request({ method: 'eth_getTransactionByHash', params: [hash] }),
  ]);
  if (receipt === null || transaction === null) return undefined;
  const { logs, blockNumber, ...mined } = receiptSchema.parse(receipt);
  if (mined.blockHash !== blockHash || Number(mined.status) !== 1) return undefined;
  const { from, to, value } = transactionSchema.parse(transaction);
  const ordered = [...logs].sort((one, other) => one.logIndex - other.logIndex);
  return {
    chainId,
    hash,
    blockNumber,
    blockHash,
    from,
    to,
    valueWei: value,
    logs: ordered.map(({ logIndex: _, ...log }) => log),
  };
}

async function readOrSilence(
  node: ChainEndpoint,
  place: TransactionPlace,
): Promise<ExecutedTransaction | undefined> {
  try {
    return await readFrom(node, place);
  } catch (error) {
    const isSilence =
      error instanceof EndpointFailure ||
      error instanceof JsonRpcError ||
      error instanceof RpcWrongChainError ||
      error instanceof z.ZodError;
    if (!isSilence) throw error;
    return undefined;
  }
}
