import { killPoint } from '../../schema/kill-point';
import type { ChainDesk } from './chain-desk';
import type { TransactionPreparer } from './preparer';
import type { TransactionSettings } from './settings';
import { type ChainTransaction, newestAttempt, TransactionState, worstCostWei } from './transaction';
import type { TransactionStore } from './transaction-store';

/**
 * Broadcasts the newest attempt of a stored transaction.
 *
 * A refusal is reported and otherwise without consequence, because the network's words about it
 * prove nothing; the next tick looks at the chain and offers again. Only when the account cannot
 * pay any more is the transaction held.
 *
 * @returns The transaction as it then stands.
 */
export async function offer(
  transaction: ChainTransaction,
  desk: ChainDesk,
  store: TransactionStore,
  preparer: TransactionPreparer,
  settings: TransactionSettings,
): Promise<ChainTransaction> {
  const { id, tenantId, chainId, intentKey, from, nonce, valueWei } = transaction;
  if (nonce === undefined) throw new Error(`transaction ${id} has no nonce`);
  const attempt = newestAttempt(transaction);
  killPoint('transaction.after-store');
  try {
    await desk.access.broadcast(attempt.raw);
  } catch (problem) {
    settings.report(problem, { tenantId, chainId, intentKey });
    const missingWei = worstCostWei(attempt.gas, attempt, valueWei) - (await desk.reader.balanceWei(from));
    return missingWei > 0n ? ((await preparer.hold(transaction, missingWei)) ?? transaction) : transaction;
  }
  killPoint('transaction.after-broadcast');
  if (transaction.state === TransactionState.Broadcast) return transaction;
  return (await store.change(transaction, { state: TransactionState.Broadcast, nonce })) ?? transaction;
}
