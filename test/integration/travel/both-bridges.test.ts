import { gatewayAbi } from '../../../chains/abi/gateway';
import { GuardReader } from '../../../chains/evm/registry/guard-reads';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { accountAt } from '../../devnet/accounts';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, StatementKind } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, until } from '../../support/travel-steps';

const COLLECTOR = 2;

let harness: TravelHarness;
let gallery: Gallery;
let work: WorkId;

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness, { releasePolicy: 'BOTH', mirrorChainIds: [BASE] });
  [work] = (await gallery.mint(gallery.self)) as [WorkId];
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

test('a registry that asks for both bridges is active once each end of each lane asks for them', async () => {
  const required = await Promise.all(
    [
      [HOME, BASE],
      [BASE, HOME],
    ].map(async ([here, there]) => {
      const reader = await GuardReader.atLatest(
        chainClient(harness, here as typeof HOME),
        contractsOn(gallery.registry, here as typeof HOME),
      );
      return reader.requiresBoth(there as typeof HOME);
    }),
  );
  expect(required).toEqual([true, true]);
  expect(gallery.registry.releasePolicy).toBe('BOTH');
});

test('one bridge by name is refused in words, and nothing is sent', async () => {
  for (const lane of ['CCIP', 'LAYERZERO'] as const)
    await expect(gallery.send(work, BASE, lane)).rejects.toMatchObject({ code: 'RELEASE_POLICY' });
  expect(await gallery.dispatchesOf(work)).toEqual([]);
});

test('a work arrives only when the second bridge has brought the same, whichever that is', async () => {
  await harness.devnet.setDeliveryFaults('layerZero', { running: false });
  const { id } = await gallery.send(work, BASE);
  await until('CCIP alone has brought it', async () => {
    const attested = await chainClient(harness, BASE).getContractEvents({
      address: addressOf(gallery.registry, BASE, 'gateway'),
      abi: gatewayAbi,
      eventName: 'StatementAttested',
      fromBlock: 0n,
    });
    return attested.length === 1;
  });
  expect(await gallery.reached(id, 'SOURCE_FINAL')).toMatchObject({ laneChoice: 'BOTH' });
  expect(await gallery.liveChains(await gallery.work(work))).toEqual([]);

  await harness.devnet.setDeliveryFaults('layerZero', { running: true });
  const confirmed = await gallery.reached(id, 'CONFIRMED');
  expect(confirmed).toMatchObject({ transport: 'BOTH', failure: null });
  expect(confirmed.messages.map(({ transport }) => transport)).toEqual(['CCIP', 'LAYERZERO']);
  expect(new Set(confirmed.messages.map(({ messageId }) => messageId)).size).toBe(2);
  expect(Number(confirmed.feeWei)).toBeGreaterThan(0);
  expect(await gallery.settled(work)).toMatchObject({ chainId: BASE, hop: 1 });
}, 120_000);

test('it comes home over both as well, and so does new metadata reach the mirror', async () => {
  expect(await gallery.move(work, HOME)).toMatchObject({ state: 'CONFIRMED', transport: 'BOTH', hop: 2 });
  const { dispatches } = await gallery.updateMetadata(work, { title: 'Changed' });
  expect(dispatches.map(({ laneChoice }) => laneChoice)).toEqual(['BOTH']);
  for (const { id } of dispatches)
    expect(await gallery.reached(id, 'CONFIRMED')).toMatchObject({ transport: 'BOTH', revision: 1 });
  expect(await gallery.liveChains(await gallery.settled(work))).toEqual([HOME]);
  // Each statement is said to be sent once by each bridge.
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(4);
  expect(await gallery.statementsSent(StatementKind.State)).toBe(2);
}, 120_000);

test('a holder’s permit is for both bridges; one that names a single bridge moves nothing', async () => {
  const holder = accountAt(COLLECTOR);
  const [held] = (await gallery.mint(evmAccountId(HOME, holder.address))) as [WorkId];
  const wanted = { workId: held, destinationChainId: BASE, lane: 'CHEAPEST' } as const;
  const { permitTypedData, permitDeadline } = await harness.domain.dispatches.prepareSend(
    gallery.tenantId,
    wanted,
  );
  const signature = await holder.signTypedData(JSON.parse(permitTypedData));
  const permit = { deadline: BigInt(permitDeadline), signature };
  const sendBy = (transport: 'CCIP' | 'BOTH') =>
    gallery.send(held, BASE, 'CHEAPEST', { permit: { ...permit, transport } });
  await expect(sendBy('CCIP')).rejects.toMatchObject({ code: 'PERMIT_INVALID' });
  expect(await gallery.dispatchesOf(held)).toEqual([]);

  const { id } = await sendBy('BOTH');
  expect(await gallery.reached(id, 'CONFIRMED', 'FAILED')).toMatchObject({
    state: 'CONFIRMED',
    origin: 'PERMIT',
    transport: 'BOTH',
  });
  expect(await gallery.settled(held)).toMatchObject({
    chainId: BASE,
    holder: evmAccountId(BASE, holder.address),
  });
}, 90_000);
