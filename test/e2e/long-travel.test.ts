import type { WorkId } from '../../schema/ids';
import { until } from '../devnet/polling';
import { FaultWorld, HOME } from '../faults/support/fault-world';
import { randomFrom } from '../support/random';
import { describeWithRedis } from '../support/redis';
import { readRegistryTruth, type TrueMove } from '../support/registry-truth';
import { auditRecord, historyOf, recomputedHashes } from './support/audit';
import { Disturbances } from './support/disturbances';
import { LongTravel, type Traveller, type TravelReport } from './support/long-travel';
import { QueueChoice } from './support/queue-choice';
import { planTravel, type TravelForm } from './support/travel-plan';

const SHORT: TravelForm = {
  seed: 7,
  works: 16,
  movesPerWork: 2,
  abreast: 16,
  kills: 2,
  movesPerReorg: 16,
  timeoutMs: 240_000,
};
const LONG: TravelForm = {
  seed: 11,
  works: 200,
  movesPerWork: 2,
  abreast: 64,
  kills: 10,
  movesPerReorg: 20,
  timeoutMs: 30 * 60_000,
};
const FORM = process.env['E2E'] === 'long' ? LONG : SHORT;
const MOVES = FORM.works * FORM.movesPerWork;
const SETTLE_MS = 60_000;

let world: FaultWorld;

beforeAll(async () => {
  world = await FaultWorld.start();
}, 180_000);
afterAll(async () => {
  await world?.stop();
}, 120_000);

describe('in process', () => provesTravel('in-process', undefined));
describeWithRedis('on Bull', (redisUrl) => provesTravel('bull', redisUrl));

/** @param redisUrl - Undefined for the adapter without Redis. */
function provesTravel(adapter: string, redisUrl: string | undefined): void {
  let queue: QueueChoice;
  let disturbances: Disturbances;
  let travellers: Traveller[];
  let report: TravelReport;
  let begun: Date;
  let workIds: WorkId[];

  beforeAll(async () => {
    queue = new QueueChoice(world, redisUrl);
    const worker = await queue.start();
    begun = new Date();
    const random = randomFrom(FORM.seed);
    disturbances = new Disturbances(world, FORM, random, worker);
    const travel = new LongTravel(world, disturbances);
    travellers = await travel.mint(planTravel(FORM, random));
    workIds = travellers.map(({ workId }) => workId);
    await disturbances.begin(FORM.seed);
    report = await travel.travel(travellers, FORM);
    await until('all transactions to be final', settled, { timeoutMs: SETTLE_MS, everyMs: 500 });
  }, FORM.timeoutMs);
  afterAll(() => queue.clear());

  const settled = async () => (await auditRecord(world, workIds, begun)).unfinished === 0;

  test('every move that was begun is confirmed, and nothing is stuck', async () => {
    const { dispatches, jobs, deliveries } = await auditRecord(world, workIds, begun);
    const carried = await queue.carriedByBull();
    const perMinute = (report.moves / report.travelMs) * 60_000;
    process.stdout.write(
      `${adapter}: ${report.moves} moves in ${(report.travelMs / 1_000).toFixed(0)} s (${perMinute.toFixed(0)} a minute), ` +
        `${jobs['DONE'] ?? 0} jobs done in ${deliveries} deliveries, ${carried} of them over Bull; ` +
        `${disturbances.kills} kills, ${disturbances.reorgs} reorgs, ${report.resent} holders' transactions sent again\n`,
    );
    expect(dispatches).toEqual({ CONFIRMED: MOVES });
    expect(jobs['DEAD'] ?? 0).toBe(0);
    expect([disturbances.kills, disturbances.reorgs]).toEqual([
      FORM.kills,
      Math.floor(MOVES / FORM.movesPerReorg),
    ]);
    expect(jobs['DONE'] ?? 0).toBeGreaterThan(0);
    // A worker runs what it has room for past the queue; works that are minted together are more than that.
    if (adapter === 'bull') expect(carried).toBeGreaterThan(0);
    else expect(carried).toBe(0);
    expect(carried).toBeLessThanOrEqual(deliveries);
  });

  test('half of the moves were begun by holders', async () => {
    const begunByHolders = travellers.filter(({ begunBy }) => begunBy === 'HOLDER');
    expect(begunByHolders).toHaveLength(FORM.works / 2);
    const pages = await Promise.all(
      workIds.map((workId) =>
        world.domain.dispatches.page(world.tenantId, { first: 100, after: undefined }, { workId }),
      ),
    );
    const origins = pages.flatMap(({ edges }) => edges.map(({ node }) => node.origin));
    expect(origins.filter((origin) => origin === 'HOLDER')).toHaveLength(MOVES / 2);
  });

  test('on the chains each work has one live leg, and each move was sent once', async () => {
    const works = await world.domain.works.findByIds(world.tenantId, workIds);
    const tokenIds = works.flatMap(({ tokenId }) => tokenId ?? []);
    const registry = await world.domain.registries.get(world.tenantId, world.registryId);
    const { live, ...moves } = await readRegistryTruth(world.devnet, registry);
    const ours = ({ tokenId }: TrueMove) => tokenIds.includes(tokenId);
    const [departures, arrivals] = [moves.departures.filter(ours), moves.arrivals.filter(ours)];
    for (const { tokenId, holder, chainId } of works) {
      const legs = live.get(tokenId ?? '') ?? [];
      expect(legs.map((leg) => `${leg.chainId}:${leg.owner.toLowerCase()}`)).toEqual([holder?.toLowerCase()]);
      expect(chainId).toBe(HOME);
    }
    const sends = departures.map(({ tokenId, hop }) => `${tokenId}/${hop}`);
    expect(sends).toHaveLength(MOVES);
    expect(new Set(sends).size).toBe(MOVES);
    expect(arrivals).toHaveLength(MOVES);
  });

  test('every history tells all moves, and its hashes can be recomputed from its entries', async () => {
    for (const { workId, moves } of travellers) {
      const history = await historyOf(world, workId);
      const travelled = moves.flatMap(() => ['WorkDeparted', 'WorkArrived']);
      expect(history.map(({ kind }) => kind)).toEqual(['WorkMinted', ...travelled]);
      expect(history.map(({ hash }) => hash)).toEqual(recomputedHashes(history));
      expect(history.every(({ provisional }) => !provisional)).toBe(true);
    }
  });
}
