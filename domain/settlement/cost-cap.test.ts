import { moneyIdSchema } from '../../schema/caip';
import type { SettlementRule } from '../../schema/types/settlement';
import { verdictOf } from './cost-cap';

const COIN = 10n ** 18n;
/** 3,000 dollars of six decimals a coin; at most 2 %; two people above 10,000 dollars. */
const rule: SettlementRule = {
  asset: moneyIdSchema.parse('eip155:1/erc20:0x52908400098527886E0F7030069857D2E4169EE7'),
  approvalAbove: '10000000000',
  maxCostBps: 200,
  waitAboveCap: true,
  valuedAmount: '3000000000',
  valuedWei: String(COIN),
  minAmount: null,
  everyHours: null,
};
/** Of a hundredth of a coin, 2 % are of 1,500 dollars. */
const FEE = COIN / 100n;
const bridged = (amount: bigint, feeWei = FEE) => ({ route: 'CCIP', amount, feeWei }) as const;

test('a bridge that asks for exactly the capped share is paid, and one wei more waits', () => {
  expect(verdictOf(bridged(1_500_000_000n), rule)).toEqual({ kind: 'send' });
  expect(verdictOf(bridged(1_500_000_000n, FEE + 1n), rule)).toEqual({ kind: 'wait' });
  expect(verdictOf(bridged(1_499_999_999n), rule)).toEqual({ kind: 'wait' });
});

test('two people are asked instead, where the rule says so', () => {
  expect(verdictOf(bridged(1n), { ...rule, waitAboveCap: false })).toEqual({
    kind: 'ask',
    reason: 'COST_OVER_CAP',
  });
});

test('two people are asked above the limit, not at it, whatever the route', () => {
  expect(verdictOf(bridged(10_000_000_000n), rule)).toEqual({ kind: 'send' });
  const over = { kind: 'ask', reason: 'OVER_LIMIT' };
  expect(verdictOf(bridged(10_000_000_001n), rule)).toEqual(over);
  expect(verdictOf({ route: 'LOCAL', amount: 10_000_000_001n, feeWei: 0n }, rule)).toEqual(over);
  expect(verdictOf(bridged(10n ** 18n), { ...rule, approvalAbove: null })).toEqual({ kind: 'send' });
});

test('nobody is asked to approve what would wait for a lower price anyway', () => {
  expect(verdictOf(bridged(10_000_000_001n, COIN), rule)).toEqual({ kind: 'wait' });
});

test('without a rule, two people are asked about a bridge, and nobody about a payout', () => {
  expect(verdictOf(bridged(10n ** 18n, 1n), undefined)).toEqual({ kind: 'ask', reason: 'COST_UNKNOWN' });
  expect(verdictOf({ route: 'LOCAL', amount: 1n, feeWei: 0n }, undefined)).toEqual({ kind: 'send' });
});
