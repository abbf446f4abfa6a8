import { createPublicClient, type Hex, http } from 'viem';
import type { WorkId } from '../../../schema/ids';
import type { TransportKind } from '../../../schema/types/chain';
import type { Dispatch } from '../../../schema/types/dispatch';
import type { DeliveryFaults } from '../../devnet/delivery-faults';
import { soleLeg, workTruth } from '../support/chain-truth';
import { BASE, type FaultWorld, PATIENCE_MS } from '../support/fault-world';
import { isLongForm } from '../support/long-form';
import { backdate } from '../support/settled';

const LANES: readonly TransportKind[] = ['CCIP', 'LAYERZERO'];

async function setBoth({ devnet }: FaultWorld, faults: DeliveryFaults): Promise<void> {
  await Promise.all([
    devnet.setDeliveryFaults('ccip', faults),
    devnet.setDeliveryFaults('layerZero', faults),
  ]);
}

/** Sends each work to Base, over the two bridges in turn. */
async function sendAll(world: FaultWorld, workIds: readonly WorkId[]): Promise<Dispatch[]> {
  return Promise.all(workIds.map((workId, index) => world.send(workId, BASE, LANES[index % 2] ?? 'CCIP')));
}

async function expectConfirmedOnce(world: FaultWorld, { workId, id }: Dispatch): Promise<Dispatch> {
  const confirmed = await world.reaches({ id }, 'CONFIRMED');
  expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
  return confirmed;
}

/** Who sent the transaction in which a work arrived. */
async function delivererOf(
  { devnet }: FaultWorld,
  { destinationTransactionHash }: Dispatch,
): Promise<string> {
  const client = createPublicClient({ transport: http(devnet.directUrl(BASE)) });
  // CAST: the follower recorded it from a log.
  const hash = destinationTransactionHash as Hex;
  return (await client.getTransactionReceipt({ hash })).from.toLowerCase();
}

/** Networks between the chains that lose, delay, repeat and reorder messages. */
export function describeBridges(theWorld: () => FaultWorld): void {
  describe('a network between the chains', () => {
    test(
      'that verifies and never executes is replaced by us, on both bridges',
      async () => {
        const world = theWorld();
        await setBoth(world, { loseNext: 1 });
        const dispatches = await sendAll(world, await world.mintLive(2));
        const { address } = await world.domain.signers.accountFor(world.tenantId, BASE);
        for (const dispatch of dispatches) {
          const confirmed = await expectConfirmedOnce(world, dispatch);
          expect(await delivererOf(world, confirmed)).toBe(address.toLowerCase());
        }
      },
      PATIENCE_MS,
    );

    test(
      'that does not verify leaves a dispatch that says so, and completes it when it is back',
      async () => {
        const world = theWorld();
        await setBoth(world, { running: false });
        const dispatches = await sendAll(world, await world.mintLive(2));
        for (const dispatch of dispatches) {
          await world.reaches(dispatch, 'SOURCE_FINAL');
          await world.eventually('it says what it waits for', async () => {
            const { waitingFor } = await world.dispatch(dispatch);
            return waitingFor !== null && / since \d{4}-/.test(waitingFor);
          });
          expect((await world.dispatch(dispatch)).alert).toBeNull();
          await backdate(world, dispatch, '1 hour');
          await world.eventually('an alert', async () => (await world.dispatch(dispatch)).alert !== null);
          expect((await world.dispatch(dispatch)).alert).toMatch(
            /^Later than usual on this lane: it waits for /,
          );
        }
        await setBoth(world, { running: true });
        for (const dispatch of dispatches) {
          expect(await expectConfirmedOnce(world, dispatch)).toMatchObject({ alert: null, waitingFor: null });
        }
      },
      PATIENCE_MS,
    );

    test(
      'that delivers twice and out of order changes nothing',
      async () => {
        const world = theWorld();
        const before = await world.devnet.deliveryStatus('ccip');
        const seed = isLongForm ? `seed ${Date.now()}` : 'faults';
        console.info(`duplicates and reordering by the seed "${seed}"`);
        await setBoth(world, { duplicateProbability: 1, reorderProbability: 0.5, reorderMs: 1_500, seed });
        const dispatches = await sendAll(world, await world.mintLive(isLongForm ? 40 : 6));
        for (const dispatch of dispatches) await expectConfirmedOnce(world, dispatch);
        const after = await world.devnet.deliveryStatus('ccip');
        expect(after.duplicated - before.duplicated).toBe(dispatches.length / 2);
      },
      PATIENCE_MS,
    );
  });
}
