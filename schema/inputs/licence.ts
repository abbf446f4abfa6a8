import { Field, ID, InputType, Int } from 'type-graphql';
import type { Hex } from 'viem';
import { z } from 'zod';
import { accountIdSchema, chainIdSchema, moneyIdSchema } from '../caip';
import { AccountIdScalar, ChainIdScalar } from '../scalars';
import { Derivatives } from '../types/licence';
import { registryGlobalIdSchema, workGlobalIdSchema } from './ids';
import { OwnerConsentInput, ownerConsentSchema } from './owner-consent';
import { nameSchema, textSchema } from './text';

/** As many works as one offer of the licence book names. */
const MAX_WORKS = 10;
/** The contract's `uint32`. */
const MAX_TERM_SECONDS = 2 ** 31 - 1;

const CONSENT = {
  nullable: true,
  description: 'If the registry has an owner that is not the tenant’s account: `prepareOwnerConsent`.',
} as const;
const REASON = { description: 'Why; kept with the action.' } as const;

@InputType()
export class LicenceTermsInput {
  @Field(() => Boolean) commercial: boolean;
  @Field(() => Derivatives) derivatives: Derivatives;
  @Field(() => Boolean) attribution: boolean;
  @Field(() => Boolean, { defaultValue: false }) exclusive: boolean;
  @Field(() => Boolean, { defaultValue: false }) prohibitsHate: boolean;
  @Field(() => Int, { defaultValue: 0, description: '0 to 10,000 basis points.' }) revenueShareBps: number;
}

@InputType()
export class AddLicenceTemplateInput {
  @Field(() => String) name: string;
  @Field(() => String, { description: 'Where the text is published.' }) uri: string;
  @Field(() => String, { description: 'The whole text, at most 200,000 characters.' }) text: string;
  @Field(() => LicenceTermsInput) terms: LicenceTermsInput;
}

@InputType()
export class OfferLicenceInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar, { description: 'Where it is for sale; the licence holds on every chain.' })
  chainId: string;
  @Field(() => String, { description: 'One of `licenceTemplates`.' }) templateHash: string;
  @Field(() => String, { description: 'In base units of the currency.' }) price: string;
  @Field(() => String, {
    nullable: true,
    description: 'ERC-20 on that chain by CAIP-19; native money when absent.',
  })
  currency?: string | null;
  @Field(() => Int, {
    nullable: true,
    description: 'How long a licence lasts, in seconds; for ever when absent.',
  })
  termSeconds?: number | null;
  @Field(() => Date, { nullable: true }) closesAt?: Date | null;
  @Field(() => Boolean, { defaultValue: false }) transferable: boolean;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the terms let you take a licence back.',
  })
  revocable: boolean;
  @Field(() => [ID], { nullable: true, description: 'Up to 10 works; the whole project when absent.' })
  workIds?: string[] | null;
  @Field(() => String, REASON) reason: string;
  @Field(() => OwnerConsentInput, CONSENT) consent?: OwnerConsentInput | null;
}

@InputType()
export class WithdrawLicenceOfferInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar) chainId: string;
  @Field(() => String) offerId: string;
  @Field(() => String, REASON) reason: string;
  @Field(() => OwnerConsentInput, CONSENT) consent?: OwnerConsentInput | null;
}

@InputType()
export class RevokeLicenceInput {
  @Field(() => ID) registryId: string;
  @Field(() => String) grantId: string;
  @Field(() => String, { description: 'Why; its keccak256 goes on chain.' }) reason: string;
  @Field(() => OwnerConsentInput, CONSENT) consent?: OwnerConsentInput | null;
}

@InputType()
export class GrantLicenceInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar) chainId: string;
  @Field(() => String, { description: 'In native money; its price is paid by the tenant’s account.' })
  offerId: string;
  @Field(() => AccountIdScalar, { description: 'Who gets the licence, on that chain.' }) holder: string;
  @Field(() => String, REASON) reason: string;
}

@InputType()
export class PrepareBuyLicenceInput {
  @Field(() => ID) registryId: string;
  @Field(() => ChainIdScalar) chainId: string;
  @Field(() => String) offerId: string;
  @Field(() => AccountIdScalar, { description: 'Who pays and gets the licence, on that chain.' })
  buyer: string;
}

@InputType()
export class ReplicateLicenceInput {
  @Field(() => ID) registryId: string;
  @Field(() => String) grantId: string;
}

@InputType()
export class IsLicensedInput {
  @Field(() => ID) registryId: string;
  @Field(() => ID) workId: string;
  @Field(() => AccountIdScalar, { description: 'On any chain: licence books know holders by their address.' })
  account: string;
  @Field(() => String) templateHash: string;
}

const bytes32Schema = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/i, 'must be 32 bytes in hex')
  // CAST: the pattern says so. In the case in which chains' events are kept.
  .transform((value) => value.toLowerCase() as Hex);
const uint256Schema = z
  .string()
  .regex(/^\d{1,78}$/, 'must be a whole number of base units')
  .refine((value) => BigInt(value) < 2n ** 256n, 'must fit 256 bits');
const offerIdSchema = z.string().regex(/^(0|[1-9]\d{0,15})$/, 'must be the number of an offer');
const reasonSchema = nameSchema(500);
const consent = ownerConsentSchema.nullish();

export const licenceTermsSchema = z.strictObject({
  commercial: z.boolean(),
  derivatives: z.enum(Derivatives),
  attribution: z.boolean(),
  exclusive: z.boolean(),
  prohibitsHate: z.boolean(),
  revenueShareBps: z.int().min(0).max(10_000),
});
export const addLicenceTemplateSchema = z.strictObject({
  name: nameSchema(100),
  uri: z.url().max(500),
  text: textSchema(200_000),
  terms: licenceTermsSchema,
});

const offerShape = {
  registryId: registryGlobalIdSchema,
  chainId: chainIdSchema,
  templateHash: bytes32Schema,
  price: uint256Schema,
  currency: moneyIdSchema.nullish(),
  termSeconds: z.int().min(1).max(MAX_TERM_SECONDS).nullish(),
  closesAt: z.coerce.date().nullish(),
  transferable: z.boolean().default(false),
  revocable: z.boolean().default(false),
  workIds: z.array(workGlobalIdSchema).min(1).max(MAX_WORKS).nullish(),
  reason: reasonSchema,
};
const withdrawalShape = {
  registryId: registryGlobalIdSchema,
  chainId: chainIdSchema,
  offerId: offerIdSchema,
  reason: reasonSchema,
};
const revocationShape = { registryId: registryGlobalIdSchema, grantId: bytes32Schema, reason: reasonSchema };

export const offerChangeSchema = z.strictObject(offerShape);
export const offerLicenceSchema = z.strictObject({ ...offerShape, consent });
export const withdrawalChangeSchema = z.strictObject(withdrawalShape);
export const withdrawLicenceOfferSchema = z.strictObject({ ...withdrawalShape, consent });
export const revocationChangeSchema = z.strictObject(revocationShape);
export const revokeLicenceSchema = z.strictObject({ ...revocationShape, consent });
export const grantLicenceSchema = z.strictObject({ ...withdrawalShape, holder: accountIdSchema });
export const prepareBuyLicenceSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  chainId: chainIdSchema,
  offerId: offerIdSchema,
  buyer: accountIdSchema,
});
export const replicateLicenceSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  grantId: bytes32Schema,
});

export const isLicensedSchema = z.strictObject({
  registryId: registryGlobalIdSchema,
  workId: workGlobalIdSchema,
  account: accountIdSchema,
  templateHash: bytes32Schema,
});

export type AddLicenceTemplate = z.output<typeof addLicenceTemplateSchema>;
export type OfferLicence = z.output<typeof offerLicenceSchema>;
export type WithdrawLicenceOffer = z.output<typeof withdrawLicenceOfferSchema>;
export type RevokeLicence = z.output<typeof revokeLicenceSchema>;
export type GrantLicence = z.output<typeof grantLicenceSchema>;
export type PrepareBuyLicence = z.output<typeof prepareBuyLicenceSchema>;
export type IsLicensed = z.output<typeof isLicensedSchema>;
export type ReplicateLicence = z.output<typeof replicateLicenceSchema>;

@InputType({ description: 'Narrows `licenceOffers`; all given fields must match.' })
export class LicenceOfferFilterInput {
  @Field(() => ID, { nullable: true }) registryId?: string | null;
  @Field(() => ChainIdScalar, { nullable: true }) chainId?: string | null;
  @Field(() => String, { nullable: true }) templateHash?: string | null;
}

@InputType({ description: 'Narrows `licences`; all given fields must match.' })
export class LicenceFilterInput extends LicenceOfferFilterInput {
  @Field(() => AccountIdScalar, { nullable: true, description: 'On the chain that issued it.' })
  holder?: string | null;
  @Field(() => String, { nullable: true }) grantId?: string | null;
}

const filterShape = {
  registryId: registryGlobalIdSchema.nullish(),
  chainId: chainIdSchema.nullish(),
  templateHash: bytes32Schema.nullish(),
};
export const licenceOfferFilterSchema = z.strictObject(filterShape).nullish();
export const licenceFilterSchema = z
  .strictObject({ ...filterShape, holder: accountIdSchema.nullish(), grantId: bytes32Schema.nullish() })
  .nullish();

export type LicenceOfferFilter = z.output<typeof licenceOfferFilterSchema>;
export type LicenceFilter = z.output<typeof licenceFilterSchema>;
