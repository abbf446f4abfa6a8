import type { Hex } from 'viem';
import { type SettlementId, settlementIdSchema } from '../../schema/ids';
import type { Settlement, SettlementCredit } from '../../schema/types/settlement';

/** A settlement with what only the platform needs of it. */
export interface SettlementRecord extends Settlement {
  /** Raised when a transaction has come to nothing. */
  readonly attempt: number;
  /** What vaults call it; known once it has left. */
  readonly digest: Hex | null;
}

/** The steps of a settlement that are transactions of their own. */
export type SettlementStep = 'pay' | 'remit' | 'compose' | 'retry';

/** How often a step on the destination is tried; each try that the chain refuses costs gas. */
export const MAX_STEP_TRIES = 3;

/** Names the transaction of a step: one per step and attempt, so that no step is taken twice. */
export function settlementIntentKey(id: SettlementId, step: SettlementStep, attempt: number): string {
  return `settlement:${id}:${step}:${attempt}`;
}

/** The settlement whose step a transaction is; undefined for transactions of others. */
export function settlementOfIntent(intentKey: string): SettlementId | undefined {
  const [asker, id] = intentKey.split(':');
  return asker === 'settlement' ? settlementIdSchema.parse(id) : undefined;
}

/** The sum of what credits settle, in base units. */
export function amountOf(credits: readonly Pick<SettlementCredit, 'amount'>[]): bigint {
  return credits.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}
