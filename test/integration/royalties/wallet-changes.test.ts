import { createPublicClient, type Hex, http, type TypedDataDefinition } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { ChainAccess } from '../../../chains/transactions/chain-access';
import { AuditRepository } from '../../../domain/audit/audit-repository';
import { AuditTrail } from '../../../domain/audit/audit-trail';
import { PolicyRepository } from '../../../domain/royalties/policy-repository';
import { type AccountId, accountIdSchema, eip155Number, evmAccountId } from '../../../schema/caip';
import type { ProjectId, TenantId } from '../../../schema/ids';
import type { ArtistConsent } from '../../../schema/inputs/artist-consent';
import type { RoyaltyPolicy } from '../../../schema/inputs/royalty';
import type { PrepareArtistConsent } from '../../../schema/inputs/royalty-wallet';
import { accountAt } from '../../devnet/accounts';
import { rpc } from '../../devnet/json-rpc';
import { type OwnedRegistries, openOwnedRegistries } from '../../support/owned-registries';
import { policyServices } from '../../support/policy-services';
import { Safe } from '../../support/safe';
import { BASE, HOME } from '../../support/travel-steps';
import { startBareAnvil } from '../transactions/bare-anvil';

const CONTRACT: Hex = '0x52908400098527886E0F7030069857D2E4169EE7';
const ELSEWHERE: Hex = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const DELAY_MS = 72 * 3_600_000;
const DAY_MS = 86_400_000;
const artist = privateKeyToAccount(generatePrivateKey());
const next = privateKeyToAccount(generatePrivateKey());
const thief = privateKeyToAccount(generatePrivateKey());
const wallet = evmAccountId(HOME, artist.address);
const newWallet = evmAccountId(BASE, next.address);
const house = evmAccountId(HOME, CONTRACT);

const policyOf = (over: Partial<RoyaltyPolicy> = {}): RoyaltyPolicy => ({
  royaltyBps: 750,
  splits: [
    { account: wallet, role: 'ARTIST', shareBps: 8_000 },
    { account: house, role: 'GALLERY', shareBps: 2_000 },
  ],
  primaryWallet: wallet,
  currencies: [],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 3_600,
  ...over,
});
const CUT = policyOf({
  splits: [
    { account: wallet, role: 'ARTIST', shareBps: 1_000 },
    { account: house, role: 'GALLERY', shareBps: 9_000 },
  ],
});

let owned: OwnedRegistries;
let royalties: ReturnType<typeof policyServices>;
let tenantId: TenantId;
let projectId: ProjectId;
let now: Date;

beforeAll(async () => {
  owned = await openOwnedRegistries(CONTRACT);
  royalties = policyServices(owned.tenants, {
    ...owned,
    artistChains: owned.chains,
    walletDelayMs: DELAY_MS,
    now: () => now,
    knowsChain: (chainId) => chainId === HOME || chainId === BASE || chainId.startsWith('solana:'),
  });
});
afterAll(() => owned.close());
beforeEach(async () => {
  now = new Date();
  tenantId = await owned.tenant();
  projectId = await projectOf();
  await set(0);
  now = later(1_000);
});

const later = (ms: number) => new Date(now.getTime() + ms);

async function projectOf(collection: Hex = CONTRACT): Promise<ProjectId> {
  const contracts = { collection, royaltyVault: CONTRACT };
  const registryId = await owned.registry(tenantId, { owner: CONTRACT, chainIds: [HOME, BASE], contracts });
  const { rows } = await owned.admin.query('select project_id from registries where id = $1', [registryId]);
  return rows[0].project_id;
}

const set = (
  expectedRevision: number,
  policy: RoyaltyPolicy = policyOf(),
  { effectiveFrom, consent }: { effectiveFrom?: Date; consent?: ArtistConsent } = {},
) => royalties.policies.set(tenantId, { projectId, expectedRevision, effectiveFrom, policy, consent });

type Change = Pick<PrepareArtistConsent, 'operation' | 'change'>;
const asking = (over: object = {}): Change =>
  // CAST: one of the operations with its change.
  ({
    operation: 'requestRoyaltyWalletChange',
    change: { projectId, expectedRevision: 1, newWallet, ...over },
  }) as Change;
const cancelling = (number = 1): Change => ({
  operation: 'cancelRoyaltyWalletChange',
  change: { projectId, number },
});

interface Signer {
  signTypedData(typedData: TypedDataDefinition): Promise<Hex>;
}

/** A consent to a change, signed by `signer` after `alter` has changed what it signs. */
async function signed(
  change: Change = asking(),
  signer: Signer = artist,
  alter: (typedData: TypedDataDefinition) => unknown = (typedData) => typedData,
): Promise<ArtistConsent> {
  // CAST: an operation with its own change.
  const asked = { ...change, validForSeconds: 3_600 } as PrepareArtistConsent;
  const prepared = await royalties.artistConsents.prepare(tenantId, asked);
  // CAST: what was serialized as typed data.
  const typedData = alter(JSON.parse(prepared.typedData)) as TypedDataDefinition;
  const signature = await signer.signTypedData(typedData);
  return { nonce: prepared.nonce as Hex, deadline: BigInt(prepared.deadline), signature };
}

const request = async (consent?: ArtistConsent, over: object = {}) =>
  royalties.walletChanges.request(tenantId, {
    projectId,
    expectedRevision: 1,
    newWallet,
    ...over,
    consent: consent ?? (await signed(asking(over))),
  });
const cancel = async (consent?: ArtistConsent, number = 1) =>
  royalties.walletChanges.cancel(tenantId, {
    projectId,
    number,
    consent: consent ?? (await signed(cancelling(number))),
  });
const veto = (number = 1) => royalties.walletChanges.veto(tenantId, { projectId, number });
const apply = () => royalties.walletChanges.apply(tenantId, projectId);
const changes = () => royalties.walletChanges.all(tenantId, projectId);
const wallets = async () =>
  (await royalties.policies.history(tenantId, projectId)).map(({ policy }) => policy.primaryWallet);
const refusal = (code: string) => expect.objectContaining({ code });

describe('without the artist', () => {
  test('no policy after the first changes the primary wallet, also not with a signature of his', async () => {
    const moved = policyOf({
      splits: [{ account: newWallet, role: 'ARTIST', shareBps: 10_000 }],
      primaryWallet: newWallet,
    });
    await expect(set(1, moved)).rejects.toEqual(refusal('ROYALTY_WALLET_FIXED'));
    const elsewhere = policyOf({ primaryWallet: house });
    await expect(set(1, elsewhere)).rejects.toEqual(refusal('ROYALTY_WALLET_FIXED'));
    const change = { projectId, expectedRevision: 1, effectiveFrom: undefined, policy: moved };
    const consent = await signed({ operation: 'setRoyaltyPolicy', change });
    await expect(set(1, moved, { consent })).rejects.toEqual(refusal('ROYALTY_WALLET_FIXED'));
    expect(await wallets()).toEqual([wallet]);
  });

  test('no policy takes from his part of a sale, and nothing is kept', async () => {
    for (const policy of [CUT, policyOf({ royaltyBps: 0 }), policyOf({ royaltyBps: 749 })])
      await expect(set(1, policy)).rejects.toEqual(refusal('ARTIST_CONSENT_MISSING'));
    expect(await wallets()).toHaveLength(1);
  });

  test('a policy may raise his part, and divide the gallery’s otherwise', async () => {
    await set(1, policyOf({ royaltyBps: 800 }));
    now = later(1);
    const charity = { account: newWallet, role: 'CHARITY', shareBps: 1_000 } as const;
    const [his, ours] = policyOf().splits;
    if (his === undefined || ours === undefined) throw new Error('there are two');
    await set(2, policyOf({ royaltyBps: 800, splits: [his, { ...ours, shareBps: 1_000 }, charity] }));
    expect(await wallets()).toHaveLength(3);
  });

  test('no policy is stated more than ninety days ahead, so none puts off a change of his wallet for ever', async () => {
    const policy = policyOf({ royaltyBps: 800 });
    const limit = later(90 * DAY_MS);
    await expect(set(1, policy, { effectiveFrom: new Date(limit.getTime() + 1) })).rejects.toEqual(
      refusal('BAD_USER_INPUT'),
    );
    await set(1, policy, { effectiveFrom: limit });
    const change = await request(undefined, { expectedRevision: 2 });
    expect(change.effectiveAt).toEqual(limit);
    now = limit;
    await apply();
    expect(await wallets()).toEqual([wallet, wallet, newWallet]);
  });
});

test('with the artist’s consent his share is cut once, by that very policy', async () => {
  const change = { projectId, expectedRevision: 1, effectiveFrom: later(1), policy: CUT };
  const consent = await signed({ operation: 'setRoyaltyPolicy', change });
  const given = { effectiveFrom: change.effectiveFrom, consent };
  await expect(set(1, policyOf({ royaltyBps: 0 }), given)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  await expect(set(1, CUT, { consent })).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  await set(1, CUT, given);
  await expect(set(1, CUT, given)).rejects.toEqual(refusal('ROYALTY_POLICY_SUPERSEDED'));
  await expect(set(2, policyOf({ royaltyBps: 0 }), { consent })).rejects.toEqual(
    refusal('ARTIST_CONSENT_INVALID'),
  );
  expect((await royalties.policies.history(tenantId, projectId)).at(-1)?.policy).toEqual(CUT);
});

test('a signed request waits for its delay, to the millisecond, and then names the new wallet once', async () => {
  const change = await request();
  expect(change).toMatchObject({ number: 1, state: 'PENDING', oldWallet: wallet, newWallet });
  expect(change.effectiveAt).toEqual(later(DELAY_MS));
  const { rows: jobs } = await owned.admin.query(
    "select next_try_at from outbox where tenant_id = $1 and job = 'apply-wallet-change'",
    [tenantId],
  );
  expect(jobs).toEqual([{ next_try_at: change.effectiveAt }]);

  now = new Date(change.effectiveAt.getTime() - 1);
  expect(await apply()).toEqual(change.effectiveAt);
  expect(await wallets()).toEqual([wallet]);
  now = change.effectiveAt;
  expect(await apply()).toBeUndefined();
  expect(await apply()).toBeUndefined();
  const [first, second, ...more] = await royalties.policies.history(tenantId, projectId);
  expect(more).toEqual([]);
  expect(second).toMatchObject({
    revision: 2,
    effectiveFrom: change.effectiveAt,
    policy: {
      ...first?.policy,
      primaryWallet: newWallet,
      splits: [{ account: newWallet, role: 'ARTIST', shareBps: 8_000 }, first?.policy.splits[1]],
    },
  });
  expect(await changes()).toMatchObject([{ state: 'APPLIED', appliedRevision: 2, endedAt: now }]);
  const { rows: actions } = await owned.admin.query(
    "select kind from guard_actions where tenant_id = $1 and policy->>'revision' = '2' order by kind",
    [tenantId],
  );
  expect(actions.map(({ kind }) => kind)).toEqual(['STATE_POLICY', 'STATE_SPLIT', 'STATE_SPLIT']);
});

test('what was sold before the change stays the old wallet’s', async () => {
  const { effectiveAt } = await request();
  now = effectiveAt;
  await apply();
  const at = async (time: Date) =>
    (await royalties.policies.findAt(tenantId, projectId, time))?.policy.primaryWallet;
  expect(await at(new Date(effectiveAt.getTime() - 1))).toBe(wallet);
  expect(await at(effectiveAt)).toBe(newWallet);
});

test.each<[whose: string, signer: typeof artist, alter: (data: TypedDataDefinition) => unknown]>([
  ['a thief', thief, (data: TypedDataDefinition) => data],
  ['the new wallet', next, (data: TypedDataDefinition) => data],
  [
    'another chain',
    artist,
    (data: TypedDataDefinition) => ({ ...data, domain: { ...data.domain, chainId: 1n } }),
  ],
  [
    'another application',
    artist,
    (data: TypedDataDefinition) => ({ ...data, domain: { ...data.domain, name: 'Colophon Registry' } }),
  ],
  ...Object.entries({
    platform: 'another',
    registry: `${HOME}:${ELSEWHERE}`,
    project: 'another',
    operation: 'cancelRoyaltyWalletChange',
    wallet: `${BASE}:${ELSEWHERE}`,
    change: '{}',
    nonce: `0x${'1'.repeat(64)}`,
    deadline: '4102444800',
  }).map(([field, value]): [string, typeof artist, (data: TypedDataDefinition) => unknown] => [
    `another ${field}`,
    artist,
    (data) => ({ ...data, message: { ...data.message, [field]: value } }),
  ]),
])('what was signed by or for %s asks for nothing, and nothing is kept', async (_whose, signer, alter) => {
  const consent = await signed(asking(), signer, alter);
  await expect(request(consent)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  expect(await changes()).toEqual([]);
});

test('a request’s signature is good for no other wallet, revision or project', async () => {
  const consent = await signed();
  const other = evmAccountId(HOME, thief.address);
  for (const over of [{ newWallet: other }, { expectedRevision: 2 }])
    await expect(request(consent, over)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  const own = projectId;
  projectId = await projectOf(ELSEWHERE);
  await set(0);
  await expect(request(consent)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  projectId = own;
  expect(await request(consent)).toMatchObject({ state: 'PENDING' });
});

test('a signature is over at its deadline, and none is taken that is good for longer than thirty days', async () => {
  const consent = await signed();
  const deadlineMs = Number(consent.deadline) * 1_000;
  for (const at of [deadlineMs, deadlineMs - 30 * DAY_MS - 1_000]) {
    now = new Date(at);
    await expect(request(consent)).rejects.toEqual(refusal('ARTIST_CONSENT_EXPIRED'));
  }
  now = new Date(deadlineMs - 1_000);
  await request(consent);
});

test('a request is accepted once: what was cancelled does not come back by its signature', async () => {
  const consent = await signed();
  await request(consent);
  await cancel();
  await expect(request(consent)).rejects.toEqual(refusal('ARTIST_CONSENT_USED'));
  expect(await request()).toMatchObject({ number: 2, state: 'PENDING' });
});

test('of two requests at once one is accepted, and the other is told of it', async () => {
  const consents = [await signed(), await signed()];
  const results = await Promise.allSettled(consents.map((consent) => request(consent)));
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results).toContainEqual({ status: 'rejected', reason: refusal('ROYALTY_WALLET_CHANGE_PENDING') });
  expect(await changes()).toHaveLength(1);
});

test('the wallet of a stolen key’s request is kept by a cancellation of the artist, when it would have been due', async () => {
  const { effectiveAt } = await request();
  await expect(cancel(await signed(cancelling(), thief))).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  await expect(cancel(await signed(cancelling(), next))).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  now = new Date(effectiveAt.getTime() - 1);
  expect(await cancel()).toMatchObject({ state: 'CANCELLED', cancelledBy: 'ARTIST', endedAt: now });
  now = effectiveAt;
  expect(await apply()).toBeUndefined();
  expect(await wallets()).toEqual([wallet]);
});

test('the tenant’s owner cancels a change until it is due, and not from then on', async () => {
  const { effectiveAt } = await request();
  now = effectiveAt;
  await expect(veto()).rejects.toEqual(refusal('ROYALTY_WALLET_CHANGE_OVER'));
  await expect(cancel()).rejects.toEqual(refusal('ROYALTY_WALLET_CHANGE_OVER'));
  now = new Date(effectiveAt.getTime() - 1);
  expect(await veto()).toMatchObject({ state: 'CANCELLED', cancelledBy: 'OWNER' });
  await expect(veto()).rejects.toEqual(refusal('ROYALTY_WALLET_CHANGE_OVER'));
  now = effectiveAt;
  await apply();
  expect(await wallets()).toEqual([wallet]);
});

test('a change that two workers make at once is made once', async () => {
  now = (await request()).effectiveAt;
  await Promise.all([apply(), apply(), apply()]);
  expect(await wallets()).toEqual([wallet, newWallet]);
});

test('while a change is pending policies go on, but none that would hold after it', async () => {
  const { effectiveAt } = await request();
  const policy = policyOf({ royaltyBps: 800 });
  await expect(set(1, policy, { effectiveFrom: new Date(effectiveAt.getTime() + 1) })).rejects.toEqual(
    refusal('ROYALTY_WALLET_CHANGE_PENDING'),
  );
  await set(1, policy, { effectiveFrom: effectiveAt });
  now = effectiveAt;
  await expect(set(2, policyOf({ royaltyBps: 900 }))).rejects.toMatchObject({
    code: expect.stringMatching(/^ROYALTY_/),
  });
  await apply();
  const last = (await royalties.policies.history(tenantId, projectId)).at(-1);
  expect(last).toMatchObject({ revision: 3, policy: { royaltyBps: 800, primaryWallet: newWallet } });
  now = later(10);
  const [his, ours] = last?.policy.splits ?? [];
  if (his === undefined || ours === undefined) throw new Error('there are two');
  await set(3, policyOf({ royaltyBps: 900, primaryWallet: newWallet, splits: [his, ours] }));
});

test('once a change is due nothing is stated before it, however late the worker is', async () => {
  const { effectiveAt } = await request();
  now = new Date(effectiveAt.getTime() + DAY_MS);
  for (const effectiveFrom of [undefined, new Date(effectiveAt.getTime() - 1)])
    await expect(
      set(1, policyOf({ royaltyBps: 800 }), effectiveFrom === undefined ? {} : { effectiveFrom }),
    ).rejects.toEqual(refusal('ROYALTY_WALLET_CHANGE_PENDING'));
  await apply();
  expect(await changes()).toMatchObject([{ state: 'APPLIED' }]);
});

test('a wallet that a process of the release before has stated meanwhile is left alone', async () => {
  const { effectiveAt } = await request();
  const [first] = await royalties.policies.history(tenantId, projectId);
  if (first === undefined) throw new Error('the first was stated');
  const other: AccountId = house;
  await owned.tenants.transaction(tenantId, (tx) =>
    new PolicyRepository().insert(
      tx,
      { ...first, revision: 2, effectiveFrom: now, policy: { ...first.policy, primaryWallet: other } },
      first.effectiveFrom,
    ),
  );
  now = effectiveAt;
  await apply();
  expect(await wallets()).toEqual([wallet, other]);
  expect(await changes()).toMatchObject([{ state: 'CANCELLED', cancelledBy: 'PLATFORM' }]);
});

test('the new wallet signs from then on, and the old one no more', async () => {
  now = (await request()).effectiveAt;
  await apply();
  now = new Date();
  const back = { expectedRevision: 2, newWallet: wallet };
  await expect(request(await signed(asking(back)), back)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  expect(await request(await signed(asking(back), next), back)).toMatchObject({ oldWallet: newWallet });
});

test('requests for the present wallet, an unknown chain or an old revision are refused', async () => {
  await expect(request(undefined, { newWallet: wallet })).rejects.toEqual(refusal('BAD_USER_INPUT'));
  const unknown = accountIdSchema.parse(`eip155:5:${ELSEWHERE}`);
  await expect(request(undefined, { newWallet: unknown })).rejects.toEqual(refusal('CHAIN_NOT_SUPPORTED'));
  await expect(request(undefined, { expectedRevision: 2 })).rejects.toEqual(
    refusal('ROYALTY_POLICY_SUPERSEDED'),
  );
});

test('another tenant’s project and its changes are not found', async () => {
  await request();
  const consent = await signed(cancelling());
  tenantId = await owned.tenant();
  const code = refusal('NOT_FOUND');
  await expect(request(consent)).rejects.toEqual(code);
  await expect(cancel(consent)).rejects.toEqual(code);
  await expect(veto()).rejects.toEqual(code);
  await expect(changes()).rejects.toEqual(code);
  await expect(signed()).rejects.toEqual(code);
  expect(await apply()).toBeUndefined();
});

test('request, cancellation and effect are told to webhooks, in order', async () => {
  await owned.admin.query(
    `insert into webhook_endpoints (tenant_id, url, description, event_types)
     values ($1, 'https://example.com', 'd', '{royalty.*}')`,
    [tenantId],
  );
  await request();
  await veto();
  now = (await request()).effectiveAt;
  await apply();
  const { rows } = await owned.admin.query(
    `select e.type, e.body::jsonb -> 'data' ->> 'number' as number from webhook_events e
       join webhook_deliveries d on d.tenant_id = e.tenant_id and d.event_id = e.id
      where e.tenant_id = $1 order by d.sequence`,
    [tenantId],
  );
  expect(rows.map(({ type, number }) => `${type} ${number}`)).toEqual([
    'royalty.wallet_change_requested 1',
    'royalty.wallet_change_cancelled 1',
    'royalty.wallet_change_requested 2',
    'royalty.wallet_changed 2',
  ]);
});

test('the artist’s signature is kept in the audit log under its hash', async () => {
  const audit = new AuditTrail(owned.tenants, new AuditRepository());
  const consent = await signed();
  const operation = 'requestRoyaltyWalletChange';
  const entry = { tenantId, operation, actor: 'key', scopes: [], requestId: 'r', args: {} };
  await audit.within(entry, () => request(consent));
  const page = await audit.page(tenantId, { first: 10, after: undefined }, null);
  expect(page.edges[0]?.node.evidence).toMatchObject({
    artistConsent: { wallet, signature: consent.signature },
  });
});

test('a wallet that is on no EVM chain cannot sign, and is told so at once', async () => {
  projectId = await projectOf(ELSEWHERE);
  const solana = accountIdSchema.parse(
    'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv',
  );
  await set(
    0,
    policyOf({ splits: [{ account: solana, role: 'ARTIST', shareBps: 10_000 }], primaryWallet: solana }),
  );
  await expect(signed()).rejects.toEqual(refusal('ARTIST_CANNOT_SIGN'));
});

test('a contract wallet is asked on its own chain (EIP-1271), at each consent', async () => {
  const anvil = await startBareAnvil(31_337);
  const client = createPublicClient({ transport: http(anvil.url) });
  const asked: string[] = [];
  const contract = policyServices(owned.tenants, {
    ...owned,
    artistChains: {
      get(chainId) {
        asked.push(chainId);
        // CAST: nothing but a signature is asked for.
        return { public: client } as unknown as ChainAccess;
      },
    },
    now: () => now,
  });
  try {
    // Answers every call with EIP-1271's magic value, then with zeros.
    await rpc(anvil.url, 'anvil_setCode', [ELSEWHERE, '0x631626ba7e60e01b60005260206000f3']);
    projectId = await projectOf(ELSEWHERE);
    const safe = evmAccountId(BASE, ELSEWHERE);
    const splits: RoyaltyPolicy['splits'] = [{ account: safe, role: 'ARTIST', shareBps: 10_000 }];
    await set(0, policyOf({ splits, primaryWallet: safe }));
    const ask = async () =>
      contract.walletChanges.request(tenantId, {
        projectId,
        expectedRevision: 1,
        newWallet,
        consent: await signed(asking(), thief),
      });
    expect(await ask()).toMatchObject({ oldWallet: safe });
    expect(new Set(asked)).toEqual(new Set([BASE]));
    await veto();
    await rpc(anvil.url, 'anvil_setCode', [ELSEWHERE, '0x60206000f3']);
    await expect(ask()).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
  } finally {
    await anvil.stop();
  }
});

test('a Safe consents by its signers of now, before it is deployed (ERC-6492) and after, and by no others', async () => {
  const anvil = await startBareAnvil(eip155Number(HOME));
  const safe = new Safe({ devnet: { directUrl: () => anvil.url } }, [accountAt(7), accountAt(8)]);
  const client = createPublicClient({ transport: http(anvil.url) });
  const onChain = policyServices(owned.tenants, {
    ...owned,
    // CAST: nothing but a signature is asked for.
    artistChains: { get: () => ({ public: client }) as unknown as ChainAccess },
    now: () => now,
  });
  const deployed: Signer = { signTypedData: (typedData) => safe.signTypedData(HOME, typedData) };
  const undeployed: Signer = { signTypedData: (typedData) => safe.signUndeployed(HOME, typedData) };
  try {
    await rpc(anvil.url, 'evm_setAutomine', [true]);
    await safe.deployParts(HOME);
    projectId = await projectOf(ELSEWHERE);
    const account = evmAccountId(HOME, safe.address);
    const policy = (shareBps: number) =>
      policyOf({
        splits: [
          { account, role: 'ARTIST', shareBps },
          { account: house, role: 'GALLERY', shareBps: 10_000 - shareBps },
        ],
        primaryWallet: account,
      });
    await set(0, policy(8_000));
    now = later(1_000);

    const cut = { projectId, expectedRevision: 1, effectiveFrom: later(1), policy: policy(1_000) };
    const cutBy = async (signer: Signer) => {
      const consent = await signed({ operation: 'setRoyaltyPolicy', change: cut }, signer);
      return onChain.policies.set(tenantId, { ...cut, consent });
    };
    await expect(cutBy(deployed)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
    await cutBy(undeployed);
    expect(await client.getCode({ address: safe.address })).toBeUndefined();

    await safe.deploy(HOME);
    now = later(1_000);
    const ask = async (consent: ArtistConsent) =>
      onChain.walletChanges.request(tenantId, { projectId, expectedRevision: 2, newWallet, consent });
    const former = await signed(asking({ expectedRevision: 2 }), deployed);
    await safe.replaceSigner(HOME, accountAt(6));
    await expect(ask(former)).rejects.toEqual(refusal('ARTIST_CONSENT_INVALID'));
    const good = await signed(asking({ expectedRevision: 2 }), deployed);
    expect(await ask(good)).toMatchObject({ oldWallet: account });
  } finally {
    await anvil.stop();
  }
});
