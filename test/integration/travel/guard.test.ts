import { encodeFunctionData } from 'viem';
import { delayedQueueAbi } from '../../../chains/abi/delayed-queue';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import type { GuardActionId, WorkId } from '../../../schema/ids';
import type { Lane, TransportKind } from '../../../schema/types/chain';
import type { Dispatch } from '../../../schema/types/dispatch';
import type { GuardAction } from '../../../schema/types/guard-action';
import { TravelHarness } from '../../support/travel';
import { Gallery, StatementKind } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, sendAs, until } from '../../support/travel-steps';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

let harness: TravelHarness;
let gallery: Gallery;
let works: readonly WorkId[];

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness);
  works = await gallery.mint(gallery.self, gallery.self, gallery.self, gallery.self);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

const work = (index: number): WorkId => {
  const id = works[index];
  if (id === undefined) throw new Error(`no work ${index} was minted`);
  return id;
};

const guard = () => harness.domain.guard;
const why = { reason: 'a test of the guardian' };

async function action(id: GuardActionId): Promise<GuardAction> {
  const [found] = await guard().findByIds(gallery.tenantId, [id]);
  if (found === undefined) throw new Error('actions stay');
  return found;
}

/** Waits until an action has ended. */
async function ended(asked: Promise<GuardAction>): Promise<GuardAction> {
  const { id } = await asked;
  return until('the action has ended', async () => {
    const now = await action(id);
    return now.state !== 'REQUESTED' && now;
  });
}

/** The owner thinks better of the plan that it announced last on Base. */
async function withdrawPlan(): Promise<void> {
  const { delayedQueue } = contractsOn(gallery.registry, BASE);
  const plans = await chainClient(harness, BASE).getContractEvents({
    abi: delayedQueueAbi,
    address: delayedQueue,
    eventName: 'PlanAnnounced',
    fromBlock: 0n,
    strict: true,
  });
  const planId = plans.at(-1)?.args.planId;
  if (planId === undefined) throw new Error('a plan was announced');
  const data = encodeFunctionData({ abi: delayedQueueAbi, functionName: 'withdraw', args: [planId] });
  await sendAs(harness, gallery.account, BASE, { to: delayedQueue, data });
}

const lane = async (transport: TransportKind): Promise<Lane | undefined> =>
  (await harness.domain.lanes.lanes(gallery.tenantId, gallery.registryId)).find(
    (candidate) =>
      candidate.sourceChainId === HOME &&
      candidate.destinationChainId === BASE &&
      candidate.transport === transport,
  );

/** Sends a work while nothing is delivered, and holds its statement. */
async function sentAndHeld(workId: WorkId, transport: TransportKind, seconds: number): Promise<Dispatch> {
  const { devnet } = harness;
  const deliverer = transport === 'CCIP' ? 'ccip' : 'layerZero';
  await devnet.setDeliveryFaults(deliverer, { running: false });
  const { id } = await gallery.send(workId, BASE, transport);
  await gallery.reached(id, 'SENT', 'SOURCE_FINAL');
  const held = await ended(guard().holdStatement(gallery.tenantId, { dispatchId: id, seconds, ...why }));
  expect(held).toMatchObject({ state: 'DONE', kind: 'HOLD_STATEMENT', chainId: BASE, holdSeconds: seconds });
  await devnet.setDeliveryFaults(deliverer, { running: true });
  return gallery.reached(id, 'HELD');
}

test('a paused lane refuses sends in words, leaves the other bridge alone, and takes them again once it is resumed', async () => {
  const input = {
    registryId: gallery.registryId,
    sourceChainId: HOME,
    destinationChainId: BASE,
    transport: 'CCIP',
    ...why,
  } as const;
  expect(await ended(guard().pauseLane(gallery.tenantId, input))).toMatchObject({ state: 'DONE' });
  await until('the record shows the pause', async () => (await lane('CCIP'))?.paused);
  expect((await lane('LAYERZERO'))?.paused).toBe(false);
  await expect(gallery.send(work(0), BASE, 'CCIP')).rejects.toMatchObject({ code: 'LANE_PAUSED' });
  expect(await gallery.dispatchesOf(work(0))).toEqual([]);
  expect((await gallery.send(work(0), BASE, 'CHEAPEST')).laneChoice).toBe('CHEAPEST');

  expect(await ended(guard().resumeLane(gallery.tenantId, input))).toMatchObject({ state: 'DONE' });
  await until('the record shows the end of the pause', async () => (await lane('CCIP'))?.paused === false);
  const [first] = await gallery.dispatchesOf(work(0));
  expect(await gallery.reached(first?.id as Dispatch['id'], 'CONFIRMED')).toMatchObject({
    transport: 'LAYERZERO',
  });
}, 120_000);

test('a frozen work cannot be sent, every mirror hears of it, and it is free again afterwards', async () => {
  const input = { workId: work(1), ...why };
  const [one, other] = await Promise.all([
    guard().freezeWork(gallery.tenantId, input),
    guard().freezeWork(gallery.tenantId, input),
  ]);
  expect(other.id).toBe(one.id);
  expect(await ended(Promise.resolve(one))).toMatchObject({ state: 'DONE', chainId: HOME });
  await until('the record shows the freeze', async () => (await gallery.work(work(1))).frozen);
  await expect(gallery.send(work(1), BASE)).rejects.toMatchObject({ code: 'WORK_FROZEN' });
  const told = await until('both mirrors have it', async () => {
    const dispatches = await gallery.dispatchesOf(work(1));
    return dispatches.length === 2 && dispatches.every(({ state }) => state === 'CONFIRMED') && dispatches;
  });
  expect(told.map(({ kind, revision }) => [kind, revision])).toEqual(Array(2).fill(['STATE', 1]));
  expect((await gallery.legOn(BASE, await gallery.work(work(1)))).frozen).toBe(true);

  expect(await ended(guard().unfreezeWork(gallery.tenantId, input))).toMatchObject({ state: 'DONE' });
  await until('the record shows it free', async () => !(await gallery.work(work(1))).frozen);
  await until('both mirrors have that, too', async () => {
    const dispatches = await gallery.dispatchesOf(work(1));
    return dispatches.length === 4 && dispatches.every(({ state }) => state === 'CONFIRMED');
  });
  expect((await gallery.legOn(BASE, await gallery.work(work(1)))).frozen).toBe(false);
}, 120_000);

test('a held statement waits on its destination, is held once, and arrives when it is released', async () => {
  const held = await sentAndHeld(work(2), 'CCIP', HOUR_SECONDS);
  expect(held.failure).toMatchObject({ code: 'STATEMENT_HELD' });
  expect((await gallery.work(work(2))).state).toBe('IN_FLIGHT');
  const again = guard().holdStatement(gallery.tenantId, { dispatchId: held.id, seconds: 60, ...why });
  await expect(again).rejects.toMatchObject({ code: 'STATEMENT_HELD_BEFORE' });

  const released = guard().releaseStatement(gallery.tenantId, { dispatchId: held.id, ...why });
  expect(await ended(released)).toMatchObject({ state: 'DONE' });
  expect(await gallery.reached(held.id, 'CONFIRMED')).toMatchObject({ failure: null, transport: 'CCIP' });
  expect(await gallery.settled(work(2))).toMatchObject({ chainId: BASE, hop: 1 });
  const late = guard().voidMessage(gallery.tenantId, { dispatchId: held.id, ...why });
  await expect(late).rejects.toMatchObject({ code: 'STATEMENT_APPLIED' });
}, 120_000);

test('a voided message never arrives: after the delay its source gives the work back, and it can be sent again', async () => {
  const held = await sentAndHeld(work(3), 'LAYERZERO', 2 * DAY_SECONDS);
  const announced = async () => {
    const { id } = await guard().voidMessage(gallery.tenantId, { dispatchId: held.id, ...why });
    await until('the void waits for its delay', async () =>
      (await action(id)).waitingFor?.startsWith('the delay of the queue, until '),
    );
    return action(id);
  };
  const withdrawn = await announced();
  await withdrawPlan();
  expect(await ended(Promise.resolve(withdrawn))).toMatchObject({
    state: 'FAILED',
    failure: expect.stringContaining('withdrawn'),
  });
  const asked = await announced();
  await harness.devnet.rpc(BASE, 'evm_increaseTime', [DAY_SECONDS]);
  expect(await ended(Promise.resolve(asked))).toMatchObject({ state: 'DONE' });
  expect(await gallery.reached(held.id, 'VOIDED')).toMatchObject({ failure: { code: 'STATEMENT_VOIDED' } });
  expect(await gallery.settled(work(3))).toMatchObject({ chainId: HOME, holder: gallery.self, hop: 1 });
  expect((await gallery.history(work(3))).map(({ kind }) => kind)).toEqual([
    'WorkMinted',
    'WorkDeparted',
    'WorkRecredited',
  ]);
  const release = guard().releaseStatement(gallery.tenantId, { dispatchId: held.id, ...why });
  await expect(release).rejects.toMatchObject({ code: 'STATEMENT_VOIDED' });

  expect(await gallery.move(work(3), BASE, 'LAYERZERO')).toMatchObject({ state: 'CONFIRMED', hop: 2 });
}, 150_000);

test('after all of it each work lives once, and each statement of a work was sent once', async () => {
  for (const id of works) expect(await gallery.liveChains(await gallery.settled(id))).toHaveLength(1);
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(4);
  const { edges } = await guard().page(gallery.tenantId, { first: 100, after: undefined }, null);
  expect(edges.map(({ node }) => node.state)).toEqual(['DONE', 'FAILED', ...Array(7).fill('DONE')]);
}, 60_000);

test('a limit is set at both ends after two days in public, and holds from then on', async () => {
  const asked = await guard().setTravelLimit(gallery.tenantId, {
    registryId: gallery.registryId,
    sourceChainId: HOME,
    destinationChainId: BASE,
    capacity: 1,
    perDay: 1,
    ...why,
  });
  expect(asked.map(({ chainId, peerChainId, limit }) => [chainId, peerChainId, limit])).toEqual([
    [HOME, BASE, { capacity: 1, perDay: 1, inbound: false }],
    [BASE, HOME, { capacity: 1, perDay: 1, inbound: true }],
  ]);
  for (const { id, chainId } of asked) {
    await until('the limit waits for its delay', async () =>
      (await action(id)).waitingFor?.startsWith('the delay of the queue, until '),
    );
    await harness.devnet.rpc(chainId, 'evm_increaseTime', [2 * DAY_SECONDS]);
  }
  for (const one of asked) expect(await ended(Promise.resolve(one))).toMatchObject({ state: 'DONE' });

  const both = await gallery.mint(gallery.self, gallery.self);
  const sent = await Promise.all(both.map((id) => gallery.send(id, BASE, 'LAYERZERO')));
  const states = () => Promise.all(sent.map(({ id }) => gallery.dispatch(id)));
  const now = await until('one has passed, and the other waits for room', async () => {
    const all = await states();
    const isOver = all.some(({ state }) => state === 'CONFIRMED');
    return isOver && all.some(({ waitingFor }) => waitingFor?.startsWith('room in the lane')) && all;
  });
  expect(now.map(({ state }) => state).sort()).toEqual(['CONFIRMED', 'REQUESTED']);
}, 150_000);
