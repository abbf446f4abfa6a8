import { ApprovalReason, SettlementRoute, type SettlementRule } from '../../schema/types/settlement';

const WHOLE_BPS = 10_000n;

/** What is to be decided about: an amount, how it would go, and what the bridge asks, in wei. */
export interface PricedSettlement {
  readonly route: SettlementRoute;
  /** Base units. */
  readonly amount: bigint;
  readonly feeWei: bigint;
}

/** `send` it, `wait` for a lower price, or `ask` two people. */
export type Verdict =
  | { readonly kind: 'send' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'ask'; readonly reason: ApprovalReason };

/**
 * Holds a settlement to the rule of its asset. What crosses a bridge without a rule is asked about: nobody has said
 * what it may cost. What is paid out on its own chain costs no bridge.
 */
export function verdictOf(
  { route, amount, feeWei }: PricedSettlement,
  rule: SettlementRule | undefined,
): Verdict {
  const isBridged = route !== SettlementRoute.LOCAL;
  if (rule === undefined)
    return isBridged ? { kind: 'ask', reason: ApprovalReason.COST_UNKNOWN } : { kind: 'send' };
  const isOverCap = isBridged && isAboveShare(feeWei, amount, rule);
  if (isOverCap && rule.waitAboveCap) return { kind: 'wait' };
  if (rule.approvalAbove !== null && amount > BigInt(rule.approvalAbove))
    return { kind: 'ask', reason: ApprovalReason.OVER_LIMIT };
  return isOverCap ? { kind: 'ask', reason: ApprovalReason.COST_OVER_CAP } : { kind: 'send' };
}

/** Whether a fee is more than the rule's share of an amount; multiplied out, so that nothing is rounded. */
function isAboveShare(
  feeWei: bigint,
  amount: bigint,
  { maxCostBps, valuedAmount, valuedWei }: SettlementRule,
): boolean {
  return feeWei * BigInt(valuedAmount) * WHOLE_BPS > amount * BigInt(valuedWei) * BigInt(maxCostBps);
}
