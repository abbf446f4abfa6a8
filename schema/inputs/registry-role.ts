import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { zeroAddress } from 'viem';
import { z } from 'zod';
import { accountIdSchema, splitAccountId } from '../caip';
import { AccountIdScalar, JsonScalar } from '../scalars';
import { RegistryRole } from '../types/guard-action';
import { registryGlobalIdSchema } from './ids';
import { offerChangeSchema, revocationChangeSchema, withdrawalChangeSchema } from './licence';
import { OwnerConsentInput, ownerConsentSchema } from './owner-consent';
import { statementChangeSchema } from './royalty';
import { nameSchema } from './text';

/** How long an owner may take to sign, in seconds: a day unless asked for otherwise, thirty at most. */
const DEFAULT_VALIDITY = 86_400;
export const MAX_VALIDITY = 30 * 86_400;

@InputType()
export class SetRegistryRoleInput {
  @Field(() => ID) registryId: string;
  @Field(() => RegistryRole) role: RegistryRole;
  @Field(() => AccountIdScalar, {
    description: 'Who gets it, on the chain of the registry on which it gets it.',
  })
  account: string;
  @Field(() => String, { description: 'Why; kept with the action.' }) reason: string;
  @Field(() => OwnerConsentInput, {
    nullable: true,
    description:
      'For the role of the guardian, where the tenant’s account has it in a registry that somebody else owns: with it the role is handed over at once, without it after the queue’s 14 days.',
  })
  consent?: OwnerConsentInput | null;
}

const roleChangeShape = {
  registryId: registryGlobalIdSchema,
  role: z.enum(RegistryRole),
  account: accountIdSchema.refine(
    (account) => splitAccountId(account).address !== zeroAddress,
    'must be somebody',
  ),
  reason: nameSchema(500),
};
export const setRegistryRoleSchema = z.strictObject({
  ...roleChangeShape,
  consent: ownerConsentSchema.nullish(),
});

export type SetRegistryRole = z.output<typeof setRegistryRoleSchema>;

/** The changes that an owner consents to by signature, named as their mutations are. */
export const ConsentedOperation = {
  setRegistryRole: 'setRegistryRole',
  offerLicence: 'offerLicence',
  withdrawLicenceOffer: 'withdrawLicenceOffer',
  revokeLicence: 'revokeLicence',
  stateRoyaltyPolicy: 'stateRoyaltyPolicy',
} as const;
export type ConsentedOperation = (typeof ConsentedOperation)[keyof typeof ConsentedOperation];
registerEnumType(ConsentedOperation, {
  name: 'ConsentedOperation',
  description: 'A mutation that a registry’s owner consents to by signature.',
});

@InputType()
export class PrepareOwnerConsentInput {
  @Field(() => ConsentedOperation) operation: ConsentedOperation;
  @Field(() => JsonScalar, { description: 'The `input` of that mutation, without `consent`.' })
  change: unknown;
  @Field(() => Int, {
    defaultValue: DEFAULT_VALIDITY,
    description: 'How long the owner may take, in seconds: 60 to 2592000 (30 days).',
  })
  validForSeconds: number;
}

const validForSeconds = z.int().min(60).max(MAX_VALIDITY);

export const prepareOwnerConsentSchema = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal(ConsentedOperation.setRegistryRole),
    change: z.strictObject(roleChangeShape),
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ConsentedOperation.offerLicence),
    change: offerChangeSchema,
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ConsentedOperation.withdrawLicenceOffer),
    change: withdrawalChangeSchema,
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ConsentedOperation.revokeLicence),
    change: revocationChangeSchema,
    validForSeconds,
  }),
  z.strictObject({
    operation: z.literal(ConsentedOperation.stateRoyaltyPolicy),
    change: statementChangeSchema,
    validForSeconds,
  }),
]);

export type PrepareOwnerConsent = z.output<typeof prepareOwnerConsentSchema>;
