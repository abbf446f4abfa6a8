import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client';
import type { MemberId, TenantId } from '../../schema/ids';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import type { CompleteOidcSignIn, SetIdentityProvider } from '../../schema/inputs/sign-in';
import { type IdentityProvider, type OidcRedirect, SignInMethod } from '../../schema/types/member';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { type ReceiverPolicy, ReceiverRefusedError } from '../webhooks/receiver-policy';
import type { Challenges } from './challenges';
import { guardedFetch } from './guarded-fetch';
import type { ProviderClient } from './identity-provider-repository';
import {
  IdentityProviderFailedError,
  IdentityProviderMissingError,
  SignInExpiredError,
  SignInFailedError,
} from './people-errors';
import type { PeopleStores } from './people-stores';
import type { OpenedSession, SessionService, SignInRequest } from './session-service';

const PURPOSE = 'oidc';
/** Path of the console's page that a provider sends people back to. */
const CALLBACK_PATH = '/sign-in/callback';
const TIMEOUT_SECONDS = 10;

/** What a provider says of a person. */
interface Claims {
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; undefined unless the provider has verified it. */
  readonly email: string | undefined;
}

/** Signing in by the tenant's own OpenID provider: authorization code flow with PKCE, state and nonce. */
export class OidcService {
  /** @param origin - Of the page where people sign in. */
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: PeopleStores,
    private readonly sessions: SessionService,
    private readonly challenges: Challenges,
    private readonly policy: ReceiverPolicy,
    private readonly origin: URL,
  ) {}

  /** Where providers are to send people back: to be registered with them. */
  get redirectUri(): string {
    return new URL(CALLBACK_PATH, this.origin).href;
  }

  /** Names the provider whose word for who somebody is the tenant takes. @throws {@link IdentityProviderFailedError} */
  async setProvider(tenantId: TenantId, wanted: SetIdentityProvider): Promise<IdentityProvider> {
    await this.discover(wanted);
    await this.database.transaction(tenantId, (tx) => this.stores.identityProviders.set(tx, wanted));
    return { issuer: wanted.issuer, clientId: wanted.clientId };
  }

  async removeProvider(tenantId: TenantId): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.stores.identityProviders.remove(tx));
  }

  async provider(tenantId: TenantId): Promise<IdentityProvider | undefined> {
    return this.database.transaction(tenantId, (tx) => this.stores.identityProviders.find(tx));
  }

  /** Where to send the browser. Nothing is kept. @throws {@link IdentityProviderMissingError}, {@link IdentityProviderFailedError} */
  async begin(tenantId: TenantId): Promise<OidcRedirect> {
    const configuration = await this.discover(await this.requireProvider(tenantId));
    const state = this.challenges.issue(tenantId, PURPOSE);
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.redirectUri,
      scope: 'openid email',
      state,
      nonce: this.challenges.secretOf(state, 'nonce'),
      code_challenge: await calculatePKCECodeChallenge(this.challenges.secretOf(state, 'verifier')),
      code_challenge_method: 'S256',
    });
    return { url: url.href, state };
  }

  /**
   * @throws {@link SignInExpiredError} if `state` was not issued here, or too long ago; {@link SignInFailedError} if
   *   the provider's answer is not to be believed, or is about nobody of this tenant.
   */
  async complete(
    { tenantId, state, callbackUrl }: CompleteOidcSignIn,
    request: SignInRequest,
  ): Promise<OpenedSession> {
    if (this.challenges.expiryOf(tenantId, PURPOSE, state) === undefined) throw new SignInExpiredError();
    const claims = await this.claims(await this.requireProvider(tenantId), state, callbackUrl);
    return this.database.transaction(tenantId, async (tx) => {
      const memberId = await this.findMember(tx, claims);
      if (memberId === undefined) throw new SignInFailedError();
      return this.sessions.open(tx, memberId, SignInMethod.OIDC, request);
    });
  }

  /** Whom the provider knows by this `sub`; at first whoever has the address that it has verified. */
  private async findMember(tx: TenantTx, { issuer, subject, email }: Claims): Promise<MemberId | undefined> {
    const { identities, members } = this.stores;
    const known = await identities.findMember(tx, { issuer, subject });
    if (known !== undefined || email === undefined) return known;
    const member = await members.findByEmail(tx, email);
    // A provider that gives the address to somebody new must not give the membership with it.
    if (member === undefined || (await identities.isKnownTo(tx, member.id, issuer))) return undefined;
    await identities.link(tx, member.id, { issuer, subject });
    await members.join(tx, member.id);
    return member.id;
  }

  private async claims(provider: ProviderClient, state: string, callbackUrl: string): Promise<Claims> {
    const configuration = await this.discover(provider);
    const answer = new URL(this.redirectUri);
    answer.search = new URL(callbackUrl).search;
    const tokens = await authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: this.challenges.secretOf(state, 'nonce'),
      pkceCodeVerifier: this.challenges.secretOf(state, 'verifier'),
      idTokenExpected: true,
    }).catch((cause: unknown) => {
      throw new SignInFailedError('The OpenID provider’s answer was refused.', { cause });
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('an ID token was expected');
    const { sub: subject, email, email_verified: isVerified } = claims;
    return {
      issuer: provider.issuer,
      subject,
      email: typeof email === 'string' && isVerified === true ? email.toLowerCase() : undefined,
    };
  }

  private async requireProvider(tenantId: TenantId): Promise<ProviderClient> {
    const provider = await this.database.transaction(tenantId, (tx) =>
      this.stores.identityProviders.find(tx),
    );
    if (provider === undefined) throw new IdentityProviderMissingError();
    return provider;
  }

  private async discover({ issuer, clientId, clientSecret }: ProviderClient): Promise<Configuration> {
    try {
      const { url } = this.policy.parse(issuer);
      return await discovery(url, clientId, clientSecret, undefined, {
        [customFetch]: guardedFetch(this.policy),
        timeout: TIMEOUT_SECONDS,
        // The policy lets http through only to this machine, where a deployment allows it.
        execute: [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])],
      });
    } catch (error) {
      if (error instanceof ReceiverRefusedError) throw new BadUserInputError('issuer', error.message);
      throw new IdentityProviderFailedError(error);
    }
  }
}
