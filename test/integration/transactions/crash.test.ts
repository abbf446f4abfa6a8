import { TransactionState } from '../../../chains/transactions/transaction';
import type { KillPoint } from '../../../schema/kill-point';
import { CHAIN_ID, TransactionHarness } from './harness';

class Crash extends Error {}

/** Jest lets a mock see only variables of this prefix. */
const mockArmed: { at: KillPoint | undefined } = { at: undefined };
const mockCrash = (here: KillPoint) => {
  if (here !== mockArmed.at) return;
  mockArmed.at = undefined;
  throw new Crash(here);
};
jest.mock('../../../schema/kill-point', () => ({ killPoint: (here: KillPoint) => mockCrash(here) }));

describe('a crash', () => {
  let h: TransactionHarness;
  beforeAll(async () => {
    h = await TransactionHarness.start();
  });
  afterAll(() => h.stop());

  test.each(['transaction.before-sign', 'transaction.before-store'] as const)(
    'at %s leaves nothing behind, and asking again has one effect',
    async (point) => {
      const { tenantId, account } = await h.tenant();
      const before = await h.paid();
      mockArmed.at = point;
      await expect(h.manager().submit(h.payment(tenantId, point))).rejects.toThrow(Crash);

      const restarted = h.manager();
      expect(await restarted.find(tenantId, point)).toBeUndefined();
      expect((await restarted.submit(h.payment(tenantId, point))).nonce).toBe(0);
      await h.settle(restarted);
      expect(await h.paid()).toBe(before + 1);
      expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
    },
  );

  test.each(['transaction.after-store', 'transaction.after-broadcast'] as const)(
    'at %s loses nothing: the next tick finishes the transaction, and asking again adds none',
    async (point) => {
      const { tenantId, account } = await h.tenant();
      const before = await h.paid();
      mockArmed.at = point;
      await expect(h.manager().submit(h.payment(tenantId, point))).rejects.toThrow(Crash);

      const restarted = h.manager();
      const asked = await restarted.submit(h.payment(tenantId, point));
      expect(asked).toMatchObject({ state: TransactionState.Prepared, nonce: 0 });
      await h.settle(restarted);
      expect((await restarted.find(tenantId, point))?.attempts).toHaveLength(1);
      expect(await h.paid()).toBe(before + 1);
      expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
    },
  );

  test('at transaction.after-store while fees are raised leaves two attempts of which one takes effect', async () => {
    const { tenantId, account } = await h.tenant();
    const before = await h.paid();
    const manager = h.manager();
    const sent = await manager.submit(h.payment(tenantId, 'bump'));
    await h.chain.dropTransaction({ hash: sent.attempts[0]?.hash ?? '0x' });
    await h.mine(4);
    h.problems.length = 0;
    mockArmed.at = 'transaction.after-store';
    await manager.tick(CHAIN_ID);
    expect(h.problems).toEqual([new Crash('transaction.after-store')]);

    const restarted = h.manager();
    expect((await restarted.find(tenantId, 'bump'))?.attempts).toHaveLength(2);
    await h.settle(restarted);
    expect(await h.paid()).toBe(before + 1);
    expect(await h.chain.getTransactionCount({ address: account })).toBe(1);
  });
});
