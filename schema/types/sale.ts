import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId, MoneyId } from '../caip';
import type { PaymentId, ProjectId, RegistryId, SaleId, WorkId } from '../ids';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';
import { connectionType } from './connection';
import { Ground } from './ledger';
import { Node } from './node';

/** Where a sale was made. SEAPORT: by an order. DIRECT: a transfer, with payment in the same transaction. */
export const SaleVenue = { SEAPORT: 'SEAPORT', DIRECT: 'DIRECT' } as const;
export type SaleVenue = (typeof SaleVenue)[keyof typeof SaleVenue];
registerEnumType(SaleVenue, {
  name: 'SaleVenue',
  description: 'SEAPORT: by an order of it. DIRECT: a transfer, with payment in the same transaction.',
});

/**
 * What is odd about a sale. WASH_TRADE: seller and buyer are one, or the work came back to who had sold it lately.
 * ZERO_PRICE: an order for no money. PRIVATE: the order names its buyer. BARTER: tokens were given for it as well, whose
 * worth is not in the price.
 */
export const SaleMark = {
  WASH_TRADE: 'WASH_TRADE',
  ZERO_PRICE: 'ZERO_PRICE',
  PRIVATE: 'PRIVATE',
  BARTER: 'BARTER',
} as const;
export type SaleMark = (typeof SaleMark)[keyof typeof SaleMark];
registerEnumType(SaleMark, {
  name: 'SaleMark',
  description:
    'WASH_TRADE: seller and buyer are one, or the work came back within 30 days to who had sold it. ZERO_PRICE: an order for no money. PRIVATE: the order names its buyer. BARTER: tokens were given for it as well, whose worth is not in the price.',
});

/** PROVISIONAL until its block is final; REVERTED if a reorg took it back. */
export const SaleState = { PROVISIONAL: 'PROVISIONAL', FINAL: 'FINAL', REVERTED: 'REVERTED' } as const;
export type SaleState = (typeof SaleState)[keyof typeof SaleState];
registerEnumType(SaleState, {
  name: 'SaleState',
  description: 'PROVISIONAL until its block is final; REVERTED if a reorg took it back.',
});

/**
 * What became of the royalty of a sale. UNMATCHED: nothing came yet, and its window is open; UNPAID: nothing came, and
 * it is closed. WRONG_CURRENCY, WRONG_RECEIVER: what came does not count.
 */
export const Verdict = {
  EXACT: 'EXACT',
  UNDER: 'UNDER',
  OVER: 'OVER',
  WRONG_CURRENCY: 'WRONG_CURRENCY',
  WRONG_RECEIVER: 'WRONG_RECEIVER',
  UNMATCHED: 'UNMATCHED',
  UNPAID: 'UNPAID',
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];
registerEnumType(Verdict, {
  name: 'RoyaltyVerdict',
  description:
    'What became of the royalty of a sale. UNMATCHED: nothing came yet, and its window is open; UNPAID: nothing came, and it is closed. WRONG_CURRENCY, WRONG_RECEIVER: what came does not count.',
});

@ObjectType({ description: 'The log that proves it.' })
export class SaleEvidence {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => String) blockNumber: string;
  @Field(() => String) blockHash: `0x${string}`;
  @Field(() => String) transactionHash: `0x${string}`;
  @Field(() => Int, { description: 'Place among the logs of its transaction, from 0.' }) logPlace: number;
}

@ObjectType({ description: 'Money that came with a sale.' })
export class SalePayment {
  @Field(() => ID) id: PaymentId;
  @Field(() => AccountIdScalar, { nullable: true, description: 'Null where the log does not say.' })
  payer: AccountId | null;
  @Field(() => AccountIdScalar) receiver: AccountId;
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, { description: 'In base units.' }) amount: string;
  @Field(() => Date) paidAt: Date;
  @Field(() => String, {
    nullable: true,
    description: 'What of it is in suspense: it came for no known reason. Null if that was never recorded.',
  })
  suspended: string | null;
  @Field(() => SaleEvidence) evidence: SaleEvidence;
}

@ObjectType('Sale', {
  implements: Node,
  description: 'A work that changed hands for money, as a chain shows it.',
})
export class Sale extends Node {
  declare id: SaleId;
  projectId: ProjectId;
  registryId: RegistryId;
  workId: WorkId;
  @Field(() => SaleState) state: SaleState;
  @Field(() => SaleVenue) venue: SaleVenue;
  @Field(() => String, { nullable: true, description: 'Of the order that sold it.' }) orderHash:
    | string
    | null;
  @Field(() => AccountIdScalar) seller: AccountId;
  @Field(() => AccountIdScalar) buyer: AccountId;
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, {
    description: 'All that was paid, in base units: fees and royalty included. Of a bundle, the work’s part.',
  })
  price: string;
  @Field(() => Boolean, { description: 'It was sold with other tokens, among which the price is divided.' })
  bundled: boolean;
  @Field(() => [SaleMark]) marks: SaleMark[];
  @Field(() => Int, { description: 'Of the royalty policy that it follows.' }) policyRevision: number;
  @Field(() => Ground) ground: Ground;
  @Field(() => Verdict) verdict: Verdict;
  @Field(() => String, { description: 'The royalty that it owes, in base units of the asset.' })
  expected: string;
  @Field(() => String, { description: 'What came of it.' }) paid: string;
  @Field(() => Date, {
    nullable: true,
    description: 'When what is missing becomes unpaid; null if nothing is.',
  })
  dueAt: Date | null;
  @Field(() => Date, { description: 'Block time.' }) soldAt: Date;
  @Field(() => SaleEvidence) evidence: SaleEvidence;
  @Field(() => Date, { description: 'When it was first seen.' }) createdAt: Date;
}

@ObjectType({ description: 'That a person told which sale a payment in suspense was for.' })
export class PaymentAttribution {
  @Field(() => ID) paymentId: PaymentId;
  saleId: SaleId;
  @Field(() => String, { description: 'Of the payment, in its base units.' }) amount: string;
  @Field(() => String, {
    description: 'What it settles of what the sale did not pay in time, in base units of the sale’s asset.',
  })
  settled: string;
  @Field(() => String) reason: string;
  @Field(() => Boolean, { description: 'False once it was withdrawn, or a reorg took either back.' })
  standing: boolean;
  @Field(() => Date) attributedAt: Date;
}

export const SalePaymentConnection = connectionType(SalePayment, 'SalePayment');
export const SaleConnection = connectionType(Sale, 'Sale');
