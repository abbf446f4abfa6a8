import { Field, ID, InputType } from 'type-graphql';
import { isHex } from 'viem';
import { z } from 'zod';
import { accountIdSchema, splitAccountId } from '../caip';
import { sessionIdSchema, tenantIdSchema } from '../ids';
import { AccountIdScalar } from '../scalars';
import { emailSchema } from './member';

@InputType()
export class SignInInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String) email: string;
  @Field(() => String) password: string;
}

@InputType()
export class ChallengeWalletInput {
  @Field(() => ID) tenantId: string;
  @Field(() => AccountIdScalar, { description: 'On the chain of a contract wallet; on any one for a key.' })
  account: string;
}

@InputType({ description: 'A message of EIP-4361 and its signature.' })
export class SignedMessageInput {
  @Field(() => String) message: string;
  @Field(() => String, {
    description: 'In hex: by `personal_sign`, or a contract wallet’s (EIP-1271, ERC-6492).',
  })
  signature: string;
}

@InputType()
export class SignInWithWalletInput extends SignedMessageInput {
  @Field(() => ID) tenantId: string;
}

@InputType()
export class UnlinkWalletInput {
  @Field(() => AccountIdScalar) account: string;
}

@InputType({ description: 'With a password or with a wallet, not both.' })
export class AcceptInvitationInput {
  @Field(() => String) invitation: string;
  @Field(() => String, { nullable: true, description: '15 to 200 characters.' }) password?: string | null;
  @Field(() => SignedMessageInput, { nullable: true }) wallet?: SignedMessageInput | null;
}

@InputType()
export class ChangePasswordInput {
  @Field(() => String, { nullable: true, description: 'Not needed by who has none yet.' })
  currentPassword?: string | null;
  @Field(() => String, { description: '15 to 200 characters.' }) newPassword: string;
}

@InputType()
export class RevokeSessionInput {
  @Field(() => ID) sessionId: string;
}

@InputType()
export class BeginOidcSignInInput {
  @Field(() => ID) tenantId: string;
}

@InputType()
export class CompleteOidcSignInInput {
  @Field(() => ID) tenantId: string;
  @Field(() => String, { description: 'As `beginOidcSignIn` gave it to this browser.' }) state: string;
  @Field(() => String, { description: 'The whole URL that the provider sent the browser back to.' })
  callbackUrl: string;
}

@InputType()
export class SetIdentityProviderInput {
  @Field(() => String, { description: 'Its issuer identifier, e.g. `https://login.example`.' })
  issuer: string;
  @Field(() => String) clientId: string;
  @Field(() => String, { description: 'Kept sealed, never shown.' }) clientSecret: string;
}

/** The fewest characters of a password that is the only factor (NIST SP 800-63B-4 §3.1.1.2, read 2026-11). */
const MIN_PASSWORD = 15;
/** Fewer different characters are a pattern, not a password. */
const MIN_DIFFERENT = 6;

const newPasswordSchema = z
  .string()
  .min(MIN_PASSWORD)
  .max(200)
  // The same characters in another encoding are the same password (SP 800-63B-4).
  .transform((text) => text.normalize('NFKC'))
  .refine((text) => new Set(text).size >= MIN_DIFFERENT, `needs ${MIN_DIFFERENT} different characters`);
const givenPasswordSchema = z
  .string()
  .max(200)
  .transform((text) => text.normalize('NFKC'));
const evmAccountSchema = accountIdSchema.refine(
  (account) => splitAccountId(account).chainId.startsWith('eip155:'),
  'must be an EVM account',
);
const signedMessageSchema = z.strictObject({
  message: z.string().max(4_000),
  signature: z
    .string()
    .max(20_000)
    .refine((text) => isHex(text), 'must be hex')
    // CAST: just checked.
    .transform((text) => text as `0x${string}`),
});

export const signInSchema = z.strictObject({
  tenantId: tenantIdSchema,
  email: emailSchema,
  password: givenPasswordSchema,
});
export const challengeWalletSchema = z.strictObject({ tenantId: tenantIdSchema, account: evmAccountSchema });
export const linkWalletSchema = signedMessageSchema;
export const signInWithWalletSchema = signedMessageSchema.extend({ tenantId: tenantIdSchema });
export const unlinkWalletSchema = z.strictObject({ account: evmAccountSchema });
export const acceptInvitationSchema = z
  .strictObject({
    invitation: z.string().max(200),
    password: newPasswordSchema.nullish(),
    wallet: signedMessageSchema.nullish(),
  })
  .refine(({ password, wallet }) => (password == null) !== (wallet == null), {
    path: ['password'],
    message: 'either a password or a wallet',
  });
export const changePasswordSchema = z.strictObject({
  currentPassword: givenPasswordSchema.nullish(),
  newPassword: newPasswordSchema,
});
export const revokeSessionSchema = z.strictObject({ sessionId: sessionIdSchema });
export const beginOidcSignInSchema = z.strictObject({ tenantId: tenantIdSchema });
export const completeOidcSignInSchema = z.strictObject({
  tenantId: tenantIdSchema,
  state: z.string().max(200),
  callbackUrl: z.url().max(8_000),
});
export const setIdentityProviderSchema = z.strictObject({
  issuer: z.url().max(2_000),
  clientId: z.string().min(1).max(500),
  clientSecret: z.string().min(1).max(2_000),
});

export type SignIn = z.output<typeof signInSchema>;
export type SignedMessage = z.output<typeof signedMessageSchema>;
export type WalletSignIn = z.output<typeof signInWithWalletSchema>;
export type AcceptInvitation = z.output<typeof acceptInvitationSchema>;
export type ChangePassword = z.output<typeof changePasswordSchema>;
export type CompleteOidcSignIn = z.output<typeof completeOidcSignInSchema>;
export type SetIdentityProvider = z.output<typeof setIdentityProviderSchema>;
