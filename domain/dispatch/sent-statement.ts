import type { Hex } from 'viem';
import { statementIn } from '../../chains/evm/registry/statements';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import type { RegistryEvent } from '../provenance/registry-event';

/**
 * The encoded statement of a `StatementSent`, which its source has in the logs of the same transaction.
 *
 * @throws TransactionReceiptNotFoundError of viem while a reorg has taken the transaction back.
 */
export async function sentStatement(
  chains: ChainAccesses,
  { chainId, transactionHash, digest }: RegistryEvent,
): Promise<Hex> {
  if (digest === null) throw new Error(`an event of transaction ${transactionHash} concerns no statement`);
  const receipt = await chains.get(chainId).public.getTransactionReceipt({ hash: transactionHash });
  return statementIn(receipt, digest);
}
