import { Field, InputType } from 'type-graphql';
import { type Hex, isHex } from 'viem';
import { z } from 'zod';
import { signatureSchema } from './signature';

@InputType({
  description: 'The owner’s signature on a change, as `prepareOwnerConsent` returned it to be signed.',
})
export class OwnerConsentInput {
  @Field(() => String) nonce: string;
  @Field(() => String, { description: 'Unix time in seconds.' }) deadline: string;
  @Field(() => String, {
    description: 'EIP-712 signature of the registry’s owner; of a contract wallet by EIP-1271 or ERC-6492.',
  })
  signature: string;
}

const NONCE_HEX_DIGITS = 64;

export const ownerConsentSchema = z.strictObject({
  nonce: z.custom<Hex>(
    (value) => typeof value === 'string' && isHex(value) && value.length === 2 + NONCE_HEX_DIGITS,
    'must be 32 bytes in hex',
  ),
  deadline: z
    .string()
    .regex(/^\d{1,12}$/, 'must be Unix time in seconds')
    .transform((value) => BigInt(value)),
  signature: signatureSchema,
});

export type OwnerConsent = z.output<typeof ownerConsentSchema>;
