import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { z } from 'zod';
import { accountIdSchema } from '../caip';
import { AccountIdScalar, JsonScalar } from '../scalars';
import { ArtistConsentInput, artistConsentSchema } from './artist-consent';
import { projectGlobalIdSchema } from './ids';
import { MAX_VALIDITY } from './registry-role';
import { policyChangeSchema } from './royalty';

/** How long an artist may take to sign, in seconds, unless asked for otherwise. */
const DEFAULT_VALIDITY = 86_400;

@InputType()
export class RequestRoyaltyWalletChangeInput {
  @Field(() => ID) projectId: string;
  @Field(() => Int, { description: 'The revision of the policy that you have seen.' })
  expectedRevision: number;
  @Field(() => AccountIdScalar, { description: 'On any chain that the platform knows.' }) newWallet: string;
  @Field(() => ArtistConsentInput) consent: ArtistConsentInput;
}

@InputType()
export class CancelRoyaltyWalletChangeInput {
  @Field(() => ID) projectId: string;
  @Field(() => Int, { description: 'Which of the project’s changes.' }) number: number;
  @Field(() => ArtistConsentInput) consent: ArtistConsentInput;
}

@InputType()
export class VetoRoyaltyWalletChangeInput {
  @Field(() => ID) projectId: string;
  @Field(() => Int, { description: 'Which of the project’s changes.' }) number: number;
}

const requestChangeSchema = z.strictObject({
  projectId: projectGlobalIdSchema,
  expectedRevision: z.number().int().min(1),
  newWallet: accountIdSchema,
});
const endingSchema = z.strictObject({ projectId: projectGlobalIdSchema, number: z.number().int().min(1) });

export const requestRoyaltyWalletChangeSchema = requestChangeSchema.extend({ consent: artistConsentSchema });
export const cancelRoyaltyWalletChangeSchema = endingSchema.extend({ consent: artistConsentSchema });
export const vetoRoyaltyWalletChangeSchema = endingSchema;

export type RequestRoyaltyWalletChange = z.output<typeof requestRoyaltyWalletChangeSchema>;
export type CancelRoyaltyWalletChange = z.output<typeof cancelRoyaltyWalletChangeSchema>;
export type VetoRoyaltyWalletChange = z.output<typeof vetoRoyaltyWalletChangeSchema>;

/** The changes that an artist consents to by signature, named as their mutations are. */
export const ArtistOperation = {
  setRoyaltyPolicy: 'setRoyaltyPolicy',
  requestRoyaltyWalletChange: 'requestRoyaltyWalletChange',
  cancelRoyaltyWalletChange: 'cancelRoyaltyWalletChange',
} as const;
export type ArtistOperation = (typeof ArtistOperation)[keyof typeof ArtistOperation];
registerEnumType(ArtistOperation, {
  name: 'ArtistOperation',
  description: 'A mutation that a project’s artist consents to, by the signature of the primary wallet.',
});

@InputType()
export class PrepareArtistConsentInput {
  @Field(() => ArtistOperation) operation: ArtistOperation;
  @Field(() => JsonScalar, {
    description: 'The whole `input` of that mutation, defaults included, without `consent`.',
  })
  change: unknown;
  @Field(() => Int, {
    defaultValue: DEFAULT_VALIDITY,
    description: 'How long the artist may take, in seconds: 60 to 2592000 (30 days).',
  })
  validForSeconds: number;
}

const validForSeconds = z.int().min(60).max(MAX_VALIDITY);

export const prepareArtistConsentSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal(ArtistOperation.setRoyaltyPolicy),
    change: policyChangeSchema,
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ArtistOperation.requestRoyaltyWalletChange),
    change: requestChangeSchema,
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ArtistOperation.cancelRoyaltyWalletChange),
    change: endingSchema,
    validForSeconds,
  }),
]);

export type PrepareArtistConsent = z.output<typeof prepareArtistConsentSchema>;
