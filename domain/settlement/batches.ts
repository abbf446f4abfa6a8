import { type ChainId, chainOfMoney, type MoneyId } from '../../schema/caip';
import type { SettlementCredit } from '../../schema/types/settlement';
import type { KnownPayee } from './payee-directory';

/** What a payee is owed of one token in the vault of one chain. */
export interface OwedCredit {
  readonly sourceChainId: ChainId;
  readonly asset: MoneyId;
  readonly payee: KnownPayee;
  /** Base units, above zero. */
  readonly amount: bigint;
}

/** What one settlement moves. */
export interface Batch {
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly asset: MoneyId;
  /** The payee where it is paid out, else the payees' chain. */
  readonly subject: string;
  readonly credits: SettlementCredit[];
}

/**
 * Puts credits together that can move together: those of one asset to payees of one other chain share a message; what
 * is paid out on its own chain goes to each payee by itself, so that one who refuses holds up nobody.
 */
export function batchesOf(owed: readonly OwedCredit[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const { sourceChainId, asset, payee, amount } of owed) {
    const subject = payee.chainId === sourceChainId ? payee.account : payee.chainId;
    const key = `${asset} ${subject}`;
    const batch = batches.get(key) ?? {
      sourceChainId: chainOfMoney(asset),
      destinationChainId: payee.chainId,
      asset,
      subject,
      credits: [],
    };
    batch.credits.push({
      payee: payee.account,
      claimant: payee.claimant,
      amount: String(amount),
      received: null,
    });
    batches.set(key, batch);
  }
  return [...batches.values()];
}
