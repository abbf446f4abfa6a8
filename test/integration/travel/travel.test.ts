import { componentAddresses } from '../../../chains/evm/registry/manifest';
import { composeRebuild } from '../../../domain/rebuild/compose-rebuild';
import { DERIVED_TABLES } from '../../../domain/rebuild/derived-tables';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { chainIdSchema, evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import { countOf } from '../../../schema/types/connection';
import { accountAt } from '../../devnet/accounts';
import { inDeadRequest } from '../../support/dead-request';
import {
  breakChainTables,
  differencesOf,
  emptyTablesOf,
  hashesOf,
  openRepairTools,
  rebuiltReport,
  unseenFlips,
} from '../../support/rebuild';
import { withClient } from '../../support/template-database';
import { TravelHarness } from '../../support/travel';
import { Gallery, StatementKind, sendPrepared } from '../../support/travel-gallery';
import { expectLinked, expectProvenOnChain } from '../../support/travel-history';
import { ALL_CHAINS, BASE, chainClient, HOME, MOONBEAM, until } from '../../support/travel-steps';

const COLLECTOR = 2;
const UNKNOWN_CHAIN = chainIdSchema.parse('eip155:999999');
const collector = evmAccountId(HOME, accountAt(COLLECTOR).address);

let harness: TravelHarness;
let gallery: Gallery;
let works: WorkId[];
let movesBegun = 0;
let statesSent = 0;

beforeAll(async () => {
  harness = await TravelHarness.start();
  gallery = await Gallery.open(harness, { editionCap: 7 });
  works = await gallery.mint(...Array<typeof collector>(4).fill(gallery.self), collector, collector);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

function work(index: number): WorkId {
  const id = works[index];
  if (id === undefined) throw new Error(`no work ${index} was minted`);
  return id;
}

test('a registry’s contracts stand on every chain at the addresses that were computed before', async () => {
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  const manifest = await harness.foundations.tenants.transaction(gallery.tenantId, (tx) =>
    registries.manifest(tx, gallery.registryId),
  );
  for (const chainId of ALL_CHAINS) {
    const { chainId: _chain, ...addresses } = contractsOn(gallery.registry, chainId);
    expect(addresses).toEqual(componentAddresses(manifest));
    for (const address of Object.values(componentAddresses(manifest))) {
      expect(await chainClient(harness, chainId).getCode({ address })).toBeDefined();
    }
  }
});

test('works of a batch are minted in the order of the request, each with an edition of its own', async () => {
  const minted = await Promise.all(works.map((id) => gallery.work(id)));
  expect(minted.map(({ metadata }) => metadata)).toEqual(
    works.map((_id, index) => ({ title: `Work ${index}` })),
  );
  expect(minted.map(({ holder }) => holder)).toEqual([...Array(4).fill(gallery.self), collector, collector]);
  expect(minted.map(({ edition }) => edition).sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('works travel over both bridges, out and home again, and their histories are linked and proven', async () => {
  const journey = async () => {
    const moves = [
      await gallery.move(work(0), BASE, 'CCIP'),
      await gallery.move(work(0), HOME, 'LAYERZERO'),
      await gallery.move(work(0), MOONBEAM, 'LAYERZERO'),
      await gallery.move(work(0), HOME, 'CCIP'),
    ];
    expect(moves.map(({ state, transport, hop }) => ({ state, transport, hop }))).toEqual([
      { state: 'CONFIRMED', transport: 'CCIP', hop: 1 },
      { state: 'CONFIRMED', transport: 'LAYERZERO', hop: 2 },
      { state: 'CONFIRMED', transport: 'LAYERZERO', hop: 3 },
      { state: 'CONFIRMED', transport: 'CCIP', hop: 4 },
    ]);
  };
  const chosen = async () => {
    const cheapest = await gallery.move(work(1), MOONBEAM, 'CHEAPEST');
    const fastest = await gallery.move(work(1), HOME, 'FASTEST');
    expect([cheapest.state, fastest.state]).toEqual(['CONFIRMED', 'CONFIRMED']);
    expect(Number(cheapest.feeWei)).toBeGreaterThan(0);
  };
  await Promise.all([journey(), chosen()]);
  movesBegun += 6;

  const travelled = await gallery.settled(work(0));
  expect(travelled).toMatchObject({ state: 'LIVE', chainId: HOME, hop: 4, holder: gallery.self });
  expect(await gallery.liveChains(travelled)).toEqual([HOME]);
  const history = await gallery.history(work(0));
  expect(history.map(({ kind }) => kind)).toEqual([
    'WorkMinted',
    ...Array(4).fill(['WorkDeparted', 'WorkArrived']).flat(),
  ]);
  expectLinked(history);
  await expectProvenOnChain(harness, history);
}, 150_000);

test('a send whose process died is answered as it was accepted, though the work has arrived since', async () => {
  const send = () => gallery.send(work(1), BASE, 'CCIP');
  const request = () =>
    inDeadRequest(
      harness.domain.idempotency,
      gallery.tenantId,
      { key: 'send-of-a-dead-process', field: 'sendWork' },
      send,
    );
  const { id } = await request();
  await gallery.reached(id, 'CONFIRMED', 'FAILED');
  await gallery.settled(work(1));

  expect((await request()).id).toBe(id);
  await expect(send()).rejects.toMatchObject({ code: 'WORK_ALREADY_THERE' });
  expect(await gallery.dispatchesOf(work(1))).toHaveLength(3);
  await gallery.move(work(1), HOME);
  movesBegun += 2;
}, 60_000);

test('a suspension strands nothing: what was sent arrives, what was not waits, and goes on afterwards', async () => {
  const { managedTenants } = harness.domain;
  const { tenantId } = gallery;
  const sent = await gallery.send(work(0), BASE, 'CCIP');
  await gallery.reached(sent.id, 'SENT', 'SOURCE_FINAL');
  await managedTenants.suspend({ tenantId, reason: 'not paid' });
  // Accepted, as if the request had come in just before.
  const waiting = await gallery.send(work(1), BASE, 'LAYERZERO');
  expect((await gallery.reached(sent.id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  expect(await gallery.settled(work(0))).toMatchObject({ chainId: BASE, hop: 5 });
  expect(await gallery.dispatch(waiting.id)).toMatchObject({
    state: 'REQUESTED',
    sourceTransactionHash: null,
  });
  await managedTenants.resume(tenantId);
  expect((await gallery.reached(waiting.id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  movesBegun += 2;
}, 120_000);

test('a send that the holder begins becomes a dispatch; a permit lets the platform send; nobody else can', async () => {
  const { domain } = harness;
  const wanted = { workId: work(4), destinationChainId: BASE, lane: 'LAYERZERO' } as const;
  await expect(gallery.send(work(4), BASE)).rejects.toMatchObject({ code: 'NOT_WORK_HOLDER' });

  const prepared = await domain.dispatches.prepareSend(gallery.tenantId, wanted);
  const hash = await sendPrepared(harness, COLLECTOR, prepared);
  const begun = await until(
    'the holder’s send is a dispatch',
    async () => (await gallery.dispatchesOf(work(4)))[0],
  );
  expect(begun).toMatchObject({ origin: 'HOLDER', transport: 'LAYERZERO', sourceTransactionHash: hash });
  expect(begun.to).toBe(evmAccountId(BASE, accountAt(COLLECTOR).address));

  const offered = await domain.dispatches.prepareSend(gallery.tenantId, { ...wanted, workId: work(5) });
  const permit = await permitOf(offered.permitTypedData, COLLECTOR, offered.permitDeadline);
  const refused = { code: 'PERMIT_INVALID' };
  const sendWith = (wrong: Partial<typeof permit>) =>
    gallery.send(work(5), BASE, 'CHEAPEST', { permit: { ...permit, ...wrong } });
  const { signature: stranger } = await permitOf(offered.permitTypedData, 3, offered.permitDeadline);
  const { signature: otherHop } = await permitOf(
    offered.permitTypedData.replace('"hop":"0"', '"hop":"1"'),
    COLLECTOR,
    offered.permitDeadline,
  );
  await expect(sendWith({ signature: stranger })).rejects.toMatchObject(refused);
  await expect(sendWith({ signature: otherHop })).rejects.toMatchObject(refused);
  await expect(sendWith({ deadline: 1n })).rejects.toMatchObject(refused);
  await expect(sendWith({ transport: 'CCIP' })).rejects.toMatchObject(refused);
  await expect(gallery.send(work(5), BASE, 'CCIP', { permit })).rejects.toMatchObject(refused);
  expect(await gallery.dispatchesOf(work(5))).toEqual([]);

  const permitted = await sendWith({});
  expect(permitted).toMatchObject({ origin: 'PERMIT', laneChoice: 'LAYERZERO' });
  expect(await gallery.reached(permitted.id, 'CONFIRMED', 'FAILED')).toMatchObject({ state: 'CONFIRMED' });
  expect(await gallery.reached(begun.id, 'CONFIRMED', 'FAILED')).toMatchObject({ state: 'CONFIRMED' });
  for (const id of [work(4), work(5)]) {
    const arrived = await gallery.settled(id);
    expect(arrived.holder).toBe(evmAccountId(BASE, accountAt(COLLECTOR).address));
    expect(await gallery.liveChains(arrived)).toEqual([BASE]);
  }
  movesBegun += 2;
}, 90_000);

test('equal requests are one dispatch, also at the same moment; another request must wait', async () => {
  const twice = await Promise.all([gallery.send(work(2), BASE, 'CCIP'), gallery.send(work(2), BASE, 'CCIP')]);
  const [{ id }] = twice;
  const again = await gallery.send(work(2), BASE, 'CCIP', { to: evmAccountId(BASE, gallery.account) });
  expect(new Set([...twice, again].map((dispatch) => dispatch.id)).size).toBe(1);
  const inFlight = { code: 'WORK_IN_FLIGHT' };
  await expect(gallery.send(work(2), MOONBEAM, 'CCIP')).rejects.toMatchObject(inFlight);
  await expect(gallery.send(work(2), BASE, 'LAYERZERO')).rejects.toMatchObject(inFlight);
  const other = { to: evmAccountId(BASE, accountAt(COLLECTOR).address) };
  await expect(gallery.send(work(2), BASE, 'CCIP', other)).rejects.toMatchObject(inFlight);
  expect((await gallery.reached(id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  await gallery.settled(work(2));
  movesBegun += 1;

  await expect(gallery.send(work(2), BASE)).rejects.toMatchObject({ code: 'WORK_ALREADY_THERE' });
  await expect(gallery.send(work(2), MOONBEAM)).rejects.toMatchObject({ code: 'LANE_NOT_SUPPORTED' });
  await expect(gallery.send(work(3), UNKNOWN_CHAIN)).rejects.toMatchObject({ code: 'LANE_NOT_SUPPORTED' });
  await expect(gallery.send(work(3), BASE, 'CCIP', { to: gallery.self })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
}, 60_000);

test('metadata is stated on home and reaches every mirror by revision, whether the work is there or not', async () => {
  const { dispatches: first } = await gallery.updateMetadata(work(2), { title: 'Second' });
  const { dispatches: second } = await gallery.updateMetadata(work(2), { title: 'Third' });
  statesSent += 4;
  for (const { id } of [...first, ...second]) {
    expect((await gallery.reached(id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  }
  const updated = await gallery.settled(work(2));
  expect(updated).toMatchObject({ chainId: BASE, revision: 2, metadata: { title: 'Third' } });
  const legs = await Promise.all(ALL_CHAINS.map((chainId) => gallery.legOn(chainId, updated)));
  expect(legs.map(({ revision }) => revision)).toEqual([2n, 2n, 2n]);
  expect(new Set(legs.map(({ stateHash }) => stateHash)).size).toBe(1);
}, 90_000);

test('a frozen work cannot be sent; a freeze takes a revision, and metadata comes after it', async () => {
  const subject = await gallery.work(work(3));
  await gallery.guard('freeze', HOME, subject);
  await until('the work is frozen', async () => (await gallery.work(work(3))).frozen);
  await expect(gallery.send(work(3), BASE)).rejects.toMatchObject({ code: 'WORK_FROZEN' });
  await gallery.guard('unfreeze', HOME, subject);
  await until('the work is free', async () => !(await gallery.work(work(3))).frozen);
  expect(await gallery.settled(work(3))).toMatchObject({ revision: 2, metadata: { title: 'Work 3' } });

  const { dispatches } = await gallery.updateMetadata(work(3), { title: 'Thawed' });
  statesSent += 2;
  for (const { id } of dispatches) {
    expect((await gallery.reached(id, 'CONFIRMED', 'FAILED')).state).toBe('CONFIRMED');
  }
  expect(await gallery.settled(work(3))).toMatchObject({ revision: 3, metadata: { title: 'Thawed' } });
}, 90_000);

test('the edition cap holds under mints at the same moment, and holders must be on home', async () => {
  const { domain } = harness;
  const order = (to = gallery.self) => ({
    registryId: gallery.registryId,
    works: [{ to, metadata: {} }],
  });
  const abroad = evmAccountId(BASE, gallery.account);
  await expect(domain.mints.mint(gallery.tenantId, order(abroad))).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => domain.mints.mint(gallery.tenantId, order())),
  );
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toHaveLength(2);
  for (const reason of refused) expect(reason).toMatchObject({ code: 'EDITION_CAP_EXCEEDED' });
});

test('another tenant finds nothing of it', async () => {
  const { domain } = harness;
  const { tenantId: stranger } = await domain.tenancy.createTenant('Stranger');
  const workId = work(0);
  const [dispatch] = await gallery.dispatchesOf(workId);
  if (dispatch === undefined) throw new Error('the work has travelled');
  const request = { workId, destinationChainId: BASE, lane: 'CCIP' } as const;
  const all = { first: 100, after: undefined };
  const attempts: (() => Promise<unknown>)[] = [
    () => domain.works.get(stranger, workId),
    () => domain.works.updateMetadata(stranger, { workId, metadata: {} }),
    () => domain.registries.get(stranger, gallery.registryId),
    () =>
      domain.mints.mint(stranger, {
        registryId: gallery.registryId,
        works: [{ to: gallery.self, metadata: {} }],
      }),
    () => domain.dispatches.send(stranger, request),
    () => domain.dispatches.prepareSend(stranger, request),
    () => domain.dispatches.get(stranger, dispatch.id),
    () => domain.dispatches.retry(stranger, dispatch.id),
    () => domain.lanes.lanes(stranger, gallery.registryId),
    () => domain.provenance.page(stranger, workId, all),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await countOf(await domain.works.page(stranger, all, undefined))).toBe(0);
  expect(await countOf(await domain.dispatches.page(stranger, all, undefined))).toBe(0);
  await expect(domain.dispatches.retry(gallery.tenantId, dispatch.id)).rejects.toMatchObject({
    code: 'DISPATCH_NOT_RETRYABLE',
  });
});

test('lanes know how fast they were, and nothing was ever sent twice', async () => {
  const lanes = await harness.domain.lanes.lanes(gallery.tenantId, gallery.registryId);
  expect(lanes).toHaveLength(8);
  expect(lanes.every(({ open }) => open)).toBe(true);
  expect(lanes.reduce((sum, { observedDeliveries }) => sum + observedDeliveries, 0)).toBe(
    movesBegun + statesSent,
  );
  for (const { observedDeliveries, deliverySecondsP50 } of lanes) {
    if (observedDeliveries > 0) expect(deliverySecondsP50).toBeGreaterThan(1);
    else expect(deliverySecondsP50).toBeNull();
  }
  expect(await gallery.statementsSent(StatementKind.Works)).toBe(movesBegun);
  expect(await gallery.statementsSent(StatementKind.State)).toBe(statesSent);
  for (const id of works) {
    const settled = await gallery.settled(id);
    expect(await gallery.liveChains(settled)).toEqual([settled.chainId]);
    expectLinked(await gallery.history(id));
  }
});

const LICENCE_TABLES = ['licence_offers', 'licences'];

test('all that is derived from the chains is found again on them byte for byte, and no flipped byte escapes', async () => {
  const report = await rebuiltReport(harness);
  expect(differencesOf(report)).toEqual([]);
  expect(emptyTablesOf(report)).toEqual(LICENCE_TABLES);

  const { service } = composeRebuild(harness.foundations);
  const tools = await openRepairTools(harness);
  try {
    const leads = service.replace(ALL_CHAINS, tools, () => undefined);
    await expect(leads).rejects.toMatchObject({ code: 'CONFLICT' });
    await harness.stopColophon();
    // What has become final since, the record tells otherwise.
    const sound = await service.compare(ALL_CHAINS, () => undefined);
    const tables = DERIVED_TABLES.map(({ table }) => table).filter(
      (table) => !LICENCE_TABLES.includes(table),
    );
    expect(await unseenFlips(harness, gallery, tables)).toEqual([]);

    await withClient(harness.database.adminUrl, async (admin) => {
      await breakChainTables(admin, HOME);
      const [first, second] = [work(0), work(1)];
      await admin.query('delete from legs where work_id = $1', [first]);
      await admin.query('update works set holder = null, hop = 77 where id = $1', [second]);
      await admin.query("update provenance_events set facts = '{}' where work_id = $1 and sequence = 2", [
        first,
      ]);
      await admin.query('delete from provenance_events where work_id = $1 and sequence > 1', [second]);
      await admin.query("delete from registry_events where name = 'WorkArrived'");
    });
    const broken = await service.compare(ALL_CHAINS, () => undefined);
    const counts = Object.fromEntries(differencesOf(broken).map((table) => [table.table, table.differences]));
    // A log under another number or address is missing; under another number it is one too many besides.
    expect(counts).toMatchObject({ chain_logs: 8, chain_blocks: 1, chain_cursors: 1, works: 1, legs: 3 });
    expect(Object.keys(counts)).toEqual(expect.arrayContaining(['provenance_events', 'registry_events']));

    const { replaced } = await service.replace(ALL_CHAINS, tools, () => undefined);
    expect(replaced).toMatchObject({ works: 1, legs: 3 });
    const repaired = await service.compare(ALL_CHAINS, () => undefined);
    expect(differencesOf(repaired)).toEqual([]);
    expect(hashesOf(repaired)).toEqual(hashesOf(sound));
  } finally {
    await tools.close();
  }
}, 240_000);

/** The permit that a collector's wallet makes of prepared typed data. */
async function permitOf(typedData: string, signer: number, deadline: string) {
  const signature = await accountAt(signer).signTypedData(JSON.parse(typedData));
  return { transport: 'LAYERZERO' as 'CCIP' | 'LAYERZERO', deadline: BigInt(deadline), signature };
}
