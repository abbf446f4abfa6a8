import { type Hex, parseEther, toHex } from 'viem';
import { DEPLOYMENT_PROXY } from '../../../chains/evm/registry/manifest';
import { type AccountId, type ChainId, evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { accountAt } from '../../devnet/accounts';
import { alwaysFrozen } from '../../support/frozen-code';
import { differencesOf, rebuiltReport } from '../../support/rebuild';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, StatementKind, sendPrepared } from '../../support/travel-gallery';
import { expectLinked, expectProvenOnChain } from '../../support/travel-history';
import { BASE, chainClient, HOME, until } from '../../support/travel-steps';

const COLLECTOR = 3;

let harness: TravelHarness;
let gallery: Gallery;
let works: WorkId[];

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  const collector = evmAccountId(HOME, accountAt(COLLECTOR).address);
  works = await gallery.mint(...Array<typeof collector>(5).fill(gallery.self), collector);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

function work(index: number): WorkId {
  const id = works[index];
  if (id === undefined) throw new Error(`no work ${index} was minted`);
  return id;
}

/** Resolves when the record has followed a chain to its head, for as long as nothing is mined. */
async function recordedToHead(chainId: ChainId): Promise<void> {
  const head = await chainClient(harness, chainId).getBlockNumber();
  await until(`${chainId} is recorded up to ${head}`, async () => {
    const chains = await harness.domain.chains.all();
    return Number(chains.find((chain) => chain.chainId === chainId)?.headBlock ?? 0) >= head;
  });
  await until('nothing is left to be projected', async () => {
    const open: unknown[] = await harness.foundations.tenants.transaction(
      gallery.tenantId,
      ({ manager, tenantId }) =>
        manager.query(
          "select from outbox where tenant_id = $1 and job = 'project-registry' and state in ('PENDING', 'QUEUED', 'RUNNING')",
          [tenantId],
        ),
    );
    return open.length === 0;
  });
}

async function oneWaits(what: string): Promise<void> {
  await until(`${what} waits for a block`, async () => {
    const { pending } = (await harness.devnet.rpc(HOME, 'txpool_status')) as { pending: Hex }; // CAST: by its definition
    return Number(pending) === 1;
  });
}

async function setBalance(wei: bigint): Promise<void> {
  await harness.devnet.rpc(HOME, 'anvil_setBalance', [gallery.account, toHex(wei)]);
}

test('a dispatch that lacks money is held with the amount that is missing, and goes on once it is there', async () => {
  await setBalance(0n);
  const { id } = await gallery.send(work(0), BASE, 'CCIP');
  const held = await gallery.reached(id, 'HELD');
  expect(held.failure).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
  expect(BigInt(held.failure?.missingWei ?? 0)).toBeGreaterThan(0n);
  await expect(gallery.send(work(0), BASE, 'LAYERZERO')).rejects.toMatchObject({ code: 'WORK_IN_FLIGHT' });
  await setBalance(parseEther('1000'));
  expect(await gallery.reached(id, 'CONFIRMED', 'FAILED')).toMatchObject({
    state: 'CONFIRMED',
    failure: null,
  });
}, 60_000);

test('a statement that the destination refuses fails with the decoded reason, and a retry applies the same one', async () => {
  const address = addressOf(gallery.registry, BASE, 'collection');
  const code = await chainClient(harness, BASE).getCode({ address });
  await harness.devnet.rpc(BASE, 'anvil_setCode', [address, alwaysFrozen()]);
  const { id } = await gallery.send(work(1), BASE, 'LAYERZERO');
  const failed = await gallery.reached(id, 'FAILED', 'CONFIRMED');
  expect(failed.failure).toMatchObject({
    code: 'EXECUTION_REVERTED',
    reason: 'The destination refused it: WorkIsFrozen(7)',
  });
  expect(await gallery.work(work(1))).toMatchObject({ state: 'IN_FLIGHT', chainId: null });
  await expect(gallery.send(work(1), BASE, 'LAYERZERO')).rejects.toMatchObject({ code: 'WORK_IN_FLIGHT' });

  await harness.devnet.rpc(BASE, 'anvil_setCode', [address, code]);
  await harness.domain.dispatches.retry(gallery.tenantId, id);
  const confirmed = await gallery.reached(id, 'CONFIRMED');
  expect(confirmed).toMatchObject({ failure: null, digest: failed.digest, messageId: failed.messageId });
  const lanes = await harness.domain.lanes.lanes(gallery.tenantId, gallery.registryId);
  const lane = lanes.find(
    ({ destinationChainId, transport }) => destinationChainId === BASE && transport === 'LAYERZERO',
  );
  expect(lane).toMatchObject({ observedDeliveries: 0, deliverySecondsP50: null });
}, 60_000);

test('a reorg of three blocks takes a send back, and the same transaction is sent again', async () => {
  await harness.devnet.pauseMining(HOME);
  const { id } = await gallery.send(work(2), BASE, 'CCIP');
  await gallery.reached(id, 'SUBMITTED');
  await harness.devnet.mine(HOME, 1);
  const { sourceTransactionHash } = await gallery.reached(id, 'SENT');
  await harness.devnet.mine(HOME, 2);
  await harness.devnet.reorg(HOME, 3);
  await harness.devnet.mine(HOME, 1);
  await until('the work is back', async () => (await gallery.work(work(2))).hop === 0);
  expect(await gallery.reached(id, 'SUBMITTED')).toMatchObject({ digest: null, messageId: null });
  await harness.devnet.resumeMining(HOME);
  const confirmed = await gallery.reached(id, 'CONFIRMED', 'FAILED');
  expect(confirmed).toMatchObject({ state: 'CONFIRMED', sourceTransactionHash });
  await expectTrueHistory(work(2), ['WorkMinted', 'WorkDeparted', 'WorkArrived']);
}, 60_000);

test('a reorg that takes a delivery back is followed: the record goes back, and on again', async () => {
  await harness.devnet.pauseMining(BASE);
  const { id } = await gallery.send(work(3), BASE, 'LAYERZERO');
  await gallery.reached(id, 'SOURCE_FINAL');
  // Block by block, so that the delivery is not deep, and not final, when the reorg comes.
  await until('the work is delivered', async () => {
    await harness.devnet.mine(BASE, 1);
    await recordedToHead(BASE);
    return (await harness.domain.dispatches.get(gallery.tenantId, id)).state === 'DELIVERED';
  });
  await harness.devnet.reorg(BASE, 2);
  await harness.devnet.mine(BASE, 1);
  await gallery.reached(id, 'SOURCE_FINAL');
  expect(await gallery.work(work(3))).toMatchObject({ state: 'IN_FLIGHT' });
  await harness.devnet.resumeMining(BASE);
  expect((await gallery.reached(id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  await expectTrueHistory(work(3), ['WorkMinted', 'WorkDeparted', 'WorkArrived']);
}, 60_000);

test('a holder’s send that falls in a reorg is voided, and goes on when the holder sends again', async () => {
  const request = { workId: work(5), destinationChainId: BASE, lane: 'CCIP' } as const;
  const prepared = await harness.domain.dispatches.prepareSend(gallery.tenantId, request);
  await harness.devnet.pauseMining(HOME);
  await sendPrepared(harness, COLLECTOR, prepared);
  await harness.devnet.mine(HOME, 1);
  const { id } = await until('the send is seen', async () => (await gallery.dispatchesOf(work(5)))[0]);
  await harness.devnet.mine(HOME, 2);
  await harness.devnet.reorg(HOME, 3);
  await harness.devnet.mine(HOME, 1);
  expect(await gallery.reached(id, 'VOIDED')).toMatchObject({ origin: 'HOLDER', digest: null });
  await harness.devnet.resumeMining(HOME);
  await sendPrepared(harness, COLLECTOR, prepared);
  expect(await gallery.reached(id, 'CONFIRMED', 'FAILED')).toMatchObject({
    state: 'CONFIRMED',
    failure: null,
  });
  expect(await gallery.dispatchesOf(work(5))).toHaveLength(1);
}, 60_000);

test('a revision that home refuses fails its dispatches, and the next update takes it along', async () => {
  await gallery.setMinter(accountAt(7).address);
  const { dispatches: refused } = await gallery.updateMetadata(work(4), { title: 'Refused' });
  for (const { id } of refused) {
    const { failure } = await gallery.reached(id, 'FAILED', 'CONFIRMED');
    expect(failure?.reason).toBe(`Home refused the revision: Unauthorized(${gallery.account})`);
  }
  await gallery.setMinter(gallery.account);
  const { dispatches: accepted } = await gallery.updateMetadata(work(4), { title: 'Accepted' });
  for (const { id } of [...refused, ...accepted]) {
    expect((await gallery.reached(id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  }
  expect(await gallery.settled(work(4))).toMatchObject({ revision: 2, metadata: { title: 'Accepted' } });
}, 60_000);

test('a mint that falls in a reorg is minted again, as the same work', async () => {
  await harness.devnet.pauseMining(HOME);
  const [accepted] = await harness.domain.mints.mint(gallery.tenantId, {
    registryId: gallery.registryId,
    works: [{ to: gallery.self, metadata: { title: 'Twice' } }],
  });
  if (accepted === undefined) throw new Error('one work was asked for');
  const state = async () => (await gallery.work(accepted.id)).state;
  await oneWaits('the commit');
  // The block of the commit, the one that makes the seed, and the one that lets the mint be estimated.
  await harness.devnet.mine(HOME, 3);
  await oneWaits('the mint');
  await harness.devnet.mine(HOME, 1);
  await until('the work lives', async () => (await state()) === 'LIVE');
  await harness.devnet.mine(HOME, 2);
  await harness.devnet.reorg(HOME, 3);
  await harness.devnet.mine(HOME, 1);
  await until('the work is being minted again', async () => (await state()) === 'MINTING');
  expect(await gallery.work(accepted.id)).toMatchObject({
    tokenId: null,
    seed: null,
    holder: null,
    legs: [],
  });
  await harness.devnet.resumeMining(HOME);
  expect(await gallery.settled(accepted.id)).toMatchObject({ metadata: { title: 'Twice' }, failure: null });
  await expectTrueHistory(accepted.id, ['WorkMinted']);
}, 60_000);

test('a contract that holds a work must name who gets it elsewhere', async () => {
  const [held] = await gallery.mint(evmAccountId(HOME, DEPLOYMENT_PROXY));
  if (held === undefined) throw new Error('one work was asked for');
  const request = { workId: held, destinationChainId: BASE, lane: 'CCIP' } as const;
  const prepare = (to?: AccountId) =>
    harness.domain.dispatches.prepareSend(gallery.tenantId, { ...request, to });
  await expect(prepare()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const prepared = await prepare(evmAccountId(BASE, accountAt(COLLECTOR).address));
  expect(prepared).toMatchObject({ chainId: HOME, transport: 'CCIP' });
}, 60_000);

test('a reorg past finality takes back what was proven, and freezes the work until a person has looked', async () => {
  // A fresh one: anvil takes back no more than its last 255 blocks.
  const [subject] = await gallery.mint(evmAccountId(HOME, gallery.account));
  if (subject === undefined) throw new Error('one work was asked for');
  await gallery.settled(subject);
  const { id } = await gallery.send(subject, BASE, 'CCIP');
  await gallery.reached(id, 'CONFIRMED', 'FAILED');
  expect(await gallery.settled(subject)).toMatchObject({ chainId: BASE, frozen: false });
  const before = await gallery.history(subject);
  const [, , arrival] = before;
  // A block more, and the reorg would begin behind the arrival.
  await harness.devnet.pauseMining(BASE);
  const head = await chainClient(harness, BASE).getBlockNumber();
  await harness.devnet.reorg(BASE, Number(head - BigInt(arrival?.evidence?.blockNumber ?? 0)) + 1);
  await harness.devnet.resumeMining(BASE);
  await until('the work is frozen', async () => (await gallery.work(subject)).frozen);
  await expect(gallery.send(subject, HOME)).rejects.toMatchObject({ code: 'WORK_FROZEN' });

  const healed = await until('the arrival is proven anew', async () => {
    const history = await gallery.history(subject);
    return history.length === 5 && history.every(({ provisional }) => !provisional) && history;
  });
  expect(healed.slice(0, 3)).toEqual(before);
  expect(healed.slice(3).map(({ kind }) => kind)).toEqual(['Breached', 'WorkArrived']);
  expect(healed[3]?.facts).toMatchObject({ sequence: 3, hash: arrival?.hash });
  expectLinked(healed);
  await expectProvenOnChain(harness, healed.slice(4));
  // Longer than what it waits for, which otherwise could not say what did not come about.
}, 240_000);

test('after all of it each work has one live leg, and no statement was sent twice', async () => {
  for (const id of works) {
    const settled = await gallery.settled(id);
    expect(await gallery.liveChains(settled)).toEqual([settled.chainId]);
  }
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(6);
  expect(await gallery.statementsSent(StatementKind.State)).toBe(4);
});

test('after all of it the record is found again on the chains, byte for byte', async () => {
  expect(differencesOf(await rebuiltReport(harness))).toEqual([]);
}, 120_000);

async function expectTrueHistory(workId: WorkId, kinds: readonly string[]): Promise<void> {
  await gallery.settled(workId);
  const history = await gallery.history(workId);
  expect(history.map(({ kind }) => kind)).toEqual(kinds);
  expectLinked(history);
  await expectProvenOnChain(harness, history);
}
