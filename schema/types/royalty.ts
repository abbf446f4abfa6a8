import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId, ChainId, EvmAddress, MoneyId } from '../caip';
import type { ProjectId } from '../ids';
import { AccountIdScalar, ChainIdScalar, MoneyIdScalar } from '../scalars';

/** Who a payee is. A PLATFORM's share is its fee; the others' are owed to them alike. */
export const PayeeRole = {
  ARTIST: 'ARTIST',
  GALLERY: 'GALLERY',
  CHARITY: 'CHARITY',
  PLATFORM: 'PLATFORM',
  OTHER: 'OTHER',
} as const;
export type PayeeRole = (typeof PayeeRole)[keyof typeof PayeeRole];
registerEnumType(PayeeRole, {
  name: 'RoyaltyPayeeRole',
  description: 'Who a payee is. A PLATFORM’s share is its fee; the others’ are owed to them alike.',
});

/** OBSERVE: what is not paid is shown. CLAIM: it is claimed, too. RESTRICT: transfers past the royalty are refused. */
export const EnforcementMode = { OBSERVE: 'OBSERVE', CLAIM: 'CLAIM', RESTRICT: 'RESTRICT' } as const;
export type EnforcementMode = (typeof EnforcementMode)[keyof typeof EnforcementMode];
registerEnumType(EnforcementMode, {
  name: 'RoyaltyEnforcement',
  description:
    'OBSERVE: what is not paid is shown. CLAIM: it is claimed, too. RESTRICT: transfers past the royalty are refused.',
});

@ObjectType({ description: 'A payee of a royalty.' })
export class RoyaltySplit {
  @Field(() => AccountIdScalar) account: AccountId;
  @Field(() => PayeeRole) role: PayeeRole;
  @Field(() => Int, { description: 'Of each royalty, in basis points; those of a policy sum to 10000.' })
  shareBps: number;
}

@ObjectType({ description: 'Money that a royalty may be paid in.' })
export class RoyaltyCurrency {
  @Field(() => MoneyIdScalar) asset: MoneyId;
  @Field(() => String, { description: 'The least that is worth a settlement, in base units.' })
  threshold: string;
}

@ObjectType({ description: 'A revision of what a project’s sales owe, and of how that is split.' })
export class RoyaltyPolicy {
  projectId: ProjectId;
  @Field(() => Int, {
    description:
      'From 1, without gaps. 0: the project’s own royalty, all of it the artist’s, which holds until a revision does.',
  })
  revision: number;
  @Field(() => Date, {
    description: 'It holds for sales in blocks from then on, until the next revision does.',
  })
  effectiveFrom: Date;
  @Field(() => Int, { description: 'Of each sale’s price, in basis points (1/100 %).' }) royaltyBps: number;
  @Field(() => [RoyaltySplit]) splits: RoyaltySplit[];
  @Field(() => AccountIdScalar, { description: 'Where the artist wants to be paid in the end.' })
  primaryWallet: AccountId;
  @Field(() => [RoyaltyCurrency], { description: 'Empty: any money.' }) currencies: RoyaltyCurrency[];
  @Field(() => EnforcementMode) enforcement: EnforcementMode;
  @Field(() => [String], { description: 'For RESTRICT: who may move works for holders who approved it.' })
  operators: EvmAddress[];
  @Field(() => Int, {
    description: 'How long after a sale its payment may come; what is not there then is unpaid.',
  })
  paymentWindowSeconds: number;
  @Field(() => String, { description: 'keccak256 over royalty and splits, as contracts name the policy.' })
  hash: string;
}

@ObjectType({ description: 'What one chain of a registry holds of its royalty policy, by its own events.' })
export class ChainRoyaltyTerms {
  @Field(() => ChainIdScalar) chainId: ChainId;
  @Field(() => Int, {
    description:
      'Of the registry’s own state. At equal revisions chains answer ERC-2981 alike, but for the receiver. 0: what it was deployed with.',
  })
  revision: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'The newest revision of the policy that says the same; null if somebody else stated these terms.',
  })
  policyRevision: number | null;
  @Field(() => Int) royaltyBps: number;
  @Field(() => String) policyHash: string;
  @Field(() => Boolean, { description: 'Whether only `operators` may move works for their holders.' })
  restrictsTransfers: boolean;
  @Field(() => [String]) operators: EvmAddress[];
  @Field(() => Boolean, { description: 'Whether the block that stated it may still fall.' })
  provisional: boolean;
  @Field(() => Int, { description: 'How often the vault’s split was stated; 0 if it is not in the record.' })
  splitRevision: number;
  @Field(() => Int, {
    nullable: true,
    description: 'The newest revision of the policy that splits so; null if none does.',
  })
  splitPolicyRevision: number | null;
  @Field(() => Boolean) splitProvisional: boolean;
  @Field(() => String, { nullable: true, description: 'What it waits for to hold the newest policy.' })
  waitingFor: string | null;
}
