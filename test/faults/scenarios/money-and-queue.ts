import { Redis } from 'ioredis';
import { parseEther, toHex } from 'viem';
import { OwnRedis } from '../../integration/queue/own-redis';
import { describeWithRedis } from '../../support/redis';
import { soleLeg, workTruth } from '../support/chain-truth';
import { BASE, type FaultWorld, fund, HOME, PATIENCE_MS } from '../support/fault-world';

/** An account without money. */
export function describeMoney(theWorld: () => FaultWorld): void {
  test(
    'a send that the account cannot pay is HELD with what is missing, and goes on after funding',
    async () => {
      const world = theWorld();
      const [workId] = await world.mintLive(1);
      if (workId === undefined) throw new Error('one work was minted');
      const { address } = await world.domain.signers.accountFor(world.tenantId, HOME);
      await world.devnet.rpc(HOME, 'anvil_setBalance', [address, toHex(1)]);
      const dispatch = await world.send(workId, BASE, 'CCIP');
      const { failure, waitingFor } = await world.reaches(dispatch, 'HELD');
      expect(failure).toMatchObject({
        code: 'INSUFFICIENT_FUNDS',
        nextStep: expect.stringContaining('Fund'),
      });
      expect(BigInt(failure?.missingWei ?? 0)).toBeGreaterThan(0n);
      expect(waitingFor).toBe('money for fees');
      await fund(world, world.tenantId, HOME, parseEther('1000'));
      await world.reaches(dispatch, 'CONFIRMED');
      expect(await workTruth(world, workId)).toEqual(soleLeg(BASE, 1));
    },
    PATIENCE_MS,
  );
}

/** A queue that forgets everything; leaves the worker as it found it. */
export function describeQueueLoss(theWorld: () => FaultWorld): void {
  describeWithRedis('on the Bull queue', () => {
    test(
      'emptying Redis in mid-run loses nothing',
      async () => {
        const world = theWorld();
        const redis = await OwnRedis.start();
        try {
          await world.crew.start('worker', { redisUrl: redis.url });
          const workIds = await world.mint(4);
          await emptyInUse(world, redis);
          for (const workId of workIds) {
            await world.eventually('a mint is live', async () => (await world.work(workId)).state === 'LIVE');
          }
          const dispatches = [];
          for (const [index, workId] of workIds.entries()) {
            dispatches.push(await world.send(workId, BASE, index % 2 === 0 ? 'CCIP' : 'LAYERZERO'));
            await emptyInUse(world, redis);
          }
          for (const dispatch of dispatches) {
            await world.reaches(dispatch, 'CONFIRMED');
            expect(await workTruth(world, dispatch.workId)).toEqual(soleLeg(BASE, 1));
          }
        } finally {
          await world.crew.start('worker');
          await redis.kill();
        }
      },
      PATIENCE_MS,
    );
  });
}

/** Empties Redis once Bull has put something into it. */
async function emptyInUse(world: FaultWorld, redis: OwnRedis): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await world.eventually('Bull uses Redis', async () => (await client.dbsize()) > 0);
    await redis.flush();
  } finally {
    client.disconnect();
  }
}
