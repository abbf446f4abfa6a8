import { createWalletClient, encodeFunctionData, type Hex, hashTypedData, http } from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { lanesAbi } from '../../../chains/abi/lanes';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { ownersTree } from '../../../cli/exit/owners-tree';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { evmAccountId } from '../../../schema/caip';
import type { RegistryId } from '../../../schema/ids';
import type { MintWorks } from '../../../schema/inputs/work';
import type { Registry } from '../../../schema/types/registry';
import type { PreparedMint } from '../../../schema/types/work';
import { accountAt } from '../../devnet/accounts';
import { TravelHarness } from '../../support/travel';
import { activeRegistry, addressOf, Gallery, requestRegistry, tokenOf } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, sendAs, until } from '../../support/travel-steps';

const ARTIST = 4;
const STRANGER = 3;
/**
 * Creation code of a wallet that takes for its signature (EIP-1271) nothing but the hash itself:
 * `isValidSignature(hash, signature)` answers its own selector if the first word of both is the same.
 */
const WALLET = '0x6018600c60003960186000f360043560643514631626ba7e0260e01b60005260206000f3';

type Consent = NonNullable<MintWorks['works'][number]['artistSignature']>;

let harness: TravelHarness;
let gallery: Gallery;
/** Of an artist with a key. */
let keyed: Registry;
/** Of an artist whose account is a contract. */
let contracted: Registry;

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  const { contractAddress } = await deployWallet();
  const open = async (artistAccount: ReturnType<typeof evmAccountId>) => {
    const options = { artistSigned: true, mirrorChainIds: [BASE] };
    const { id } = await requestRegistry(harness, gallery.tenantId, { artistAccount }, options);
    return activeRegistry(harness, gallery.tenantId, id);
  };
  [keyed, contracted] = await Promise.all([
    open(evmAccountId(HOME, accountAt(ARTIST).address)),
    open(evmAccountId(HOME, contractAddress)),
  ]);
}, 180_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

async function deployWallet() {
  const wallet = createWalletClient({
    account: accountAt(STRANGER),
    transport: http(harness.devnet.directUrl(HOME)),
  });
  const hash = await wallet.sendTransaction({ data: WALLET, chain: null });
  const { contractAddress } = await chainClient(harness, HOME).waitForTransactionReceipt({ hash });
  if (contractAddress == null) throw new Error('the wallet was not deployed');
  return { contractAddress };
}

async function prepare({ id: registryId }: { id: RegistryId }): Promise<PreparedMint> {
  const [prepared] = await harness.domain.consents.prepare(gallery.tenantId, { registryId, count: 1 });
  if (prepared === undefined) throw new Error('one mint was prepared');
  return prepared;
}

async function sign({ nonce, typedData }: PreparedMint, account = ARTIST): Promise<Consent> {
  return { nonce, signature: await accountAt(account).signTypedData(JSON.parse(typedData)) };
}

function mint({ id: registryId }: { id: RegistryId }, ...consents: readonly (Consent | undefined)[]) {
  const works = consents.map((artistSignature) => ({ to: gallery.self, metadata: {}, artistSignature }));
  return harness.domain.mints.mint(gallery.tenantId, { registryId, works });
}

async function expectLive(works: Awaited<ReturnType<typeof mint>>): Promise<void> {
  for (const { id } of works) {
    await until('the work is live', async () => {
      const { state, failure } = await gallery.work(id);
      if (state === 'MINT_FAILED') throw new Error(`the mint failed: ${failure}`);
      return state === 'LIVE';
    });
  }
}

/** What was ever accepted or sent: works of the record, and commits on the chain. */
async function traces(registry: Registry) {
  const works = await harness.domain.works.page(
    gallery.tenantId,
    { first: 100, after: undefined },
    { registryId: registry.id },
  );
  const reserved = await chainClient(harness, HOME).readContract({
    address: addressOf(registry, HOME, 'collection'),
    abi: collectionAbi,
    functionName: 'reserved',
  });
  return [works.totalCount, Number(reserved)];
}

test('a registry says whether its artist signs, and only then are mints prepared and signatures taken', async () => {
  expect([gallery.registry.artistSigned, keyed.artistSigned]).toEqual([false, true]);
  await expect(prepare(gallery.registry)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(mint(gallery.registry, await sign(await prepare(keyed)))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
});

test('without the artist’s signature of exactly this work nothing is accepted or sent', async () => {
  const [first, second] = [await prepare(keyed), await prepare(keyed)];
  const good = await sign(first);
  const refused: [code: string, ...consents: (Consent | undefined)[]][] = [
    ['ARTIST_SIGNATURE_MISSING', undefined],
    ['ARTIST_SIGNATURE_MISSING', good, undefined],
    ['ARTIST_SIGNATURE_INVALID', await sign(first, STRANGER)],
    ['ARTIST_SIGNATURE_INVALID', { ...good, nonce: second.nonce }],
    ['ARTIST_SIGNATURE_INVALID', { ...good, signature: `${good.signature.slice(0, -2)}00` as Hex }], // CAST: hex still
    ['ARTIST_SIGNATURE_INVALID', await sign(await prepare(contracted))],
  ];
  for (const [code, ...consents] of refused)
    await expect(mint(keyed, ...consents)).rejects.toMatchObject({ code });
  await expect(mint(keyed, good, await sign(second, STRANGER))).rejects.toThrow('works.1.artistSignature');
  expect(await traces(keyed)).toEqual([0, 0]);
}, 60_000);

test('works that the artist signed are minted, each prepared mint once', async () => {
  const consents = await Promise.all(
    [await prepare(keyed), await prepare(keyed)].map((prepared) => sign(prepared)),
  );
  await expectLive(await mint(keyed, ...consents));
  await expect(mint(keyed, consents[0])).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await traces(keyed)).toEqual([2, 2]);
}, 90_000);

test('an artist whose account is a contract consents by EIP-1271', async () => {
  const prepared = await prepare(contracted);
  const signature = hashTypedData(JSON.parse(prepared.typedData));
  await expect(mint(contracted, await sign(prepared))).rejects.toMatchObject({
    code: 'ARTIST_SIGNATURE_INVALID',
  });
  await expectLive(await mint(contracted, { nonce: prepared.nonce, signature }));
  expect(await traces(contracted)).toEqual([1, 1]);
}, 90_000);

test('the record follows a work home that was claimed from a retired chain', async () => {
  const [work] = await mint(keyed, await sign(await prepare(keyed)));
  if (work === undefined) throw new Error('one work was accepted');
  await gallery.settled(work.id);
  await gallery.move(work.id, BASE);
  const there = await gallery.work(work.id);
  expect(there).toMatchObject({ chainId: BASE, hop: 1 });

  const { root, proofs } = ownersTree(chainHashOf(BASE), [
    { workId: tokenOf(there), holder: gallery.account },
  ]);
  const { delayedQueue, lanes, gateway } = contractsOn(keyed, HOME);
  const retirement = { functionName: 'retireChain', args: [chainHashOf(BASE), root] } as const;
  // As a plan of the queue does thirty days after its announcement.
  await sendAs(harness, delayedQueue, HOME, {
    to: lanes,
    data: encodeFunctionData({ abi: lanesAbi, ...retirement }),
  });
  const args = [chainHashOf(BASE), tokenOf(there), gallery.account, proofs[0] ?? []] as const;
  await sendAs(harness, accountAt(STRANGER).address, HOME, {
    to: gateway,
    data: encodeFunctionData({ abi: gatewayAbi, functionName: 'claimRetired', args }),
  });

  const home = await until('the record has it at home', async () => {
    const now = await gallery.settled(work.id);
    return now.chainId === HOME && now;
  });
  expect(home).toMatchObject({ holder: gallery.self, hop: 1, provisional: false });
  expect(home.legs.map(({ chainId, state }) => [chainId, state]).sort()).toEqual([
    [HOME, 'LIVE'],
    [BASE, 'BURNED'],
  ]);
  const kinds = (await gallery.history(work.id)).map(({ kind }) => kind);
  expect(kinds).toEqual(['WorkMinted', 'WorkDeparted', 'WorkArrived', 'WorkReclaimed']);
}, 90_000);
