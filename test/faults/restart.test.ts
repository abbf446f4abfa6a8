import { createWalletClient, type Hex, http } from 'viem';
import { evmAccountId } from '../../schema/caip';
import type { WorkId } from '../../schema/ids';
import type { Dispatch } from '../../schema/types/dispatch';
import { AccountIndex, accountAt } from '../devnet/accounts';
import { soleLeg, workTruth } from './support/chain-truth';
import { BASE, FaultWorld, HOME, PATIENCE_MS } from './support/fault-world';
import { expectSettled, findingRules, historyKinds, nonceCounts } from './support/settled';

const NEVER_MS = 24 * 60 * 60 * 1_000;
const COLLECTOR = accountAt(AccountIndex.FirstCollector);

/** Works and sends, named by how far they had come when everything was killed. */
interface Before {
  readonly idle: WorkId;
  readonly newlyMinted: WorkId;
  readonly firstToken: string | null;
  readonly arrived: Dispatch;
  readonly inFlight: Dispatch;
  readonly asked: Dispatch;
  readonly ofHolder: Dispatch;
}

let world: FaultWorld;
let before: Before;
beforeAll(async () => {
  // The chains are written to disk only when the test says so: what the kill takes from them is then known.
  world = await FaultWorld.start({ saveEveryMs: NEVER_MS });
  before = await prepare();
  await world.crew.killAll();
  await world.devnet.kill();
  await world.restartDevnet({ saveEveryMs: NEVER_MS });
  await world.crew.startAll();
}, 2 * PATIENCE_MS);
afterAll(() => world?.stop(), PATIENCE_MS);

async function prepare(): Promise<Before> {
  const [idle, forArrived, forInFlight, forAsked] = await world.mintLive(4);
  const [collected] = await world.mintLive(1, evmAccountId(HOME, COLLECTOR.address));
  if (!idle || !forArrived || !forInFlight || !forAsked || !collected)
    throw new Error('five works were minted');
  await world.eventually('all are final', async () => !(await world.work(collected)).provisional);
  await world.devnet.save();

  const [newlyMinted] = await world.mintLive(1);
  if (newlyMinted === undefined) throw new Error('one work was minted');
  const ofHolder = await sendAsHolder(collected);
  const arrived = await world.reaches(await world.send(forArrived, BASE, 'CCIP'), 'CONFIRMED');
  await world.reaches(ofHolder, 'CONFIRMED');
  await world.eventually('the mint is final', async () => !(await world.work(newlyMinted)).provisional);
  const { tokenId: firstToken } = await world.work(newlyMinted);
  await world.devnet.setDeliveryFaults('ccip', { running: false });
  const inFlight = await world.reaches(await world.send(forInFlight, BASE, 'CCIP'), 'SOURCE_FINAL');
  const asked = await world.send(forAsked, BASE, 'LAYERZERO');
  return { idle, newlyMinted, firstToken, arrived, inFlight, asked, ofHolder };
}

/** Has the collector's own wallet send a work. @returns what the platform makes of it. */
async function sendAsHolder(workId: WorkId): Promise<Dispatch> {
  const wish = { workId, destinationChainId: BASE, lane: 'LAYERZERO' } as const;
  const { to, data, valueWei } = await world.domain.dispatches.prepareSend(world.tenantId, wish);
  const wallet = createWalletClient({ account: COLLECTOR, transport: http(world.devnet.directUrl(HOME)) });
  // CAST: calldata is made for wallets, in their own form.
  const call = { to: to as Hex, data: data as Hex, value: BigInt(valueWei) };
  await wallet.sendTransaction({ ...call, chain: null });
  let found: Dispatch | undefined;
  await world.eventually('the dispatch of a holder', async () => {
    const filter = { workId };
    const request = { first: 10, after: undefined };
    const { edges } = await world.domain.dispatches.page(world.tenantId, request, filter);
    found = edges[0]?.node;
    return found !== undefined;
  });
  if (found === undefined) throw new Error('it was found');
  return found;
}

async function expectFrozen(workId: WorkId): Promise<void> {
  await world.eventually('the work is frozen', async () => (await world.work(workId)).frozen);
  expect((await world.work(workId)).freezeReason).toContain('final has fallen');
  expect(await findingRules(world, workId)).toContain('REORG_PAST_FINALITY');
}

describe('after kill -9 of everything, on chains older than the record', () => {
  test(
    'a work that had arrived is sent again, once, and stays frozen until a person has looked',
    async () => {
      const { workId } = before.arrived;
      await expectFrozen(workId);
      await world.reaches(before.arrived, 'CONFIRMED');
      expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
      expect(await historyKinds(world, workId)).toEqual([
        'WorkMinted',
        'WorkDeparted',
        'WorkArrived',
        'Breached',
        'Breached',
        'WorkDeparted',
        'WorkArrived',
      ]);
      expect((await world.work(workId)).frozen).toBe(true);
    },
    PATIENCE_MS,
  );

  test(
    'a work whose mint fell is minted again, once, under another token, and stays frozen',
    async () => {
      const workId = before.newlyMinted;
      await expectFrozen(workId);
      await world.eventually('its new mint is final', async () => {
        const { state, provisional } = await world.work(workId);
        return state === 'LIVE' && !provisional;
      });
      expect(await workTruth(world, workId)).toEqual(soleLeg(HOME, 0));
      expect((await world.work(workId)).tokenId).not.toBe(before.firstToken);
      expect(await historyKinds(world, workId)).toEqual(['WorkMinted', 'Breached', 'WorkMinted']);
      expect((await world.work(workId)).frozen).toBe(true);
    },
    PATIENCE_MS,
  );

  test(
    'sends that were under way, or only asked for, come about once',
    async () => {
      for (const { id, workId } of [before.inFlight, before.asked]) {
        await world.reaches({ id }, 'CONFIRMED');
        expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
      }
      await expectFrozen(before.inFlight.workId);
      expect((await world.work(before.asked.workId)).frozen).toBe(false);
    },
    PATIENCE_MS,
  );

  test(
    'the send of a holder, which only the holder can repeat, is voided with the reason and a way on',
    async () => {
      const { failure } = await world.reaches(before.ofHolder, 'VOIDED');
      expect(failure?.reason).toContain('no longer on the source chain');
      expect(failure?.nextStep).toContain('The holder sends again');
      await expectFrozen(before.ofHolder.workId);
      expect(await workTruth(world, before.ofHolder.workId)).toEqual(soleLeg(HOME, 0));
    },
    PATIENCE_MS,
  );

  test(
    'a work that lost nothing travels on, and nothing is left undone',
    async () => {
      await world.reaches(await world.send(before.idle, BASE, 'LAYERZERO'), 'CONFIRMED');
      expect(await world.work(before.idle)).toMatchObject({ state: 'LIVE', chainId: BASE, frozen: false });
      expect(world.crew.isAlive('follower')).toBe(true);
      await expectSettled(world);
      const { used, given } = await nonceCounts(world);
      expect(used).toEqual(given);
    },
    PATIENCE_MS,
  );
});
