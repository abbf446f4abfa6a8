import { MIRROR, SettlementHarness, type Shop } from './harness';

const AMOUNT = 1_000n;

let h: SettlementHarness;
let shop: Shop;
beforeAll(async () => {
  h = await SettlementHarness.create();
});
afterAll(() => h?.destroy());
beforeEach(async () => {
  h.owe(AMOUNT);
  h.vaults.feeWei = 1n;
  h.vaults.refusal = undefined;
  shop = await h.shop();
});

const all = async () => {
  const { rows } = await h.admin.query<{ id: string; state: string }>(
    'select id, state from settlements where tenant_id = $1 and source_chain_id = $2 order by created_at, id',
    [shop.tenantId, MIRROR],
  );
  return rows;
};
const dueNow = () =>
  h.admin.query("update settlement_rules set next_at = now() - interval '90 minutes' where tenant_id = $1", [
    shop.tenantId,
  ]);

describe('what is less than a rule lets settle', () => {
  test('is not settled, whoever asks; what is as much is', async () => {
    await h.setRule(shop, { minAmount: '1001' });
    await expect(h.request(shop)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE', retryable: true });
    expect(await all()).toEqual([]);
    h.owe(1_001n);
    expect(await h.request(shop)).toMatchObject({ amount: '1001' });
  });
});

describe('a rule with a schedule', () => {
  test('has what is owed asked for when it is due, once, and says when it is next', async () => {
    await h.setRule(shop, { everyHours: 1 });
    const { rows: jobs } = await h.admin.query(
      `select next_try_at > now() + interval '59 minutes' as later from outbox where tenant_id = $1 and job = 'schedule-settlements'`,
      [shop.tenantId],
    );
    expect(jobs).toEqual([{ later: true }]);
    const first = await h.scheduler.run(shop.tenantId);
    expect(await all()).toEqual([]);
    expect(first?.getTime()).toBeGreaterThan(Date.now() + 59 * 60_000);
    await dueNow();
    for (let n = 0; n < 2; n += 1) {
      const next = await h.scheduler.run(shop.tenantId);
      // In the rule's own step from when it was due; what has passed is left out.
      expect(next?.getTime()).toBeGreaterThan(Date.now());
      expect(next?.getTime()).toBeLessThanOrEqual(Date.now() + 31 * 60_000);
      expect(await all()).toMatchObject([{ state: 'REQUESTED' }]);
    }
  });

  test('asks again for what is under way without asking twice, also after a crash before its time was moved on', async () => {
    await h.setRule(shop, { everyHours: 24 });
    for (let n = 0; n < 3; n += 1) {
      await dueNow();
      await h.scheduler.run(shop.tenantId);
    }
    expect(await all()).toHaveLength(1);
  });

  test('asks two people as the rule says, and takes no notice of what is too little', async () => {
    await h.setRule(shop, { everyHours: 1, approvalAbove: '999', minAmount: '1000' });
    h.owe(999n);
    await dueNow();
    await h.scheduler.run(shop.tenantId);
    expect(await all()).toEqual([]);
    h.owe(AMOUNT);
    await dueNow();
    await h.scheduler.run(shop.tenantId);
    const [asked] = await all();
    expect(await h.advance(shop, { id: asked?.id as never })).toMatchObject({ state: 'AWAITING_APPROVAL' });
  });

  test('of what no bridge carries leaves nothing behind, and looks again at its next time', async () => {
    await h.setRule(shop, { everyHours: 1 });
    h.vaults.refusal = 'NativeHasNoRoute';
    await dueNow();
    const next = await h.scheduler.run(shop.tenantId);
    expect(next?.getTime()).toBeGreaterThan(Date.now());
    expect(await all()).toEqual([]);
    h.vaults.refusal = undefined;
    await dueNow();
    await h.scheduler.run(shop.tenantId);
    expect(await all()).toMatchObject([{ state: 'REQUESTED' }]);
  });

  test('keeps its time when it is set again as it was, and ends when it is set without', async () => {
    const next = async () => (await h.scheduler.run(shop.tenantId))?.getTime();
    await h.setRule(shop, { everyHours: 5 });
    const before = await next();
    await h.setRule(shop, { everyHours: 5, maxCostBps: 7 });
    expect(await next()).toBe(before);
    await h.setRule(shop, { everyHours: null });
    expect(await next()).toBeUndefined();
  });
});

describe('a settlement that is cancelled', () => {
  const cancel = (id: string) => h.settlements.cancel(shop.tenantId, { settlementId: id as never });

  test('fails with that reason, is told, and frees what it held for another', async () => {
    await h.admin.query(
      `insert into webhook_endpoints (tenant_id, url, description, event_types) values ($1, 'https://r.example', '', '{settlement.failed}')`,
      [shop.tenantId],
    );
    await h.setRule(shop, { approvalAbove: '1' });
    const asked = await h.advance(shop, await h.request(shop));
    expect(asked.state).toBe('AWAITING_APPROVAL');
    expect(await cancel(asked.id)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'SETTLEMENT_CANCELLED', nextStep: expect.stringContaining('where it was') },
    });
    const { rows } = await h.admin.query(
      "select type from webhook_events where tenant_id = $1 and type = 'settlement.failed'",
      [shop.tenantId],
    );
    expect(rows).toHaveLength(1);
    expect((await h.request(shop)).id).not.toBe(asked.id);
    await expect(cancel(asked.id)).rejects.toMatchObject({ code: 'SETTLEMENT_NOT_CANCELLABLE' });
  });

  test('is not carried out by a worker that had read it before', async () => {
    await h.setRule(shop);
    const asked = await h.request(shop);
    await cancel(asked.id);
    expect(await h.update(shop, asked, { state: 'SUBMITTED', route: 'CCIP' })).toBe(false);
    const sent = h.transactions.submitted.length;
    expect(await h.advance(shop, asked, 3)).toMatchObject({ state: 'FAILED' });
    expect(h.transactions.submitted).toHaveLength(sent);
  });

  test('must not have been submitted', async () => {
    await h.setRule(shop);
    const asked = await h.advance(shop, await h.request(shop), 2);
    expect(asked.state).toBe('SUBMITTED');
    await expect(cancel(asked.id)).rejects.toMatchObject({ code: 'SETTLEMENT_NOT_CANCELLABLE' });
    expect(await h.settlements.get(shop.tenantId, asked.id)).toMatchObject({ state: 'SUBMITTED' });
  });
});
