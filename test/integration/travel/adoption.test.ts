import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Address, createWalletClient, encodeDeployData, encodeFunctionData, http, parseAbi } from 'viem';
import { adoptedCollectionAbi } from '../../../chains/abi/adopted-collection';
import { gatewayAbi } from '../../../chains/abi/gateway';
import { type Call, sendRequest } from '../../../chains/evm/registry/calls';
import { parseExit } from '../../../cli/exit/exit-arguments';
import { runExit } from '../../../cli/exit/run-exit';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { Work } from '../../../schema/types/work';
import { accountAt, privateKeyAt } from '../../devnet/accounts';
import { compiled } from '../../devnet/protocol-artifacts';
import { differencesOf, rebuiltReport } from '../../support/rebuild';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, requestRegistry, sendPrepared, tokenOf } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, until } from '../../support/travel-steps';

/** The admin of the adopted contract, who can take any token, and two collectors. */
const [ADMIN, ADA, BOB] = [7, 8, 9];
const tokenAbi = parseAbi([
  'function mint(address to, uint256 tokenId)',
  'function take(address to, uint256 tokenId)',
  'function transferFrom(address from, address to, uint256 tokenId)',
  'function ownerOf(uint256 tokenId) view returns (address)',
  'function behave(uint8 mood)',
]);
const account = (index: number) => evmAccountId(HOME, accountAt(index).address);

let folder: string;
let harness: TravelHarness;
let token: Address;
let gallery: Gallery;
/** A collector's work that lives on Base. */
let away: Work;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-adoption-'));
  harness = await TravelHarness.start();
  token = await deployToken();
  gallery = await Gallery.open(harness, { adopts: token, mirrorChainIds: [BASE] });
}, 240_000);
afterAll(async () => {
  await harness?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function send(from: number, call: Partial<Call> & { value?: bigint }): Promise<Address | null> {
  const wallet = createWalletClient({
    account: accountAt(from),
    transport: http(harness.devnet.directUrl(HOME)),
  });
  const hash = await wallet.sendTransaction({ ...call, chain: null });
  const receipt = await chainClient(harness, HOME).waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe('success');
  return receipt.contractAddress ?? null;
}

async function deployToken(): Promise<Address> {
  const { abi, bytecode } = compiled('AdoptedToken');
  const address = await send(ADMIN, { data: encodeDeployData({ abi, bytecode }) });
  if (address === null) throw new Error('the token was not deployed');
  return address;
}

const mintToken = (to: Address, tokenId: bigint) =>
  send(ADMIN, {
    to: token,
    data: encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, tokenId] }),
  });
/** The admin's power over the tokens. */
const take = (to: Address, tokenId: bigint) =>
  send(ADMIN, {
    to: token,
    data: encodeFunctionData({ abi: tokenAbi, functionName: 'take', args: [to, tokenId] }),
  });
const ownerOf = (tokenId: bigint): Promise<Address> =>
  chainClient(harness, HOME).readContract({
    abi: tokenAbi,
    address: token,
    functionName: 'ownerOf',
    args: [tokenId],
  });
/** How the token behaves; see contracts/test/support/AdoptedToken.sol. */
const Mood = { HONEST: 0, REFUSE: 2 } as const;
const behave = (mood: number) =>
  send(ADMIN, {
    to: token,
    data: encodeFunctionData({ abi: tokenAbi, functionName: 'behave', args: [mood] }),
  });
const adapter = () => addressOf(gallery.registry, HOME, 'collection');
const adopt = (...tokenIds: readonly bigint[]) =>
  harness.domain.adoptions.adopt(gallery.tenantId, {
    registryId: gallery.registryId,
    tokenIds: [...tokenIds],
  });

async function adopted(tokenId: bigint, holder: Address): Promise<Work> {
  await mintToken(holder, tokenId);
  const [work] = await adopt(tokenId);
  if (work === undefined) throw new Error('a token was adopted');
  return gallery.settled(work.id);
}

function keyFile(): string {
  const file = join(folder, 'key');
  writeFileSync(file, privateKeyAt(BOB));
  return file;
}

/** Runs the command as `node dist/cli/main.js exit …` does, and returns what it prints. */
async function exit(...args: readonly string[]): Promise<string> {
  const where = ['--gateway', addressOf(gallery.registry, HOME, 'gateway'), '--json'];
  const rpcs = [HOME, BASE].flatMap((chainId) => ['--rpc', harness.devnet.directUrl(chainId)]);
  const lines: string[] = [];
  await runExit(parseExit([...args, ...where, ...rpcs]), (line) => lines.push(line));
  return lines.join('\n');
}

async function handover(): Promise<{ id: string; refusal: string | null }> {
  const { actions } = JSON.parse(await exit('list'));
  expect(actions).toMatchObject([{ kind: 'HAND_OVER', chainId: HOME }]);
  return actions[0];
}

const kinds = async (workId: WorkId) => (await gallery.history(workId)).map(({ kind }) => kind);
const why = { reason: 'a test of adoption' };

test('what is no ERC-721 cannot be adopted, and nothing is kept of the attempt', async () => {
  for (const adopts of [accountAt(ADA).address, contractsOn(gallery.registry, HOME).gateway]) {
    await expect(requestRegistry(harness, gallery.tenantId, {}, { adopts })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  }
  const page = await harness.domain.registries.page(gallery.tenantId, { first: 10, after: undefined });
  expect(page.edges).toHaveLength(1);
  expect(gallery.registry.adopted).toEqual({ chainId: HOME, address: token });
});

test('each kind of registry refuses what is for the other, and tokens that nobody owns', async () => {
  const { mints, adoptions, consents, guard } = harness.domain;
  const { tenantId, registryId } = gallery;
  const kind = { code: 'REGISTRY_KIND' };
  const works = [{ to: gallery.self, metadata: {} }];
  await expect(mints.mint(tenantId, { registryId, works })).rejects.toMatchObject(kind);
  await expect(consents.prepare(tenantId, { registryId, count: 1 })).rejects.toMatchObject(kind);
  const { id: minting } = await requestRegistry(harness, tenantId);
  await expect(adoptions.adopt(tenantId, { registryId: minting, tokenIds: [1n] })).rejects.toMatchObject(
    kind,
  );
  await mintToken(gallery.account, 1n);
  await expect(adopt(1n, 404n)).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: expect.stringContaining('tokenIds.1'),
  });
  const none = await harness.domain.works.page(tenantId, { first: 10, after: undefined }, { registryId });
  expect(none.edges).toEqual([]);

  const work = await adopted(2n, gallery.account);
  await expect(gallery.updateMetadata(work.id, {})).rejects.toMatchObject(kind);
  await expect(guard.freezeWork(tenantId, { workId: work.id, ...why })).rejects.toMatchObject(kind);
}, 60_000);

test('an adopted token is a work whose id is bound to it, once however often it is asked for', async () => {
  await mintToken(accountAt(ADA).address, 10n);
  const asked = await Promise.all([adopt(10n), adopt(10n)]);
  const ids = new Set(asked.flat().map(({ id }) => id));
  expect(ids.size).toBe(1);
  const [id] = [...ids];
  const work = await gallery.settled(id as WorkId);
  const [workId, documentHash] = await chainClient(harness, HOME).readContract({
    abi: adoptedCollectionAbi,
    address: adapter(),
    functionName: 'workOfToken',
    args: [10n],
  });
  expect(work).toMatchObject({
    tokenId: String(workId),
    documentHash,
    edition: 0,
    seed: `0x${10n.toString(16).padStart(64, '0')}`,
    document: { version: 1, adopted: { chainId: HOME, contract: token, tokenId: '10' } },
    holder: account(ADA),
    chainId: HOME,
    legs: [{ chainId: HOME, assetId: `${HOME}/erc721:${token}/10`, state: 'LIVE' }],
  });
  // The token's own mint was seen before, as its contract is watched.
  expect(await kinds(work.id)).toEqual(['Transferred', 'WorkAdopted']);
  expect((await adopt(10n))[0]).toMatchObject({ id: work.id, state: 'LIVE' });
  expect(await harness.domain.adoptions.posture(gallery.registry)).toEqual({
    owner: account(ADMIN),
    implementation: null,
    proxyAdmin: null,
    codeChanged: false,
  });
}, 60_000);

test('what happens to the token in its own contract is in the record: sales, and the end', async () => {
  const { id } = await adopted(20n, accountAt(ADA).address);
  const args = [accountAt(ADA).address, accountAt(BOB).address, 20n] as const;
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transferFrom', args });
  await send(ADA, { to: token, data });
  await until('Bob holds it', async () => (await gallery.work(id)).holder === account(BOB));
  await gallery.settled(id);
  expect(await kinds(id)).toEqual(['Transferred', 'WorkAdopted', 'Transferred']);

  await take('0x0000000000000000000000000000000000000000', 20n);
  await until('it is burned', async () => (await gallery.work(id)).state === 'BURNED');
  expect(await gallery.work(id)).toMatchObject({ holder: null });
}, 60_000);

test('a token that is sunk into the adapter is its in the record, and no mirror hears of a check that found nothing', async () => {
  const { id } = await adopted(21n, accountAt(ADA).address);
  const args = [accountAt(ADA).address, adapter(), 21n] as const;
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'transferFrom', args });
  await send(ADA, { to: token, data });
  const check = await until('the escrow is checked', async () => {
    const asked = await harness.domain.guard.page(
      gallery.tenantId,
      { first: 10, after: undefined },
      { workId: id },
    );
    return asked.edges.find(({ node }) => node.state !== 'REQUESTED')?.node;
  });
  expect(check).toMatchObject({ kind: 'CHECK_ESCROW', state: 'DONE' });
  expect(await gallery.settled(id)).toMatchObject({
    holder: evmAccountId(HOME, adapter()),
    frozen: false,
    revision: 0,
  });
  expect(await gallery.dispatchesOf(id)).toEqual([]);
}, 60_000);

test('a token whose adoption failed, or fell in a reorg, is adopted when it is asked for again, as the same work', async () => {
  await mintToken(accountAt(ADA).address, 70n);
  await harness.stopWorkers();
  const [refused] = await adopt(70n);
  await take('0x0000000000000000000000000000000000000000', 70n);
  await harness.startWorkers();
  if (refused === undefined) throw new Error('a token was accepted');
  await until('it cannot be adopted', async () => (await gallery.work(refused.id)).state === 'MINT_FAILED');
  expect((await gallery.work(refused.id)).failure).toContain('ERC721NonexistentToken(70)');
  await mintToken(accountAt(ADA).address, 70n);
  expect((await adopt(70n))[0]?.id).toBe(refused.id);
  expect(await gallery.settled(refused.id)).toMatchObject({ holder: account(ADA), failure: null });

  await mintToken(accountAt(BOB).address, 71n);
  const adopting = encodeFunctionData({ abi: adoptedCollectionAbi, functionName: 'adopt', args: [71n] });
  const before = await chainClient(harness, HOME).getBlockNumber();
  await send(BOB, { to: adapter(), data: adopting });
  const isOf = (tokenId: string) => (work: Work) => JSON.stringify(work.document).includes(`"${tokenId}"`);
  const { registryId } = gallery;
  const found = await until('the record has a stranger’s adoption', async () => {
    const { edges } = await harness.domain.works.page(
      gallery.tenantId,
      { first: 50, after: undefined },
      { registryId },
    );
    return edges.map(({ node }) => node).find(isOf('71'));
  });
  // A block more, and the reorg would begin behind the adoption.
  await harness.devnet.pauseMining(HOME);
  const head = await chainClient(harness, HOME).getBlockNumber();
  await harness.devnet.reorg(HOME, Number(head - before));
  await harness.devnet.resumeMining(HOME);
  await until('the adoption has fallen', async () => (await gallery.work(found.id)).tokenId === null);
  expect((await adopt(71n))[0]?.id).toBe(found.id);
  expect(await gallery.settled(found.id)).toMatchObject({ holder: account(BOB) });
}, 120_000);

test('a work of the tenant’s own travels and comes back: the token is in escrow, and handed to the receiver', async () => {
  const work = await adopted(30n, gallery.account);
  expect(await gallery.move(work.id, BASE, 'CCIP')).toMatchObject({ state: 'CONFIRMED' });
  expect(await ownerOf(30n)).toBe(adapter());
  expect(await gallery.liveChains(work)).toEqual([BASE]);
  const there = await gallery.work(work.id);
  expect(there.legs.map(({ chainId, assetId, state }) => ({ chainId, assetId, state }))).toEqual(
    expect.arrayContaining([
      { chainId: HOME, assetId: `${HOME}/erc721:${token}/30`, state: 'ESCROWED' },
      {
        chainId: BASE,
        assetId: `${BASE}/erc721:${addressOf(gallery.registry, BASE, 'collection')}/${work.tokenId}`,
        state: 'LIVE',
      },
    ]),
  );
  const back = await gallery.move(work.id, HOME, 'LAYERZERO', { to: account(BOB) });
  expect(back).toMatchObject({ state: 'CONFIRMED' });
  expect(await ownerOf(30n)).toBe(accountAt(BOB).address);
  expect(await gallery.work(work.id)).toMatchObject({ holder: account(BOB), chainId: HOME, hop: 2 });
  const move = ['WorkDeparted', 'WorkArrived'];
  expect(await kinds(work.id)).toEqual(['Transferred', 'WorkAdopted', ...move, ...move]);
}, 120_000);

test('a collector lets the adapter take the token, then permits the send; before, the send is refused in words', async () => {
  const work = await adopted(40n, accountAt(ADA).address);
  away = work;
  const input = { workId: work.id, destinationChainId: BASE, lane: 'LAYERZERO' } as const;
  const prepared = await harness.domain.dispatches.prepareSend(gallery.tenantId, input);
  const permit = {
    transport: prepared.transport,
    deadline: BigInt(prepared.permitDeadline),
    signature: await accountAt(ADA).signTypedData(JSON.parse(prepared.permitTypedData)),
  };
  await expect(gallery.send(work.id, BASE, 'LAYERZERO', { permit })).rejects.toMatchObject({
    code: 'ESCROW_NOT_APPROVED',
  });
  expect(await gallery.dispatchesOf(work.id)).toEqual([]);
  await send(ADA, prepared.escrowApproval as Call);
  const again = await harness.domain.dispatches.prepareSend(gallery.tenantId, input);
  expect(again.escrowApproval).toBeNull();
  expect(await gallery.move(work.id, BASE, 'LAYERZERO', { permit })).toMatchObject({
    state: 'CONFIRMED',
    origin: 'PERMIT',
  });
  expect(await gallery.liveChains(work)).toEqual([BASE]);
}, 120_000);

test('a collector adopts and sends without the platform, and the record follows', async () => {
  await mintToken(accountAt(BOB).address, 50n);
  const adopting = encodeFunctionData({ abi: adoptedCollectionAbi, functionName: 'adopt', args: [50n] });
  await send(BOB, { to: adapter(), data: adopting });
  const work = await until('the record has the work', async () => {
    const { edges } = await harness.domain.works.page(
      gallery.tenantId,
      { first: 10, after: undefined },
      { registryId: gallery.registryId, holder: account(BOB), state: 'LIVE' },
    );
    return edges.map(({ node }) => node).find(({ seed }) => seed !== null && BigInt(seed) === 50n);
  });
  const { gateway } = contractsOn(gallery.registry, HOME);
  const request = sendRequest({
    destinationChainId: BASE,
    transport: 'CCIP',
    tokenId: tokenOf(work),
    documentHash: work.documentHash,
    seed: work.seed as `0x${string}`,
    currentHop: 0,
    to: accountAt(BOB).address,
    fallbackTo: accountAt(BOB).address,
  });
  const approval = parseAbi(['function setApprovalForAll(address operator, bool approved)']);
  const args = [adapter(), true] as const;
  await send(BOB, {
    to: token,
    data: encodeFunctionData({ abi: approval, functionName: 'setApprovalForAll', args }),
  });
  const prepared = await harness.domain.dispatches.prepareSend(gallery.tenantId, {
    workId: work.id,
    destinationChainId: BASE,
    lane: 'CCIP',
  });
  expect(prepared.data).toBe(
    encodeFunctionData({ abi: gatewayAbi, functionName: 'sendWorks', args: [request] }),
  );
  expect(prepared.to).toBe(gateway);
  await sendPrepared(harness, BOB, prepared);
  const dispatch = await until('the record has the dispatch', async () =>
    (await gallery.dispatchesOf(work.id)).at(0),
  );
  expect(await gallery.reached(dispatch.id, 'CONFIRMED')).toMatchObject({ origin: 'HOLDER' });
  expect((await adopt(50n))[0]?.id).toBe(work.id);
}, 120_000);

test('a token that its admin takes out of escrow freezes the work on its mirror, and its return lifts that', async () => {
  const work = away;
  const frozenOnBase = async () => (await gallery.legOn(BASE, work)).frozen;
  const told = (revision: number) =>
    until(`the mirror has revision ${revision}`, async () => {
      const states = (await gallery.dispatchesOf(work.id)).filter((one) => one.revision === revision);
      return states.length === 1 && states.every(({ state }) => state === 'CONFIRMED');
    });

  await take(accountAt(ADMIN).address, 40n);
  await told(1);
  expect(await frozenOnBase()).toBe(true);
  expect(await gallery.work(work.id)).toMatchObject({ frozen: true, chainId: BASE });
  await expect(gallery.send(work.id, HOME)).rejects.toMatchObject({ code: 'WORK_FROZEN' });

  await take(adapter(), 40n);
  await told(2);
  expect(await frozenOnBase()).toBe(false);
  await until('the record shows it free', async () => !(await gallery.work(work.id)).frozen);
  const checks = await harness.domain.guard.page(
    gallery.tenantId,
    { first: 10, after: undefined },
    { workId: work.id },
  );
  expect(checks.edges.map(({ node }) => [node.kind, node.state])).toEqual(
    Array(2).fill(['CHECK_ESCROW', 'DONE']),
  );
}, 120_000);

test('a token that its contract does not hand over waits for its holder, and anyone brings it later', async () => {
  await behave(Mood.REFUSE);
  const permitted = await harness.domain.dispatches.prepareSend(gallery.tenantId, {
    workId: away.id,
    destinationChainId: HOME,
    lane: 'CCIP',
  });
  await sendPrepared(harness, ADA, permitted);
  await until('the work is home', async () => (await gallery.work(away.id)).chainId === HOME);
  const held = await gallery.settled(away.id);
  expect(held).toMatchObject({ holder: account(ADA), frozen: false });
  expect(await ownerOf(40n)).toBe(adapter());

  const { id, refusal } = await handover();
  expect(refusal).toMatch(/^ReleaseFailed/);
  await behave(Mood.HONEST);
  const { effects } = JSON.parse(await exit('do', id, '--key-file', keyFile()));
  expect(effects).toEqual([`${accountAt(ADA).address} has the token of work ${away.tokenId}`]);
  expect(await ownerOf(40n)).toBe(accountAt(ADA).address);
  await until('the record has it', async () => (await kinds(away.id)).at(-1) === 'ReleaseClaimed');
  expect(await gallery.work(away.id)).toMatchObject({ state: 'LIVE', holder: account(ADA) });
}, 120_000);

test('after all of it the record is found again on the chains, byte for byte', async () => {
  expect(differencesOf(await rebuiltReport(harness))).toEqual([]);
}, 120_000);
