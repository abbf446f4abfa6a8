import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { type ChainId, chainIdSchema } from '../caip';
import { ChainIdScalar } from '../scalars';
import { SigningKeyKind } from '../types/signing-key';
import { signingKeyGlobalIdSchema } from './ids';
import { nameSchema } from './text';

@InputType({ description: 'A private key by itself, or in a keystore file with its password.' })
export class ImportSigningKeyInput {
  @Field(() => String, { description: 'What it is for.' }) label: string;
  @Field(() => String, { nullable: true, description: '32 bytes in hex. Kept sealed, and never shown.' })
  privateKey?: string | null;
  @Field(() => String, { nullable: true, description: 'JSON of a keystore file, version 3.' })
  keystore?: string | null;
  @Field(() => String, { nullable: true, description: 'Of the keystore file. It is not kept.' })
  password?: string | null;
}

@InputType({
  description:
    'A key in AWS KMS, of spec ECC_SECG_P256K1, to which its owner has given the alias `colophon/TENANT/aliasName`.',
})
export class UseKmsKeyInput {
  @Field(() => String, { description: 'What it is for.' }) label: string;
  @Field(() => String, { description: 'The AWS account that the key is in, 12 digits.' })
  awsAccountId: string;
  @Field(() => String, { description: 'Such as `eu-central-1`.' }) region: string;
  @Field(() => String, { description: 'The last part of the alias: letters, digits, `-` and `_`.' })
  aliasName: string;
}

@InputType()
export class UseSigningKeyInput {
  @Field(() => ID, { nullable: true, description: 'None for the key that the platform made.' })
  signingKeyId?: string | null;
  @Field(() => [ChainIdScalar], { nullable: true, description: 'All chains when absent.' })
  chainIds?: ChainId[] | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Goes on although registries gave the present account their roles.',
  })
  leaveRoles: boolean;
}

@InputType()
export class SigningKeyFilterInput {
  @Field(() => SigningKeyKind, { nullable: true }) kind?: SigningKeyKind | null;
}

/** The order of secp256k1 (SEC 2, §2.4.1): private keys lie below it. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** True for 32 bytes in hex that are a private key of secp256k1. */
export function isPrivateKey(hex: string): boolean {
  if (!/^0x[0-9a-f]{64}$/i.test(hex)) return false;
  const value = BigInt(hex);
  return value > 0n && value < CURVE_ORDER;
}

const privateKeySchema = z
  .string()
  .refine((value) => isPrivateKey(prefixed(value)), 'must be a private key: 32 bytes in hex')
  // CAST: it was just found to be hex.
  .transform((value) => prefixed(value) as `0x${string}`);

const label = nameSchema(200);

export const importSigningKeySchema = z
  .strictObject({
    label,
    privateKey: privateKeySchema.nullish(),
    keystore: z.string().min(1).max(10_000).nullish(),
    password: z.string().max(1_000).nullish(),
  })
  .transform(({ label, privateKey, keystore, password }, context) => {
    if (privateKey != null && keystore == null && password == null) return { label, privateKey };
    if (privateKey == null && keystore != null && password != null) return { label, keystore, password };
    context.addIssue({
      code: 'custom',
      message: 'needs either a privateKey, or a keystore with its password',
    });
    return z.NEVER;
  });
export const useKmsKeySchema = z.strictObject({
  label,
  awsAccountId: z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/, 'must be an AWS region such as eu-central-1'),
  aliasName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - and _'),
});
export const useSigningKeySchema = z.strictObject({
  signingKeyId: signingKeyGlobalIdSchema.nullish().transform((id) => id ?? null),
  chainIds: z
    .array(chainIdSchema)
    .min(1)
    .nullish()
    .transform((ids) => ids && [...new Set(ids)]),
  leaveRoles: z.boolean(),
});
export const signingKeyFilterSchema = z.strictObject({ kind: z.enum(SigningKeyKind).nullish() }).nullish();

export type ImportSigningKey = z.output<typeof importSigningKeySchema>;
export type UseKmsKey = z.output<typeof useKmsKeySchema>;
export type UseSigningKey = z.output<typeof useSigningKeySchema>;
export type SigningKeyFilter = z.output<typeof signingKeyFilterSchema>;

function prefixed(hex: string): string {
  return hex.startsWith('0x') ? hex : `0x${hex}`;
}
