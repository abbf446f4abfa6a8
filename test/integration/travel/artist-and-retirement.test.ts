import { type Address, createWalletClient, encodeFunctionData, type Hex, hashTypedData, http } from 'viem';
import { z } from 'zod';
import { collectionAbi } from '../../../chains/abi/collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { ownersTree } from '../../../chains/evm/registry/owners-tree';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { type ChainId, evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { MintWorks } from '../../../schema/inputs/work';
import { countOf } from '../../../schema/types/connection';
import type { PreparedMint } from '../../../schema/types/work';
import { accountAt } from '../../devnet/accounts';
import { withClient } from '../../support/template-database';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, tokenOf } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, MOONBEAM, sendAs, until } from '../../support/travel-steps';

const THIRTY_DAYS_SECONDS = 30 * 24 * 3_600;
/** The file that `exit --owners` takes. */
const ownersFileSchema = z.string().transform((text) =>
  z
    .strictObject({
      chainId: z.string(),
      owners: z.array(z.strictObject({ workId: z.string(), holder: z.custom<Address>() })),
    })
    .parse(JSON.parse(text)),
);
const ARTIST = 4;
const STRANGER = 3;
/**
 * Creation code of a wallet that takes for its signature (EIP-1271) nothing but the hash itself:
 * `isValidSignature(hash, signature)` answers its own selector if the first word of both is the same.
 */
const WALLET = '0x6018600c60003960186000f360043560643514631626ba7e0260e01b60005260206000f3';

type Consent = NonNullable<MintWorks['works'][number]['artistSignature']>;

let harness: TravelHarness;
/** Its artist has a key. */
let keyed: Gallery;
/** Its artist's account is a contract. */
let contracted: Gallery;

beforeAll(async () => {
  harness = await TravelHarness.start();
  const wallet = await deployWallet();
  const open = (artist: Address, mirrorChainIds: ChainId[]) =>
    Gallery.open(harness, { artistSigned: true, artistAccount: evmAccountId(HOME, artist), mirrorChainIds });
  [keyed, contracted] = await Promise.all([
    open(accountAt(ARTIST).address, [BASE, MOONBEAM]),
    open(wallet, [BASE]),
  ]);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

async function deployWallet(): Promise<Address> {
  const wallet = createWalletClient({
    account: accountAt(STRANGER),
    transport: http(harness.devnet.directUrl(HOME)),
  });
  const hash = await wallet.sendTransaction({ data: WALLET, chain: null });
  const { contractAddress } = await chainClient(harness, HOME).waitForTransactionReceipt({ hash });
  if (contractAddress == null) throw new Error('the wallet was not deployed');
  return contractAddress;
}

async function prepare({ tenantId, registryId }: Gallery): Promise<PreparedMint> {
  const [prepared] = await harness.domain.consents.prepare(tenantId, { registryId, count: 1 });
  if (prepared === undefined) throw new Error('one mint was prepared');
  return prepared;
}

async function sign({ nonce, typedData }: PreparedMint, account = ARTIST): Promise<Consent> {
  return { nonce, signature: await accountAt(account).signTypedData(JSON.parse(typedData)) };
}

function mint({ tenantId, registryId, self }: Gallery, ...consents: readonly (Consent | undefined)[]) {
  const works = consents.map((artistSignature) => ({ to: self, metadata: {}, artistSignature }));
  return harness.domain.mints.mint(tenantId, { registryId, works });
}

async function expectLive(gallery: Gallery, works: Awaited<ReturnType<typeof mint>>): Promise<void> {
  for (const { id } of works) {
    await until('the work is live', async () => {
      const { state, failure } = await gallery.work(id);
      if (state === 'MINT_FAILED') throw new Error(`the mint failed: ${failure}`);
      return state === 'LIVE';
    });
  }
}

/** What was ever accepted or sent: works of the record, and commits on the chain. */
async function traces({ tenantId, registryId, registry }: Gallery) {
  const works = await harness.domain.works.page(tenantId, { first: 100, after: undefined }, { registryId });
  const reserved = await chainClient(harness, HOME).readContract({
    address: addressOf(registry, HOME, 'collection'),
    abi: collectionAbi,
    functionName: 'reserved',
  });
  return [await countOf(works), Number(reserved)];
}

test('a registry says that its artist signs', () => {
  expect(keyed.registry.artistSigned).toBe(true);
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
  await expectLive(keyed, await mint(keyed, ...consents));
  await expect(mint(keyed, consents[0])).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await traces(keyed)).toEqual([2, 2]);
}, 90_000);

test('an artist whose account is a contract consents by EIP-1271', async () => {
  const prepared = await prepare(contracted);
  const signature = hashTypedData(JSON.parse(prepared.typedData));
  await expect(mint(contracted, await sign(prepared))).rejects.toMatchObject({
    code: 'ARTIST_SIGNATURE_INVALID',
  });
  await expectLive(contracted, await mint(contracted, { nonce: prepared.nonce, signature }));
  expect(await traces(contracted)).toEqual([1, 1]);
}, 90_000);

test('a retired chain’s works are claimed for whoever had them when it was announced, also those on their way', async () => {
  const consents = await Promise.all([1, 2, 3].map(async () => sign(await prepare(keyed))));
  const [there, travelling, unheard] = await mint(keyed, ...consents);
  if (!there || !travelling || !unheard) throw new Error('three works were accepted');
  const works = [there, travelling, unheard];
  await Promise.all(works.map(({ id }) => keyed.settled(id)));
  await Promise.all([keyed.move(there.id, BASE), keyed.move(unheard.id, BASE)]);
  await harness.devnet.setDeliveryFaults('layerZero', { running: false });
  const { id: lost } = await keyed.send(travelling.id, BASE, 'LAYERZERO');
  await keyed.reached(lost, 'SOURCE_FINAL');

  // The chain dies before it makes final what it showed last.
  const token = tokenOf(await keyed.work(there.id));
  const again = [keyed.account, keyed.account, token] as const;
  await sendAs(harness, keyed.account, BASE, {
    to: addressOf(keyed.registry, BASE, 'collection'),
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'transferFrom', args: again }),
  });
  await harness.devnet.pauseMining(BASE);
  await until('the record has it', async () => (await keyed.work(there.id)).provisional);

  const { guard } = harness.domain;
  const { id } = await guard.retireChain(keyed.tenantId, {
    registryId: keyed.registryId,
    chainId: BASE,
    reason: 'its sequencer is gone',
  });
  const action = async () => {
    const [found] = await guard.findByIds(keyed.tenantId, [id]);
    if (found === undefined) throw new Error('the action is there');
    return found;
  };
  await until('the retirement waits for the chain', async () =>
    (await action()).waitingFor?.startsWith('the record of its works'),
  );
  await withClient(harness.database.adminUrl, (client) =>
    client.query(
      "update guard_actions set created_at = created_at - interval '61 minutes' where kind = 'RETIRE_CHAIN'",
    ),
  );
  await until('the retirement is announced', async () =>
    (await action()).waitingFor?.startsWith('the delay of the queue, until '),
  );
  // The notice is for this: whoever can still leave, leaves.
  await harness.devnet.resumeMining(BASE);
  await keyed.move(there.id, HOME, 'CCIP');
  const { id: late } = await keyed.send(unheard.id, HOME, 'LAYERZERO');
  await keyed.reached(late, 'SOURCE_FINAL');
  const [file] = await guard.ownersFiles(keyed.tenantId, [id]);
  const owners = ownersFileSchema.parse(file?.text);
  const tokens = await Promise.all(works.map(async (work) => tokenOf(await keyed.work(work.id))));
  expect(owners).toEqual({
    chainId: BASE,
    owners: expect.arrayContaining(tokens.map((token) => ({ workId: `${token}`, holder: keyed.account }))),
  });
  expect(owners.owners).toHaveLength(3);

  await harness.devnet.rpc(HOME, 'evm_increaseTime', [THIRTY_DAYS_SECONDS]);
  await until('the chain is retired', async () => (await action()).state === 'DONE');
  const { gateway } = contractsOn(keyed.registry, HOME);
  const leaves = owners.owners.map(({ workId, holder }) => ({ workId: BigInt(workId), holder }));
  const { proofs } = ownersTree(chainHashOf(BASE), leaves);
  const claim = (token: bigint | undefined) => {
    const index = leaves.findIndex(({ workId }) => workId === token);
    const args = [chainHashOf(BASE), token ?? 0n, keyed.account, proofs[index] ?? []] as const;
    return sendAs(harness, accountAt(STRANGER).address, HOME, {
      to: gateway,
      data: encodeFunctionData({ abi: gatewayAbi, functionName: 'claimRetired', args }),
    });
  };
  await claim(tokens[1]);
  await claim(tokens[2]);

  for (const { id: claimed } of [travelling, unheard]) {
    const home = await until('the record has it at home', async () => {
      const now = await keyed.settled(claimed);
      return now.chainId === HOME && now;
    });
    expect(home).toMatchObject({ holder: keyed.self, hop: 1, provisional: false });
  }
  const kinds = async (work: { id: WorkId }) => (await keyed.history(work.id)).map(({ kind }) => kind);
  expect(await kinds(travelling)).toEqual(['WorkMinted', 'WorkDeparted', 'WorkReclaimed']);
  // What left in time needs no claim.
  expect(await keyed.settled(there.id)).toMatchObject({ chainId: HOME, holder: keyed.self, hop: 2 });

  const { dispatches } = await keyed.updateMetadata(there.id, { title: 'Home again' });
  expect(dispatches.map(({ destinationChainId }) => destinationChainId)).toEqual([MOONBEAM]);

  // Neither move will ever end; the works travel on, and home counts the hop again that it never heard of.
  for (const dispatchId of [lost, late]) {
    const { failure } = await keyed.reached(dispatchId, 'VOIDED');
    expect(failure).toMatchObject({ code: 'CHAIN_RETIRED' });
  }
  await keyed.move(unheard.id, MOONBEAM, 'CCIP');
  expect(await keyed.settled(unheard.id)).toMatchObject({ chainId: MOONBEAM, hop: 2 });
  const move = ['WorkDeparted', 'WorkArrived'];
  expect(await kinds(unheard)).toEqual(['WorkMinted', ...move, 'WorkDeparted', 'WorkReclaimed', ...move]);
}, 180_000);
