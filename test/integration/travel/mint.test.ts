import {
  type Address,
  createWalletClient,
  encodeAbiParameters,
  type Hex,
  http,
  keccak256,
  parseAbiParameters,
} from 'viem';
import { collectionAbi } from '../../../chains/abi/collection';
import { mintCall } from '../../../chains/evm/registry/calls';
import type { DispatchId, WorkId } from '../../../schema/ids';
import { accountAt } from '../../devnet/accounts';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, StatementKind } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, until } from '../../support/travel-steps';

const STRANGER = 3;
/** One work at once, and room for another ten seconds later. */
const ONE_IN_TEN_SECONDS = { capacity: 1, perDay: 8_640 };

let harness: TravelHarness;
let gallery: Gallery;
let collection: Address;

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness, { travelLimit: ONE_IN_TEN_SECONDS });
  collection = addressOf(gallery.registry, HOME, 'collection');
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

/** Asks for one work without waiting for anything. */
async function accept(): Promise<WorkId> {
  const works = [{ to: gallery.self, metadata: {} }];
  const [work] = await harness.domain.mints.mint(gallery.tenantId, { registryId: gallery.registryId, works });
  if (work === undefined) throw new Error('one work was accepted');
  return work.id;
}

/** The chain's own account of a document: its commits and its mints, in order. */
async function chainEvents(workId: WorkId) {
  const { documentHash } = await gallery.work(workId);
  const events = { address: collection, abi: collectionAbi, fromBlock: 0n, args: { documentHash } } as const;
  const client = chainClient(harness, HOME);
  const [commits, mints] = await Promise.all([
    client.getContractEvents({ ...events, eventName: 'MintCommitted' }),
    client.getContractEvents({ ...events, eventName: 'WorkMinted' }),
  ]);
  return { documentHash, commits, mints };
}

async function expectLive(workId: WorkId): Promise<void> {
  await until('the work is live', async () => {
    const { state } = await gallery.work(workId);
    if (state === 'MINT_FAILED') throw new Error('the mint failed');
    return state === 'LIVE';
  });
}

test('a work is committed to, then minted, once each; its seed is drawn from the block after the commit', async () => {
  const workId = await accept();
  await expectLive(workId);
  const { documentHash, commits, mints } = await chainEvents(workId);
  expect([commits.length, mints.length]).toEqual([1, 1]);

  const client = chainClient(harness, HOME);
  const commitBlock = commits[0]?.blockNumber ?? 0n;
  expect(mints[0]?.blockNumber).toBeGreaterThan(commitBlock + 1n);
  const { hash } = await client.getBlock({ blockNumber: commitBlock + 1n });
  const registryId = await client.readContract({
    address: collection,
    abi: collectionAbi,
    functionName: 'registryId',
  });
  const edition = mints[0]?.args.edition ?? 0n;
  const drawn = encodeAbiParameters(parseAbiParameters('bytes32, bytes32, uint256, bytes32'), [
    hash,
    documentHash,
    edition,
    registryId,
  ]);
  expect((await gallery.work(workId)).seed).toBe(keccak256(drawn));
}, 60_000);

test('a reorg that takes the commit back is healed: the work is minted once', async () => {
  await harness.devnet.pauseMining(HOME);
  const workId = await accept();
  await until('the commit waits for a block', async () => {
    const { pending } = (await harness.devnet.rpc(HOME, 'txpool_status')) as { pending: Hex }; // CAST: by its definition
    return Number(pending) === 1;
  });
  await harness.devnet.mine(HOME, 3);
  await until('the commit is on chain', async () => (await chainEvents(workId)).commits.length === 1);
  await harness.devnet.reorg(HOME, 3);
  expect((await chainEvents(workId)).commits).toEqual([]);
  await harness.devnet.resumeMining(HOME);
  await expectLive(workId);
  const { commits, mints } = await chainEvents(workId);
  expect([commits.length, mints.length]).toEqual([1, 1]);
}, 60_000);

test('a work that a stranger mints first is live all the same, and nothing is minted twice', async () => {
  const workId = await accept();
  const wallet = createWalletClient({
    account: accountAt(STRANGER),
    transport: http(harness.devnet.directUrl(HOME)),
  });
  await until('the commit is on chain', async () => (await chainEvents(workId)).commits.length === 1);
  const { documentHash } = await chainEvents(workId);
  await until('a stranger has minted', async () => {
    if ((await chainEvents(workId)).mints.length > 0) return true;
    const call = mintCall(collection, [documentHash]);
    await wallet.sendTransaction({ ...call, gas: 300_000n, chain: null });
    return false;
  });
  await expectLive(workId);
  const { commits, mints } = await chainEvents(workId);
  expect([commits.length, mints.length]).toEqual([1, 1]);
  expect((await gallery.work(workId)).holder).toBe(gallery.self);
}, 60_000);

test('a send over the lane’s limit waits and says so, and goes on by itself once there is room', async () => {
  const { domain } = harness;
  const first = await accept();
  const second = await accept();
  await Promise.all([first, second].map(expectLive));
  const send = (workId: WorkId) =>
    domain.dispatches.send(gallery.tenantId, { workId, destinationChainId: BASE, lane: 'CCIP' });
  const now = ({ id }: { id: DispatchId }) => domain.dispatches.get(gallery.tenantId, id);

  const passed = await send(first);
  await until('the first is sent', async () => (await now(passed)).digest !== null);
  const limited = await send(second);
  await until('the second waits', async () => (await now(limited)).waitingFor !== null);
  expect(await now(limited)).toMatchObject({
    state: 'REQUESTED',
    waitingFor: expect.stringMatching(/^room in the lane: LimitExceeded\(0x[0-9a-f]{64}, 1, 0\)$/),
  });
  await until('the second is sent', async () => (await now(limited)).digest !== null);
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(2);
}, 90_000);
