import { Arg, Authorized, Ctx, Extensions, Mutation, Resolver } from 'type-graphql';
import { parseInput } from '../../schema/inputs/parse-input';
import {
  AcceptInvitationInput,
  acceptInvitationSchema,
  BeginOidcSignInInput,
  beginOidcSignInSchema,
  ChallengeWalletInput,
  ChangePasswordInput,
  CompleteOidcSignInInput,
  challengeWalletSchema,
  changePasswordSchema,
  completeOidcSignInSchema,
  linkWalletSchema,
  RevokeSessionInput,
  revokeSessionSchema,
  SignedMessageInput,
  SignInInput,
  SignInWithWalletInput,
  signInSchema,
  signInWithWalletSchema,
  UnlinkWalletInput,
  unlinkWalletSchema,
} from '../../schema/inputs/sign-in';
import { OidcRedirect, WalletChallenge } from '../../schema/types/member';
import { TAKES_ACCESS_AWAY } from '../allowed-while-suspended';
import { SIGNS_IN } from '../audited-mutations';
import { PERSON } from '../auth/auth-checker';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { SessionPayload, SessionsPayload } from './member-payloads';

type SignInServices = Pick<Services, 'passwords' | 'wallets' | 'oidc' | 'sessions'>;

/** Joining, signing in and out. What opens a session asks for no key, and is counted by where it comes from. */
@Resolver()
export class SignInResolver {
  constructor(private readonly services: SignInServices) {}

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => SessionPayload, {
    description: 'Joins by an invitation, or sets a way to sign in anew by one.',
  })
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput) input: AcceptInvitationInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    const wanted = parseInput(acceptInvitationSchema, input);
    await context.chargeSignIn();
    const { passwords } = this.services;
    return passwords.acceptInvitation(wanted, context.signInRequest('acceptInvitation', { input }));
  }

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => SessionPayload, { description: 'Signs in by password.' })
  async signIn(
    @Arg('input', () => SignInInput) input: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    const wanted = parseInput(signInSchema, input);
    await context.chargeSignIn(`${wanted.tenantId}:${wanted.email}`);
    return this.services.passwords.signIn(wanted, context.signInRequest('signIn', { input }));
  }

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => WalletChallenge, {
    description: 'What an account has to sign, to sign in or to be linked.',
  })
  async challengeWallet(
    @Arg('input', () => ChallengeWalletInput) input: ChallengeWalletInput,
    @Ctx() context: RequestContext,
  ): Promise<WalletChallenge> {
    const { tenantId, account } = parseInput(challengeWalletSchema, input);
    await context.chargeSignIn();
    return this.services.wallets.challenge(tenantId, account);
  }

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => SessionPayload, {
    description: 'Signs in by an account that a member has linked (EIP-4361).',
  })
  async signInWithWallet(
    @Arg('input', () => SignInWithWalletInput) input: SignInWithWalletInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    const wanted = parseInput(signInWithWalletSchema, input);
    await context.chargeSignIn();
    return this.services.wallets.signIn(wanted, context.signInRequest('signInWithWallet', { input }));
  }

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => OidcRedirect, { description: 'Begins to sign in by the tenant’s OpenID provider.' })
  async beginOidcSignIn(
    @Arg('input', () => BeginOidcSignInInput) input: BeginOidcSignInInput,
    @Ctx() context: RequestContext,
  ): Promise<OidcRedirect> {
    const { tenantId } = parseInput(beginOidcSignInSchema, input);
    await context.chargeSignIn();
    return this.services.oidc.begin(tenantId);
  }

  @Extensions({ [SIGNS_IN]: true })
  @Mutation(() => SessionPayload, {
    description:
      'Signs in by the provider’s answer. At first the member is found by an address that it has verified.',
  })
  async completeOidcSignIn(
    @Arg('input', () => CompleteOidcSignInInput) input: CompleteOidcSignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    const wanted = parseInput(completeOidcSignInSchema, input);
    await context.chargeSignIn();
    return this.services.oidc.complete(wanted, context.signInRequest('completeOidcSignIn', { input }));
  }

  @Authorized(PERSON)
  @Mutation(() => SessionsPayload, { description: 'Sets a password, and ends the person’s other sessions.' })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionsPayload> {
    const wanted = parseInput(changePasswordSchema, input);
    await context.chargeSignIn(`${context.tenantId}:${context.person.actor.id}`);
    await this.services.passwords.change(context.person, wanted);
    return this.sessions(context);
  }

  @Authorized(PERSON)
  @Mutation(() => SessionsPayload, { description: 'Lets the person sign in by an account, too.' })
  async linkWallet(
    @Arg('input', () => SignedMessageInput) input: SignedMessageInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionsPayload> {
    await this.services.wallets.link(context.person, parseInput(linkWalletSchema, input));
    return this.sessions(context);
  }

  @Authorized(PERSON)
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => SessionsPayload, { description: 'The person signs in by this account no more.' })
  async unlinkWallet(
    @Arg('input', () => UnlinkWalletInput) input: UnlinkWalletInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionsPayload> {
    await this.services.wallets.unlink(context.person, parseInput(unlinkWalletSchema, input).account);
    return this.sessions(context);
  }

  @Authorized(PERSON)
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => SessionsPayload, {
    description: 'Ends a session of the person’s own; of others, too, for who manages members.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) input: RevokeSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionsPayload> {
    await this.services.sessions.revoke(context.person, parseInput(revokeSessionSchema, input).sessionId);
    return this.sessions(context);
  }

  @Authorized(PERSON)
  @Extensions({ [TAKES_ACCESS_AWAY]: true })
  @Mutation(() => SessionsPayload, { description: 'Ends the session that asks.' })
  async signOut(@Ctx() context: RequestContext): Promise<SessionsPayload> {
    await this.services.sessions.revoke(context.person);
    return this.sessions(context);
  }

  private async sessions({ tenantId, person }: RequestContext): Promise<SessionsPayload> {
    return { sessions: await this.services.sessions.list(tenantId, person.actor.id) };
  }
}
