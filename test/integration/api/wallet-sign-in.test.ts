import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hex, hashMessage } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage, parseSiweMessage, type SiweMessage } from 'viem/siwe';
import { evmAccountId, evmChainId } from '../../../schema/caip';
import { rpc } from '../../devnet/json-rpc';
import { unreachableChain } from '../../support/chain-entry';
import { withClient } from '../../support/template-database';
import { type BareAnvil, startBareAnvil } from '../transactions/bare-anvil';
import { CONSOLE_ORIGIN, TestApi, type TestMember, type TestTenant } from './support/test-api';

/** A contract wallet (EIP-1271) that takes for its signature nothing but the hash itself. */
const WALLET_CODE = '0x60043560643514631626ba7e0260e01b60005260206000f3' satisfies Hex;
const CONTRACT = '0x1271000000000000000000000000000000001271';
const [ANVIL_CHAIN, OTHER_CHAIN] = [31_337, 11_155_111];

const folder = mkdtempSync(join(tmpdir(), 'colophon-wallets-'));
let anvil: BareAnvil;
let api: TestApi;
let tenant: TestTenant;
let ada: TestMember;
const key = privateKeyToAccount(generatePrivateKey());
const account = evmAccountId(evmChainId(1), key.address);

beforeAll(async () => {
  anvil = await startBareAnvil(ANVIL_CHAIN);
  const chainsFile = join(folder, 'chains.json');
  const chain = { ...unreachableChain(evmChainId(ANVIL_CHAIN), 1), rpcUrls: [anvil.url] };
  writeFileSync(chainsFile, JSON.stringify([chain, unreachableChain(evmChainId(OTHER_CHAIN), 2)]));
  api = await TestApi.startWhole({
    CHAINS_FILE: chainsFile,
    MASTER_KEY: randomBytes(32).toString('hex'),
    CONSOLE_ORIGIN,
  });
});
afterAll(async () => {
  await api.stop();
  await anvil.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = await api.tenant();
  ada = await api.member(tenant, 'OPERATOR', 'ada@example.org');
});

const CHALLENGE = `mutation ($input: ChallengeWalletInput!) { challengeWallet(input: $input) { message nonce } }`;
const SIGN_IN = `mutation ($input: SignInWithWalletInput!) {
  signInWithWallet(input: $input) { token member { id } session { method } } }`;
const LINK = 'mutation ($input: SignedMessageInput!) { linkWallet(input: $input) { sessions { method } } }';
const UNLINK =
  'mutation ($input: UnlinkWalletInput!) { unlinkWallet(input: $input) { sessions { method } } }';
const ACCEPT = `mutation ($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) { token member { hasPassword wallets } session { method } } }`;
const INVITE = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation } }';

const challenge = async (of: string = account, tenantId: string = tenant.tenantId) =>
  (await api.send(CHALLENGE, { input: { tenantId, account: of } })).data.challengeWallet;
const signed = async (message: string) => ({ message, signature: await key.signMessage({ message }) });
const signIn = async (input: { message: string; signature: string }, tenantId: string = tenant.tenantId) =>
  api.send(SIGN_IN, { input: { tenantId, ...input } });
const codeOf = async (answer: ReturnType<typeof signIn>) => (await answer).errors?.[0]?.extensions.code;
const link = async (member = ada, { tenantId } = tenant) =>
  api.ask(LINK, { input: await signed((await challenge(account, tenantId)).message) }, member.token);
const inFuture = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** The challenge's message with other fields, signed. */
const changed = async (over: Partial<SiweMessage>) => {
  const fields = parseSiweMessage((await challenge()).message) as SiweMessage;
  return signed(createSiweMessage({ ...fields, ...over }));
};

test('a linked account signs in, on whichever EVM chain its wallet is', async () => {
  await link();
  for (const chainId of [1, OTHER_CHAIN]) {
    const { message } = await challenge(evmAccountId(evmChainId(chainId), key.address));
    expect(parseSiweMessage(message)).toMatchObject({ domain: 'console.example', chainId });
    expect((await signIn(await signed(message))).data.signInWithWallet).toMatchObject({
      member: { id: ada.memberId },
      session: { method: 'WALLET' },
    });
  }
});

test('a message that the client writes itself with our nonce is as good', async () => {
  await link();
  const { nonce } = await challenge();
  const message = createSiweMessage({
    address: key.address,
    chainId: 1,
    domain: 'console.example',
    uri: `${CONSOLE_ORIGIN}/sign-in`,
    version: '1',
    nonce,
  });
  expect((await signIn(await signed(message))).errors).toBeUndefined();
});

test('an invitation is accepted with an account in place of a password', async () => {
  const input = { email: 'bo@example.org', name: 'Bo', role: 'ARTIST' };
  const { invitation } = (await api.ask(INVITE, { input }, tenant.apiKey)).inviteMember;
  const wallet = await signed((await challenge()).message);
  const { acceptInvitation } = (await api.send(ACCEPT, { input: { invitation, wallet } })).data;
  expect(acceptInvitation).toMatchObject({
    member: { hasPassword: false, wallets: [account] },
    session: { method: 'WALLET' },
  });
  const only = await api.send(UNLINK, { input: { account } }, acceptInvitation.token);
  expect(only.errors?.[0]?.extensions.code).toBe('LAST_WAY_IN');
});

test('a contract wallet signs in on its own chain by EIP-1271, and on no other', async () => {
  await rpc(anvil.url, 'anvil_setCode', [CONTRACT, WALLET_CODE]);
  const at = (chainId: number) => evmAccountId(evmChainId(chainId), CONTRACT);
  const approve = (message: string) => ({ message, signature: hashMessage(message) });
  await api.ask(LINK, { input: approve((await challenge(at(ANVIL_CHAIN))).message) }, ada.token);
  const again = await signIn(approve((await challenge(at(ANVIL_CHAIN))).message));
  expect(again.data.signInWithWallet.member.id).toBe(ada.memberId);
  const wrong = { ...approve((await challenge(at(ANVIL_CHAIN))).message), signature: hashMessage('another') };
  expect(await codeOf(signIn(wrong))).toBe('SIGN_IN_FAILED');
  expect(await codeOf(signIn(approve((await challenge(at(137))).message)))).toBe('SIGN_IN_FAILED');
});

describe('refused is', () => {
  beforeEach(() => link());

  const refusals: readonly [name: string, code: string, attempt: () => ReturnType<typeof signIn>][] = [
    [
      'a message for another domain',
      'SIGN_IN_FAILED',
      async () => signIn(await changed({ domain: 'evil.example' })),
    ],
    [
      'a message for another page',
      'SIGN_IN_FAILED',
      async () => signIn(await changed({ uri: 'https://evil.example' })),
    ],
    ['a message for another scheme', 'SIGN_IN_FAILED', async () => signIn(await changed({ scheme: 'http' }))],
    [
      'a nonce of somebody else’s making',
      'SIGN_IN_EXPIRED',
      async () => signIn(await changed({ nonce: randomBytes(38).toString('hex') })),
    ],
    [
      'a nonce whose time was made longer',
      'SIGN_IN_EXPIRED',
      async () => {
        const { nonce } = await challenge();
        const later = inFuture(60).getTime().toString(16).padStart(12, '0');
        return signIn(await changed({ nonce: nonce.slice(0, 32) + later + nonce.slice(44) }));
      },
    ],
    [
      'a message that has expired',
      'SIGN_IN_EXPIRED',
      async () => signIn(await changed({ expirationTime: inFuture(-1) })),
    ],
    [
      'a message that is not yet good',
      'SIGN_IN_EXPIRED',
      async () => signIn(await changed({ notBefore: inFuture(5) })),
    ],
    [
      'a message whose time is no time',
      'SIGN_IN_EXPIRED',
      async () => {
        const { message } = await challenge();
        return signIn(await signed(message.replace(/Expiration Time: .*/, 'Expiration Time: tomorrow')));
      },
    ],
    [
      'another account’s signature',
      'SIGN_IN_FAILED',
      async () => {
        const { message } = await challenge();
        const other = privateKeyToAccount(generatePrivateKey());
        return signIn({ message, signature: await other.signMessage({ message }) });
      },
    ],
    [
      'an account that nobody linked',
      'SIGN_IN_FAILED',
      async () => {
        const other = privateKeyToAccount(generatePrivateKey());
        const { message } = await challenge(evmAccountId(evmChainId(1), other.address));
        return signIn({ message, signature: await other.signMessage({ message }) });
      },
    ],
    [
      'a signature of a changed message',
      'SIGN_IN_FAILED',
      async () => {
        const { message, signature } = await signed((await challenge()).message);
        return signIn({ message: message.replace('moves nothing', 'moves all'), signature });
      },
    ],
    ['no message of EIP-4361', 'SIGN_IN_FAILED', async () => signIn(await signed('let me in'))],
    [
      'a signature of the length of a key’s that is none',
      'SIGN_IN_FAILED',
      async () => signIn({ message: (await challenge()).message, signature: `0x${'ff'.repeat(65)}` }),
    ],
  ];
  test.each(refusals)('%s', async (_name, code, attempt) => {
    expect(await codeOf(attempt())).toBe(code);
    const sessions = await withClient(api.database.adminUrl, (client) =>
      client.query("select 1 from sessions where tenant_id = $1 and method = 'WALLET'", [tenant.tenantId]),
    );
    expect(sessions.rows).toHaveLength(0);
  });

  test('a message that was used before, also to link, and at the same time', async () => {
    const used = await signed((await challenge()).message);
    const codes = await Promise.all([codeOf(signIn(used)), codeOf(signIn(used)), codeOf(signIn(used))]);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    expect(codes.filter((code) => code === 'SIGN_IN_EXPIRED')).toHaveLength(2);
    expect(await codeOf(api.send(LINK, { input: used }, ada.token))).toBe('SIGN_IN_EXPIRED');
  });

  test('a message that was asked for at another tenant', async () => {
    const other = await api.tenant();
    await link(await api.member(other, 'OWNER'), other);
    const message = await signed((await challenge(account, other.tenantId)).message);
    expect(await codeOf(signIn(message))).toBe('SIGN_IN_EXPIRED');
    expect(await codeOf(signIn(message, other.tenantId))).toBeUndefined();
  });

  test('an account that is another member’s, until that one lets go of it', async () => {
    const bo = await api.member(tenant, 'OWNER');
    const taken = await api.send(LINK, { input: await signed((await challenge()).message) }, bo.token);
    expect(taken.errors?.[0]?.extensions.code).toBe('IDENTITY_TAKEN');
    await api.ask(UNLINK, { input: { account } }, ada.token);
    await link(bo);
    const again = await signIn(await signed((await challenge()).message));
    expect(again.data.signInWithWallet.member.id).toBe(bo.memberId);
  });

  test('an account of a member who was removed', async () => {
    const remove = 'mutation ($input: MemberInput!) { removeMember(input: $input) { member { state } } }';
    await api.ask(remove, { input: { memberId: ada.memberId } }, tenant.apiKey);
    expect(await codeOf(signIn(await signed((await challenge()).message)))).toBe('SIGN_IN_FAILED');
  });
});
