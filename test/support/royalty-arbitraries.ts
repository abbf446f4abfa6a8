import fc from 'fast-check';
import type { RoyaltyTerms } from '../../domain/royalties/assessment';
import { type ObservedPayment, type ObservedSale, paymentIdOf, saleIdOf } from '../../domain/royalties/sale';
import { type AccountId, evmAccountId, evmChainId, type MoneyId, moneyIdSchema } from '../../schema/caip';
import { type ProjectId, projectIdSchema, registryIdSchema } from '../../schema/ids';
import { type RoyaltyPolicy, WHOLE_BPS } from '../../schema/inputs/royalty';
import { PayeeRole } from '../../schema/types/royalty';

export const CHAIN = evmChainId(8453);
export const ETHER = moneyIdSchema.parse('eip155:8453/slip44:60');
export const DOLLAR = moneyIdSchema.parse(`eip155:8453/erc20:0x${'d0'.repeat(20)}`);
export const ASSETS: readonly MoneyId[] = [ETHER, DOLLAR];
export const PROJECT = projectIdSchema.parse('11111111-1111-4111-8111-111111111111');
export const REGISTRY = registryIdSchema.parse('44444444-4444-4444-8444-444444444444');
export const OTHER_PROJECT = projectIdSchema.parse('22222222-2222-4222-8222-222222222222');
export const account = (n: number): AccountId => evmAccountId(CHAIN, `0x${n.toString(16).padStart(40, '0')}`);
/** Where a project's royalties belong. */
export const receiverOf = (projectId: ProjectId): AccountId => account(projectId === PROJECT ? 0xaa : 0xbb);
export const ELSEWHERE = account(0xee);
export const START = Date.UTC(2026, 0, 1);
export const HOUR_MS = 3_600_000;

const MAX_UINT256 = 2n ** 256n - 1n;

/** Base units: small ones, where dust counts, and all that a contract can say. */
export const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: 1_000n }),
  fc.bigInt({ min: 0n, max: 10n ** 21n }),
  fc.bigInt({ min: 0n, max: MAX_UINT256 }),
);

/** Shares that sum to 10,000 basis points, among different payees. */
const splits = fc.uniqueArray(fc.integer({ min: 1, max: WHOLE_BPS - 1 }), { maxLength: 5 }).chain((cuts) => {
  const edges = [0, ...cuts.sort((one, other) => one - other), WHOLE_BPS];
  return fc
    .uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: cuts.length + 1, maxLength: cuts.length + 1 })
    .map((payees) =>
      payees.map((payee, place) => ({
        account: account(payee),
        role: place === 1 ? PayeeRole.PLATFORM : PayeeRole.ARTIST,
        shareBps: (edges[place + 1] ?? 0) - (edges[place] ?? 0),
      })),
    );
});

export const policies: fc.Arbitrary<RoyaltyPolicy> = fc
  .record({
    royaltyBps: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(WHOLE_BPS)),
    splits,
    currencies: fc.subarray([...ASSETS]).map((list) => list.map((asset) => ({ asset, threshold: '0' }))),
    enforcement: fc.constantFrom('OBSERVE', 'CLAIM', 'RESTRICT'),
    operators: fc.constant<RoyaltyPolicy['operators']>([]),
    paymentWindowSeconds: fc.integer({ min: 0, max: 7_200 }),
  })
  .map((policy) => ({ ...policy, primaryWallet: policy.splits[0]?.account ?? account(1) }));

/** What a transaction on a chain showed. */
export interface ObservedTransaction {
  readonly sales: readonly ObservedSale[];
  readonly payments: readonly ObservedPayment[];
}

/** Transactions by number: with sales of one or two projects, and payments that may be right, wrong or none. */
export function transactions(n: number): fc.Arbitrary<ObservedTransaction> {
  const at = {
    registryId: REGISTRY,
    chainId: CHAIN,
    transactionHash: `0x${n.toString(16).padStart(64, '0')}`,
  } as const;
  const blockTime = new Date(START + n * HOUR_MS);
  const project = fc.constantFrom(PROJECT, PROJECT, OTHER_PROJECT);
  const asset = fc.constantFrom(...ASSETS);
  const sale = fc.record({ projectId: project, asset, price: amounts });
  const payment = fc.record({
    receiver: fc.constantFrom(receiverOf(PROJECT), receiverOf(PROJECT), receiverOf(OTHER_PROJECT), ELSEWHERE),
    asset,
    amount: amounts.map((amount) => amount || 1n),
    delayMs: fc.constantFrom(0, 0, HOUR_MS),
  });
  return fc
    .record({ sales: fc.array(sale, { maxLength: 4 }), payments: fc.array(payment, { maxLength: 3 }) })
    .map(({ sales, payments }) => ({
      sales: sales.map((facts, logIndex) => ({
        ...facts,
        saleId: saleIdOf({ ...at, logIndex, item: 0 }),
        inclusion: 0,
        transactionHash: at.transactionHash,
        blockTime,
        isBundled: sales.length > 1,
      })),
      payments: payments.map(({ delayMs, ...facts }, logIndex) => ({
        ...facts,
        paymentId: paymentIdOf({ ...at, logIndex, item: 0 }),
        inclusion: 0,
        transactionHash: at.transactionHash,
        paidAt: new Date(blockTime.getTime() + delayMs),
      })),
    }));
}

/** A project's terms under a policy. */
export function termsUnder(policy: RoyaltyPolicy, revision: number, projectId: ProjectId): RoyaltyTerms {
  return { revision, policy, receivers: new Set([receiverOf(projectId)]) };
}

export function projectOf(receiver: AccountId): ProjectId | undefined {
  return [PROJECT, OTHER_PROJECT].find((projectId) => receiverOf(projectId) === receiver);
}
