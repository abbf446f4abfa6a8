import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { MemberId, SessionId } from '../ids';
import { MemberRole } from '../roles';
import { connectionType } from './connection';
import { Node } from './node';

export const MemberState = {
  INVITED: 'INVITED',
  ACTIVE: 'ACTIVE',
  REMOVED: 'REMOVED',
} as const;
export type MemberState = (typeof MemberState)[keyof typeof MemberState];

export const SignInMethod = {
  PASSWORD: 'PASSWORD',
  OIDC: 'OIDC',
  WALLET: 'WALLET',
} as const;
export type SignInMethod = (typeof SignInMethod)[keyof typeof SignInMethod];

registerEnumType(MemberRole, {
  name: 'MemberRole',
  description: 'What a person may do; docs/security.md has the table.',
});
registerEnumType(MemberState, { name: 'MemberState' });
registerEnumType(SignInMethod, { name: 'SignInMethod' });

@ObjectType('Member', { implements: Node, description: 'A person of the tenant.' })
export class Member extends Node {
  declare id: MemberId;
  @Field(() => String, { description: 'In lower case.' }) email: string;
  @Field(() => String) name: string;
  @Field(() => MemberRole) role: MemberRole;
  @Field(() => MemberState) state: MemberState;
  @Field(() => Boolean) hasPassword: boolean;
  @Field(() => [String], { description: 'The accounts (CAIP-10) that the member signs in with.' })
  wallets: string[];
  @Field(() => Date, {
    nullable: true,
    description: 'Until when an invitation may be taken; null if none is open.',
  })
  invitationExpiresAt: Date | null;
  @Field(() => Date, { nullable: true }) joinedAt: Date | null;
  @Field(() => Date) createdAt: Date;
}

export const MemberConnection = connectionType(Member, 'Member');

@ObjectType({ description: 'A member who is signed in.' })
export class Session {
  @Field(() => ID) sessionId: SessionId;
  @Field(() => SignInMethod) method: SignInMethod;
  @Field(() => Date) createdAt: Date;
  @Field(() => Date, { description: 'To the minute. A session that is not used for two hours ends.' })
  lastUsedAt: Date;
  @Field(() => Date) expiresAt: Date;
}

@ObjectType({ description: 'What an account has to sign to sign in (EIP-4361).' })
export class WalletChallenge {
  @Field(() => String, { description: 'To be signed by `personal_sign`.' }) message: string;
  @Field(() => String, { description: 'For a message that the client writes itself.' }) nonce: string;
  @Field(() => Date, { description: 'Until when it must have come back.' }) expiresAt: Date;
}

@ObjectType({ description: 'Where to send the browser to sign in.' })
export class OidcRedirect {
  @Field(() => String) url: string;
  @Field(() => String, {
    description: 'To be kept in the browser, and given back with the provider’s answer.',
  })
  state: string;
}

@ObjectType({ description: 'The OpenID provider whose word the tenant takes for who somebody is.' })
export class IdentityProvider {
  @Field(() => String) issuer: string;
  @Field(() => String) clientId: string;
}
