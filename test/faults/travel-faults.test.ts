import { describeBridges } from './scenarios/bridges';
import { describeEndpoints } from './scenarios/endpoints';
import { describeMoney, describeQueueLoss } from './scenarios/money-and-queue';
import { describeReorgs } from './scenarios/reorgs';
import { FaultWorld, PATIENCE_MS } from './support/fault-world';
import { expectSettled, nonceCounts } from './support/settled';

// One devnet, database and registry for all of them; after each test the world is calm again.
let world: FaultWorld;
beforeAll(async () => {
  world = await FaultWorld.start();
}, PATIENCE_MS);
afterEach(() => world?.calm());
afterAll(() => world?.stop(), PATIENCE_MS);

describeMoney(() => world);
describeBridges(() => world);
describeEndpoints(() => world);
describeQueueLoss(() => world);
describeReorgs(() => world);

test(
  'after all of it nothing is left undone',
  async () => {
    await expectSettled(world);
    const { used, given } = await nonceCounts(world);
    expect(used).toEqual(given);
  },
  PATIENCE_MS,
);
