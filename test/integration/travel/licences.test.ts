import { encodeFunctionData, type Hex, parseEther } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { licenceBookAbi } from '../../../chains/abi/licence-book';
import { STANDARD_TEMPLATES } from '../../../domain/licensing/standard-templates';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { type AccountId, type ChainId, evmAccountId, splitAccountId } from '../../../schema/caip';
import { encodeGlobalId } from '../../../schema/global-id';
import type { GuardActionId, WorkId } from '../../../schema/ids';
import { offerLicenceSchema } from '../../../schema/inputs/licence';
import type { GuardAction } from '../../../schema/types/guard-action';
import type { Licence, LicenceOffer } from '../../../schema/types/licence';
import { EnforcementMode, PayeeRole } from '../../../schema/types/royalty';
import { accountAt } from '../../devnet/accounts';
import { differencesOf, rebuiltReport, unseenFlips } from '../../support/rebuild';
import { TravelHarness } from '../../support/travel';
import { Gallery } from '../../support/travel-gallery';
import { ALL_CHAINS, BASE, chainClient, HOME, MOONBEAM, sendAs, until } from '../../support/travel-steps';

const DAY_SECONDS = 86_400;
const PRICE = 10n ** 16n;
const collector = accountAt(2).address;
const why = { reason: 'the spring drop' };
const page = { first: 10, after: undefined };
const commercial = STANDARD_TEMPLATES.find(({ name }) => name === 'CBE-COMMERCIAL');

let harness: TravelHarness;
let gallery: Gallery;
let work: WorkId;
let tokenId: bigint;

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  [work = '' as WorkId] = await gallery.mint(gallery.self);
  tokenId = BigInt((await gallery.work(work)).tokenId ?? 0);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

const licensing = () => harness.domain.licences;
const templateHash = () => commercial?.hash ?? '0x';
const book = (chainId: ChainId): Hex => contractsOn(gallery.registry, chainId).licenceBook ?? '0x';

/** Waits until an action has ended. */
const ended = ({ id }: GuardAction) =>
  until('the action has ended', async () => {
    const [now] = await harness.domain.guard.findByIds(gallery.tenantId, [id as GuardActionId]);
    return now !== undefined && now.state !== 'REQUESTED' && now;
  });

const order = (chainId: ChainId, over: object) =>
  offerLicenceSchema.parse({
    registryId: encodeGlobalId('Registry', gallery.registryId),
    chainId,
    templateHash: templateHash(),
    price: String(PRICE),
    ...why,
    ...over,
  });

/** Puts a licence up for sale and waits until it is final. */
async function offered(chainId: ChainId, over: object): Promise<LicenceOffer> {
  const asked = await licensing().offer(gallery.tenantId, order(chainId, over));
  expect(await ended(asked)).toMatchObject({ state: 'DONE', kind: 'OFFER_LICENCE' });
  return until('the record has the offer', async () => {
    const { edges } = await licensing().offers(gallery.tenantId, page, { chainId });
    const [newest] = edges.map(({ node }) => node);
    return newest?.provisional === false && newest;
  });
}

const found = (holder: AccountId, isGood: (licence: Licence) => boolean) =>
  until(`a licence of ${holder}`, async () => {
    const { edges } = await licensing().licences(gallery.tenantId, page, { holder });
    return edges.map(({ node }) => node).find(isGood);
  });

/** Whether the licence books say that an account may, by chain; past the platform. */
async function licensed(account: Hex, of = tokenId): Promise<Record<ChainId, boolean>> {
  const answers = await Promise.all(
    ALL_CHAINS.map((chainId) =>
      chainClient(harness, chainId).readContract({
        address: book(chainId),
        abi: licenceBookAbi,
        functionName: 'isLicensed',
        args: [of, account, templateHash()],
      }),
    ),
  );
  return Object.fromEntries(ALL_CHAINS.map((chainId, index) => [chainId, answers[index] === true]));
}
const everywhere = (value: boolean) => Object.fromEntries(ALL_CHAINS.map((chainId) => [chainId, value]));

test('a licence that a collector buys on a mirror holds on every chain, and its price reaches the receiver there', async () => {
  const offer = await offered(BASE, { revocable: true, workIds: [encodeGlobalId('Work', work)] });
  expect(offer).toMatchObject({ offerId: '0', price: String(PRICE), tokenIds: [String(tokenId)] });
  const buyer = evmAccountId(BASE, collector);
  const purchase = { registryId: gallery.registryId, chainId: BASE, offerId: offer.offerId, buyer };
  const receiver = contractsOn(gallery.registry, BASE).royaltyReceiver ?? '0x';
  const before = await chainClient(harness, BASE).getBalance({ address: receiver });
  for (const { to, data, valueWei } of await licensing().prepareBuy(gallery.tenantId, purchase))
    await sendAs(harness, collector, BASE, { to: to as Hex, data: data as Hex, value: BigInt(valueWei) });
  expect((await chainClient(harness, BASE).getBalance({ address: receiver })) - before).toBe(PRICE);

  const licence = await found(
    buyer,
    ({ copies }) => copies.length === 2 && copies.every((c) => !c.provisional),
  );
  expect(licence).toMatchObject({ chainId: BASE, revision: 1, state: 'ACTIVE', provisional: false });
  expect(licence.copies.map(({ chainId }) => chainId).sort()).toEqual([HOME, MOONBEAM].sort());
  expect(await licensed(collector)).toEqual(everywhere(true));
  const question = {
    registryId: gallery.registryId,
    workId: work,
    account: buyer,
    templateHash: templateHash(),
  };
  const answers = await licensing().isLicensed(gallery.tenantId, question);
  expect(Object.fromEntries(answers.map(({ chainId, licensed: may }) => [chainId, may]))).toEqual(
    everywhere(true),
  );
  expect(await licensed(collector, tokenId + 1n)).toEqual(everywhere(false));
}, 150_000);

test('a licence that is revoked by its terms is over on every chain', async () => {
  const holder = evmAccountId(BASE, collector);
  const { grantId } = await found(holder, () => true);
  const input = { registryId: gallery.registryId, grantId, ...why };
  expect(await ended(await licensing().revoke(gallery.tenantId, input))).toMatchObject({ state: 'DONE' });
  const over = await found(holder, ({ copies }) => copies.every(({ revision }) => revision === 2));
  expect(over).toMatchObject({ state: 'REVOKED', revision: 2 });
  expect(await licensed(collector)).toEqual(everywhere(false));
  await expect(licensing().revoke(gallery.tenantId, input)).rejects.toMatchObject({ code: 'LICENCE_OVER' });
}, 120_000);

test('a licence that the gallery gives for nothing is told to other chains when it asks, and expires on all of them', async () => {
  const { offerId } = await offered(HOME, { price: '0', termSeconds: DAY_SECONDS });
  const holder = evmAccountId(HOME, accountAt(3).address);
  const gift = { registryId: gallery.registryId, chainId: HOME, offerId, holder, ...why };
  expect(await ended(await licensing().grant(gallery.tenantId, gift))).toMatchObject({ state: 'DONE' });
  const { grantId, copies } = await found(holder, ({ provisional }) => !provisional);
  expect(copies).toEqual([]);
  await licensing().replicate(gallery.tenantId, { registryId: gallery.registryId, grantId });
  await found(holder, (licence) => licence.copies.length === 2);
  const { address } = splitAccountId(holder);
  expect(await licensed(address as Hex)).toEqual(everywhere(true));

  for (const chainId of ALL_CHAINS) {
    await harness.devnet.rpc(chainId, 'evm_increaseTime', [DAY_SECONDS]);
    await harness.devnet.rpc(chainId, 'evm_mine', []);
  }
  expect(await licensed(address as Hex)).toEqual(everywhere(false));

  const withdrawn = await licensing().withdrawOffer(gallery.tenantId, { ...gift, ...why });
  expect(await ended(withdrawn)).toMatchObject({ state: 'DONE' });
  await expect(licensing().grant(gallery.tenantId, gift)).rejects.toMatchObject({
    code: 'LICENCE_OFFER_CLOSED',
  });
}, 150_000);

const artist = evmAccountId(HOME, accountAt(4).address);
const house = evmAccountId(BASE, accountAt(5).address);
const market = accountAt(6).address;
const policyOf = (royaltyBps: number, houseBps: number) => ({
  royaltyBps,
  splits: [
    { account: artist, role: PayeeRole.ARTIST, shareBps: 10_000 - houseBps },
    { account: house, role: PayeeRole.GALLERY, shareBps: houseBps },
  ],
  primaryWallet: artist,
  currencies: [],
  enforcement: EnforcementMode.RESTRICT,
  operators: [market],
  paymentWindowSeconds: DAY_SECONDS,
});

/** What every chain holds, once all hold a revision for good. */
const termsAt = (revision: number) =>
  until(`every chain holds revision ${revision}`, async () => {
    const terms = await harness.domain.royaltyTerms.onChains(gallery.tenantId, gallery.registryId);
    const isThere = terms.every(
      (one) =>
        one.revision === revision && !one.provisional && !one.splitProvisional && one.waitingFor === null,
    );
    return isThere && terms;
  });

const royaltyInfo = (chainId: ChainId) =>
  chainClient(harness, chainId).readContract({
    abi: collectionAbi,
    address: contractsOn(gallery.registry, chainId).collection,
    functionName: 'royaltyInfo',
    args: [tokenId, parseEther('2')],
  });

test('a royalty policy is answered alike by ERC-2981 on home and both mirrors, and every vault splits by it', async () => {
  expect((await Promise.all(ALL_CHAINS.map(royaltyInfo))).map(([, amount]) => amount)).toEqual(
    ALL_CHAINS.map(() => parseEther('0.1')),
  );
  const { projectId } = gallery.registry;
  const { policy, actions } = await harness.domain.policies.set(gallery.tenantId, {
    projectId,
    expectedRevision: 0,
    effectiveFrom: undefined,
    policy: policyOf(750, 3_000),
  });
  expect(actions.map(({ kind, chainId }) => `${kind}@${chainId}`).sort()).toEqual(
    [`STATE_POLICY@${HOME}`, ...ALL_CHAINS.map((chainId) => `STATE_SPLIT@${chainId}`)].sort(),
  );
  const held = {
    policyRevision: 1,
    royaltyBps: 750,
    policyHash: policy.hash,
    splitPolicyRevision: 1,
    splitRevision: 2,
  };
  expect(await termsAt(1)).toMatchObject(
    ALL_CHAINS.map((chainId) => ({ ...held, chainId, restrictsTransfers: true, operators: [market] })),
  );
  expect(await Promise.all(ALL_CHAINS.map(royaltyInfo))).toEqual(
    ALL_CHAINS.map((chainId) => [contractsOn(gallery.registry, chainId).royaltyReceiver, parseEther('0.15')]),
  );
}, 200_000);

test('under RESTRICT only the operators that the policy names move works for their holders', async () => {
  const { collection } = contractsOn(gallery.registry, HOME);
  const approve = (operator: Hex) => ({
    to: collection,
    data: encodeFunctionData({
      abi: collectionAbi,
      functionName: 'setApprovalForAll',
      args: [operator, true],
    }),
  });
  const move = (operator: Hex) =>
    chainClient(harness, HOME).simulateContract({
      abi: collectionAbi,
      address: collection,
      functionName: 'transferFrom',
      args: [splitAccountId(gallery.self).address as Hex, collector, tokenId],
      account: operator,
    });
  const stranger = accountAt(7).address;
  for (const operator of [market, stranger])
    await sendAs(harness, splitAccountId(gallery.self).address as Hex, HOME, approve(operator));
  await expect(move(stranger)).rejects.toThrow('OperatorNotAllowed');
  await move(market);
}, 60_000);

test('of two revisions at once the last holds in the end, everywhere', async () => {
  const { projectId } = gallery.registry;
  const state = (expectedRevision: number, royaltyBps: number) =>
    harness.domain.policies.set(gallery.tenantId, {
      projectId,
      expectedRevision,
      effectiveFrom: undefined,
      policy: policyOf(royaltyBps, 3_000 - 1_000 * expectedRevision),
    });
  await state(1, 800);
  await state(2, 900);
  const terms = await until('every chain holds the last', async () => {
    const now = await harness.domain.royaltyTerms.onChains(gallery.tenantId, gallery.registryId);
    return now.every((one) => one.policyRevision === 3 && one.splitPolicyRevision === 3) && now;
  });
  await termsAt(terms[0]?.revision ?? 0);
  expect((await Promise.all(ALL_CHAINS.map(royaltyInfo))).map(([, amount]) => amount)).toEqual(
    ALL_CHAINS.map(() => parseEther('0.18')),
  );
}, 150_000);

test('after all of it the record is found again on the chains, byte for byte, and no flipped byte escapes', async () => {
  expect(differencesOf(await rebuiltReport(harness))).toEqual([]);
  expect(await unseenFlips(harness, gallery, ['licence_offers', 'licences'])).toEqual([]);
}, 120_000);
