import type { Hex } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { TransportKind } from '../../../schema/types/chain';
import type { Dispatch } from '../../../schema/types/dispatch';
import type { BridgeNetwork } from '../../devnet/devnet-controls';
import { soleLeg, workTruth } from '../support/chain-truth';
import { BASE, type FaultWorld, HOME, PATIENCE_MS } from '../support/fault-world';
import { isLongForm } from '../support/long-form';
import { expectSettled, findingRules, historyKinds } from '../support/settled';

const NETWORK_OF: Readonly<Record<TransportKind, BridgeNetwork>> = { CCIP: 'ccip', LAYERZERO: 'layerZero' };

/** Above the eight blocks of the devnet's `finalized` tag, and above the deepest reorg here. */
const DEEP_FINALITY = 64;

const SHALLOW: readonly (readonly [number, TransportKind])[] = isLongForm
  ? [1, 2, 3, 5, 7].flatMap((depth) => [[depth, 'CCIP'] as const, [depth, 'LAYERZERO'] as const])
  : [
      [1, 'CCIP'],
      [3, 'LAYERZERO'],
    ];
const DEEP: readonly TransportKind[] = isLongForm ? ['CCIP', 'LAYERZERO'] : ['CCIP'];

/** Mines until something waits in the chain's pool, which must be paused. */
async function somethingWaits(world: FaultWorld, chainId: ChainId): Promise<void> {
  await world.eventually(`a transaction waits on ${chainId}`, async () => {
    // CAST: geth's `txpool_status`, which anvil serves.
    const { pending } = (await world.devnet.rpc(chainId, 'txpool_status')) as { pending: Hex };
    return Number(pending) > 0;
  });
}

/** Sends a work, has the last `depth` blocks of its source taken back with the departure, and waits until it is sent again. */
async function sendAcrossReorg(
  world: FaultWorld,
  workId: WorkId,
  depth: number,
  lane: TransportKind,
): Promise<Dispatch> {
  await world.devnet.pauseMining(HOME);
  const dispatch = await world.send(workId, BASE, lane);
  await somethingWaits(world, HOME);
  await world.devnet.mine(HOME, depth);
  await world.reaches(dispatch, 'SENT');
  await world.devnet.reorg(HOME, depth);
  await world.reaches(dispatch, 'SUBMITTED');
  expect((await world.work(workId)).state).toBe('LIVE');
  expect(await workTruth(world, workId)).toEqual(soleLeg(HOME, 0));
  await world.devnet.resumeMining(HOME);
  await world.reaches(dispatch, 'SENT');
  return dispatch;
}

/** Has what the network did on the destination taken back, once before and once after the work arrived. */
async function deliverAcrossReorgs(
  world: FaultWorld,
  { workId, id }: Dispatch,
  depth: number,
  network: BridgeNetwork,
): Promise<void> {
  const { devnet } = world;
  await devnet.pauseMining(BASE);
  await devnet.setDeliveryFaults(network, { running: true });
  await somethingWaits(world, BASE);
  await devnet.mine(BASE, depth);
  await devnet.reorg(BASE, depth);

  await world.eventually('the work has arrived', async () => {
    await devnet.mine(BASE, 1);
    return (await workTruth(world, workId)).arrivals === 1;
  });
  if (depth > 1) await devnet.mine(BASE, depth - 1);
  await world.reaches({ id }, 'DELIVERED');
  await devnet.reorg(BASE, depth);
  await world.reaches({ id }, 'SOURCE_FINAL');
  expect((await world.work(workId)).state).toBe('IN_FLIGHT');
  await devnet.resumeMining(BASE);
  await world.reaches({ id }, 'DELIVERED', 'CONFIRMED');
}

async function expectHealed(world: FaultWorld, { workId, id }: Dispatch): Promise<void> {
  await world.reaches({ id }, 'CONFIRMED');
  expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
  expect(await world.work(workId)).toMatchObject({ state: 'LIVE', chainId: BASE, frozen: false });
  expect(await findingRules(world, workId)).toEqual([]);
  expect(await historyKinds(world, workId)).toEqual(['WorkMinted', 'WorkDeparted', 'WorkArrived']);
}

/** How many blocks have to fall for the arrival of a dispatch to fall. */
async function depthOfArrival(
  { devnet }: FaultWorld,
  { destinationTransactionHash }: Dispatch,
): Promise<number> {
  // CAST: the JSON-RPC specification of these two methods.
  const receipt = (await devnet.rpc(BASE, 'eth_getTransactionReceipt', [destinationTransactionHash])) as {
    blockNumber: Hex;
  };
  const head = (await devnet.rpc(BASE, 'eth_blockNumber')) as Hex;
  return Number(head) - Number(receipt.blockNumber) + 1;
}

/** Reorgs of any depth on both chains of a move. */
export function describeReorgs(theWorld: () => FaultWorld): void {
  describe('a work on its way', () => {
    test.each(SHALLOW)(
      'heals without a restart from reorgs of %i blocks, on source and destination, over %s',
      async (depth, lane) => {
        const world = theWorld();
        await world.devnet.setDeliveryFaults(NETWORK_OF[lane], { running: false });
        const [workId] = await world.mintLive(1);
        if (workId === undefined) throw new Error('one work was minted');
        const dispatch = await sendAcrossReorg(world, workId, depth, lane);
        await world.reaches(dispatch, 'SOURCE_FINAL');
        await deliverAcrossReorgs(world, dispatch, depth, NETWORK_OF[lane]);
        await world.devnet.reorg(HOME, depth);
        await expectHealed(world, dispatch);
      },
      PATIENCE_MS,
    );

    test.each(DEEP)(
      'heals from reorgs of 50 blocks over %s, where finality is a depth of 64',
      async (lane) => {
        const world = theWorld();
        await world.restartWithFinality({ depthBlocks: DEEP_FINALITY });
        await world.devnet.setDeliveryFaults(NETWORK_OF[lane], { running: false });
        const [workId] = await world.mintLive(1);
        if (workId === undefined) throw new Error('one work was minted');
        const dispatch = await sendAcrossReorg(world, workId, 50, lane);
        await world.devnet.mine(HOME, DEEP_FINALITY);
        await world.reaches(dispatch, 'SOURCE_FINAL');
        await deliverAcrossReorgs(world, dispatch, 50, NETWORK_OF[lane]);
        await world.devnet.mine(BASE, DEEP_FINALITY);
        await expectHealed(world, dispatch);
        await world.devnet.mine(HOME, DEEP_FINALITY);
        await expectSettled(world);
        await world.restartWithFinality('finalized');
      },
      PATIENCE_MS,
    );

    test(
      'is frozen when a reorg past finality takes its arrival back; the follower goes on',
      async () => {
        const world = theWorld();
        const [workId, other] = await world.mintLive(2);
        if (workId === undefined || other === undefined) throw new Error('two works were minted');
        const dispatch = await world.reaches(await world.send(workId, BASE, 'CCIP'), 'CONFIRMED');
        await world.devnet.pauseMining(BASE);
        await world.devnet.reorg(BASE, await depthOfArrival(world, dispatch));
        await world.eventually('the work is frozen', async () => (await world.work(workId)).frozen);
        expect((await world.work(workId)).freezeReason).toContain('final has fallen');
        expect(await findingRules(world, workId)).toEqual(['REORG_PAST_FINALITY']);
        expect(await historyKinds(world, workId)).toEqual([
          'WorkMinted',
          'WorkDeparted',
          'WorkArrived',
          'Breached',
        ]);
        expect((await world.dispatch(dispatch)).state).toBe('SOURCE_FINAL');
        await world.devnet.resumeMining(BASE);

        await world.reaches(await world.send(other, BASE, 'LAYERZERO'), 'CONFIRMED');
        expect(world.crew.isAlive('follower')).toBe(true);
        // The network delivers again what the chain forgot; the work stays frozen until a person has looked.
        await world.reaches(dispatch, 'CONFIRMED');
        expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
        expect((await world.work(workId)).frozen).toBe(true);
        await expect(world.send(workId, HOME, 'CCIP')).rejects.toMatchObject({ code: 'WORK_FROZEN' });
      },
      PATIENCE_MS,
    );
  });
}
