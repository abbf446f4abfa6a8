import { OpenIdProvider, type ProvidersPerson } from '../../support/openid-provider';
import { FakeDomain } from './support/fake-domain';
import { CONSOLE_ORIGIN, TestApi, type TestTenant } from './support/test-api';

const REDIRECT_URI = `${CONSOLE_ORIGIN}/sign-in/callback`;
const ADA: ProvidersPerson = { sub: 'ada-1', email: 'Ada@example.org', verified: true };

let provider: OpenIdProvider;
let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  [provider, api] = await Promise.all([OpenIdProvider.start(REDIRECT_URI), TestApi.start(new FakeDomain())]);
});
afterAll(() => Promise.all([provider.stop(), api.stop()]));
beforeEach(async () => {
  tenant = await api.tenant();
  await api.ask(SET, { input: settings() }, tenant.apiKey);
});

const SET = `mutation ($input: SetIdentityProviderInput!) {
  setIdentityProvider(input: $input) { identityProvider { issuer clientId } } }`;
const BEGIN = 'mutation ($input: BeginOidcSignInInput!) { beginOidcSignIn(input: $input) { url state } }';
const COMPLETE = `mutation ($input: CompleteOidcSignInInput!) {
  completeOidcSignIn(input: $input) { token member { id email state } session { method } } }`;
const INVITE = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { member { id } } }';

const settings = () => {
  const { issuer, clientId, clientSecret } = provider;
  return { issuer, clientId, clientSecret };
};
const invite = async (email = 'ada@example.org', { apiKey } = tenant): Promise<string> =>
  (await api.ask(INVITE, { input: { email, name: 'Ada', role: 'OPERATOR' } }, apiKey)).inviteMember.member.id;
const begin = async ({ tenantId } = tenant): Promise<{ url: string; state: string }> =>
  (await api.send(BEGIN, { input: { tenantId } })).data.beginOidcSignIn;
const complete = (state: string, callbackUrl: string, { tenantId } = tenant) =>
  api.send(COMPLETE, { input: { tenantId, state, callbackUrl } });
const signIn = async (person: ProvidersPerson) => {
  const { url, state } = await begin();
  return complete(state, await provider.visit(url, person));
};
const codeOf = async (answer: ReturnType<typeof complete>) => (await answer).errors?.[0]?.extensions.code;

test('whom the provider vouches for by a verified address joins, and is known by its `sub` from then on', async () => {
  const memberId = await invite();
  expect((await signIn(ADA)).data.completeOidcSignIn).toMatchObject({
    member: { id: memberId, state: 'ACTIVE', email: 'ada@example.org' },
    session: { method: 'OIDC' },
  });
  const renamed = await signIn({ ...ADA, email: 'ada.lovelace@example.org' });
  expect(renamed.data.completeOidcSignIn.member.id).toBe(memberId);
});

test('the provider is asked with PKCE, state and nonce, and the secret is kept sealed', async () => {
  const { url, state } = await begin();
  const asked = new URL(url).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('state')).toBe(state);
  expect(asked.get('nonce')).toMatch(/^[\w-]{43}$/);
  expect(asked.get('redirect_uri')).toBe(REDIRECT_URI);
  const shown = await api.ask('{ identityProvider { issuer clientId } }', {}, tenant.apiKey);
  expect(shown).toEqual({ identityProvider: { issuer: provider.issuer, clientId: 'colophon' } });
});

describe('refused is', () => {
  test('a person whom the tenant has not invited', async () => {
    expect(await codeOf(signIn(ADA))).toBe('SIGN_IN_FAILED');
  });

  test('an address that the provider has not verified', async () => {
    await invite();
    expect(await codeOf(signIn({ ...ADA, sub: 'eve', verified: false }))).toBe('SIGN_IN_FAILED');
  });

  test('another `sub` under the address of a member whom the provider knows by one already', async () => {
    const memberId = await invite();
    await signIn(ADA);
    expect(await codeOf(signIn({ ...ADA, sub: 'eve' }))).toBe('SIGN_IN_FAILED');
    expect((await signIn(ADA)).data.completeOidcSignIn.member.id).toBe(memberId);
  });

  test('an answer that came to another browser, or is used twice', async () => {
    await invite();
    const [mine, theirs] = [await begin(), await begin()];
    const callback = await provider.visit(theirs.url, ADA);
    expect(await codeOf(complete(mine.state, callback))).toBe('SIGN_IN_FAILED');
    expect(await codeOf(complete(theirs.state, callback))).toBeUndefined();
    expect(await codeOf(complete(theirs.state, callback))).toBe('SIGN_IN_FAILED');
  });

  test('a state that was begun at another tenant, or by nobody', async () => {
    await invite();
    const other = await api.tenant();
    await api.ask(SET, { input: settings() }, other.apiKey);
    const { url, state } = await begin(other);
    const callback = await provider.visit(url, ADA);
    expect(await codeOf(complete(state, callback))).toBe('SIGN_IN_EXPIRED');
    expect(await codeOf(complete(`${state.slice(0, -1)}x`, callback, other))).toBe('SIGN_IN_EXPIRED');
  });

  test('an answer with an error, a wrong code, or another issuer', async () => {
    await invite();
    const { url, state } = await begin();
    const callback = new URL(await provider.visit(url, ADA));
    const without = (change: (params: URLSearchParams) => void) => {
      const copy = new URL(callback);
      change(copy.searchParams);
      return codeOf(complete(state, copy.href));
    };
    expect(await without((params) => params.set('iss', 'https://evil.example'))).toBe('SIGN_IN_FAILED');
    expect(await without((params) => params.set('code', 'made-up'))).toBe('SIGN_IN_FAILED');
    expect(await without((params) => params.set('error', 'access_denied'))).toBe('SIGN_IN_FAILED');
  });

  test('an invitation’s taker by address once the member was removed', async () => {
    const memberId = await invite();
    await signIn(ADA);
    const remove = 'mutation ($input: MemberInput!) { removeMember(input: $input) { member { id } } }';
    await api.ask(remove, { input: { memberId } }, tenant.apiKey);
    expect(await codeOf(signIn(ADA))).toBe('SIGN_IN_FAILED');
  });
});

test.each([
  ['https://169.254.169.254', 'BAD_USER_INPUT'],
  ['https://[::ffff:10.0.0.1]', 'BAD_USER_INPUT'],
  ['http://127.0.0.1:1', 'IDENTITY_PROVIDER_FAILED'],
])('a provider at %s is not taken', async (issuer, code) => {
  const { errors } = await api.send(SET, { input: { ...settings(), issuer } }, tenant.apiKey);
  expect(errors?.[0]?.extensions.code).toBe(code);
  const { identityProvider } = await api.ask('{ identityProvider { issuer } }', {}, tenant.apiKey);
  expect(identityProvider.issuer).toBe(provider.issuer);
});
