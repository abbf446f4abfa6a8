import { Field, ID, InputType, Int } from 'type-graphql';
import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import { accountIdSchema, moneyIdSchema } from '../caip';
import { AccountIdScalar, MoneyIdScalar } from '../scalars';
import { EnforcementMode, PayeeRole } from '../types/royalty';
import { type ArtistConsent, ArtistConsentInput, artistConsentSchema } from './artist-consent';
import { projectGlobalIdSchema, registryGlobalIdSchema } from './ids';
import { OwnerConsentInput, ownerConsentSchema } from './owner-consent';
import { nameSchema } from './text';

export const WHOLE_BPS = 10_000;
/** As many payees as the RoyaltyVault splits among. */
export const MAX_PAYEES = 20;
/** As many operators as a collection’s transfer policy can name. */
const MAX_OPERATORS = 16;

@InputType()
export class RoyaltySplitInput {
  @Field(() => AccountIdScalar) account: string;
  @Field(() => PayeeRole) role: PayeeRole;
  @Field(() => Int, { description: '1 to 10000; those of a policy sum to 10000.' }) shareBps: number;
}

@InputType()
export class RoyaltyCurrencyInput {
  @Field(() => MoneyIdScalar) asset: string;
  @Field(() => String, { description: 'The least that is worth a settlement, in base units.' })
  threshold: string;
}

@InputType({ description: 'A new revision of a project’s royalty policy.' })
export class SetRoyaltyPolicyInput {
  @Field(() => ID) projectId: string;
  @Field(() => Int, { description: 'The revision that you have seen; 0 if none was stated.' })
  expectedRevision: number;
  @Field(() => Date, {
    nullable: true,
    description:
      'From when on it holds, by block time; now if left out. Sales that are recorded keep the revision that they were recorded under.',
  })
  effectiveFrom?: Date | null;
  @Field(() => Int, { description: 'Of each sale’s price, in basis points: 0 to 10000.' }) royaltyBps: number;
  @Field(() => [RoyaltySplitInput], { description: '1 to 20 payees.' }) splits: RoyaltySplitInput[];
  @Field(() => AccountIdScalar, { description: 'One of the payees.' }) primaryWallet: string;
  @Field(() => [RoyaltyCurrencyInput], { defaultValue: [], description: 'None: any money.' })
  currencies: RoyaltyCurrencyInput[];
  @Field(() => EnforcementMode, { defaultValue: EnforcementMode.OBSERVE }) enforcement: EnforcementMode;
  @Field(() => [String], {
    defaultValue: [],
    description:
      'For RESTRICT: addresses (0x…), the same on every chain, that may move works for holders who approved them; at most 16. None: only holders themselves.',
  })
  operators: string[];
  @Field(() => Int, { description: 'At most a year.' }) paymentWindowSeconds: number;
  @Field(() => ArtistConsentInput, {
    nullable: true,
    description:
      'Where the royalty or an artist’s share falls, or an artist is a payee no more: what the primary wallet signed, see `prepareArtistConsent`.',
  })
  consent?: ArtistConsentInput | null;
}

const operatorSchema = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'must be an address')
  .transform((value) => getAddress(value));
const bps = z.number().int().max(WHOLE_BPS);

/** The JSON form. Rules across fields have errors of their own: see domain/royalties/royalty-policy.ts. */
export const royaltyPolicySchema = z.strictObject({
  /** Of each sale's price, in basis points (1/100 %). */
  royaltyBps: bps.min(0),
  /** How each royalty is divided; of equals the first gets the unit that cannot be divided. */
  splits: z
    .array(z.strictObject({ account: accountIdSchema, role: z.enum(PayeeRole), shareBps: bps.min(1) }))
    .min(1)
    .max(MAX_PAYEES),
  /** Where the artist wants to be paid in the end: one of the payees. */
  primaryWallet: accountIdSchema,
  /** Money that a royalty may be paid in, with the least that is worth a settlement, in base units. None named: any. */
  currencies: z
    .array(
      z.strictObject({
        asset: moneyIdSchema,
        threshold: z
          .string()
          .regex(/^\d{1,78}$/, 'must be a whole number of base units')
          .transform((value) => BigInt(value).toString()),
      }),
    )
    .max(50),
  enforcement: z.enum(EnforcementMode),
  /** Who may move works for their holders under RESTRICT. */
  operators: z.array(operatorSchema).max(MAX_OPERATORS).default([]),
  /** How long after a sale its payment may come, in seconds; what is not there then is unpaid. At most a year. */
  paymentWindowSeconds: z
    .number()
    .int()
    .min(0)
    .max(365 * 86_400),
});

/** How a project's sales pay royalties. */
export type RoyaltyPolicy = z.output<typeof royaltyPolicySchema>;
export type PolicySplit = RoyaltyPolicy['splits'][number];

const policyChangeShape = royaltyPolicySchema.extend({
  projectId: projectGlobalIdSchema,
  expectedRevision: z.number().int().min(0),
  // As GraphQL parses it, or as JSON has it.
  effectiveFrom: z
    .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])
    .nullish(),
});

/** What an artist consents to. */
export const policyChangeSchema = policyChangeShape.transform(
  ({ projectId, expectedRevision, effectiveFrom, ...policy }) => ({
    projectId,
    expectedRevision,
    effectiveFrom: effectiveFrom ?? undefined,
    policy,
  }),
);
export const setRoyaltyPolicySchema = policyChangeShape
  .extend({ consent: artistConsentSchema.nullish() })
  .transform(({ consent, projectId, expectedRevision, effectiveFrom, ...policy }) => ({
    projectId,
    expectedRevision,
    effectiveFrom: effectiveFrom ?? undefined,
    policy,
    consent: consent ?? undefined,
  }));

/** A new revision of a project's policy. */
export type StatePolicy = Omit<z.output<typeof setRoyaltyPolicySchema>, 'consent'> & {
  readonly consent?: ArtistConsent | undefined;
};

@InputType({
  description:
    'Has the policy that holds now stated on the chains of a registry, as far as they do not have it.',
})
export class StateRoyaltyPolicyInput {
  @Field(() => ID) registryId: string;
  @Field(() => Int, { description: 'The revision that you have seen in force.' }) revision: number;
  @Field(() => String, { description: 'Its hash, so that whoever consents signs what it says.' })
  hash: string;
  @Field(() => String, { description: 'Why; kept with the actions.' }) reason: string;
  @Field(() => OwnerConsentInput, {
    nullable: true,
    description: 'Where the tenant’s account has the policy role in a registry that somebody else owns.',
  })
  consent?: OwnerConsentInput | null;
}

/** What an owner consents to. */
export const statementChangeSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  revision: z.number().int().min(0),
  hash: z.string().regex(/^0x[0-9a-f]{64}$/, 'must be 32 bytes in lower-case hex'),
  reason: nameSchema(500),
});
export const stateRoyaltyPolicySchema = statementChangeSchema.extend({
  consent: ownerConsentSchema.nullish(),
});

export type StateRoyaltyPolicy = z.output<typeof stateRoyaltyPolicySchema>;
