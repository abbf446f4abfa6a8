import { settlementKey } from '../../../chains/evm/registry/vault-calls';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { SettlementApprovedBeforeError } from '../../../domain/settlement/settlement-errors';
import { erc20MoneyId } from '../../../schema/caip';
import { inDeadRequest } from '../../support/dead-request';
import { ARTIST, DOLLAR, HOME, MIRROR, SettlementHarness, type Shop } from './harness';

let h: SettlementHarness;

beforeAll(async () => {
  h = await SettlementHarness.create();
});
afterAll(() => h?.destroy());
beforeEach(() => {
  h.vaults.feeWei = 1_000n;
  h.vaults.refusal = undefined;
  h.vaults.remitted.clear();
  h.transactions.submitted.length = 0;
  h.owe(1_000_000n);
});

const all = async ({ tenantId }: Shop) => {
  const { rows } = await h.admin.query('select state from settlements where tenant_id = $1', [tenantId]);
  return rows;
};
const keys = () => h.transactions.submitted.map(({ intentKey }) => intentKey);

describe('approval', () => {
  test('takes two different people: one person’s second approval is refused, and changes nothing', async () => {
    const shop = await h.shop();
    const [ada, bea] = await Promise.all([h.member(shop), h.member(shop)]);
    const asked = await h.advance(shop, await h.request(shop));
    expect(asked).toMatchObject({ state: 'AWAITING_APPROVAL', approvalReason: 'COST_UNKNOWN' });
    const approval = { settlementId: asked.id, amount: asked.amount };
    expect(await h.settlements.approve(shop.tenantId, ada, approval)).toMatchObject({
      state: 'AWAITING_APPROVAL',
      approvals: [{ memberId: ada }],
    });
    const again = h.settlements.approve(shop.tenantId, ada, approval);
    await expect(again).rejects.toThrow(SettlementApprovedBeforeError);
    expect((await h.advance(shop, asked, 2)).state).toBe('AWAITING_APPROVAL');
    expect(keys()).toEqual([]);
    expect((await h.settlements.approve(shop.tenantId, bea, approval)).state).toBe('APPROVED');
    expect((await h.advance(shop, asked, 2)).state).toBe('SUBMITTED');
    expect(keys()).toEqual([`settlement:${asked.id}:remit:1`]);
  });

  test('given twice at once by one person counts once', async () => {
    const shop = await h.shop();
    const ada = await h.member(shop);
    const asked = await h.advance(shop, await h.request(shop));
    const approval = { settlementId: asked.id, amount: asked.amount };
    const answers = await Promise.allSettled(
      Array.from({ length: 4 }, () => h.settlements.approve(shop.tenantId, ada, approval)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await h.settlements.get(shop.tenantId, asked.id)).toMatchObject({ state: 'AWAITING_APPROVAL' });
  });

  test('of two people at once is enough, and sends once', async () => {
    const shop = await h.shop();
    const people = await Promise.all([h.member(shop), h.member(shop)]);
    const asked = await h.advance(shop, await h.request(shop));
    const approval = { settlementId: asked.id, amount: asked.amount };
    await Promise.all(people.map((memberId) => h.settlements.approve(shop.tenantId, memberId, approval)));
    expect((await h.advance(shop, asked, 3)).state).toBe('SUBMITTED');
    expect(keys()).toHaveLength(1);
  });

  test('is of one amount, and of none that needs no approval', async () => {
    const shop = await h.shop();
    const ada = await h.member(shop);
    const asked = await h.request(shop);
    const refused = { code: 'SETTLEMENT_NOT_AWAITING_APPROVAL' };
    const approve = (amount: string) =>
      h.settlements.approve(shop.tenantId, ada, { settlementId: asked.id, amount });
    await expect(approve(asked.amount)).rejects.toMatchObject(refused);
    await h.advance(shop, asked);
    await expect(approve('999999')).rejects.toMatchObject(refused);
  });

  test('bounds what goes: later money stays, and a fee that has grown by more than a fifth waits', async () => {
    const shop = await h.shop();
    await h.setRule(shop, { approvalAbove: '10' });
    const people = await Promise.all([h.member(shop), h.member(shop)]);
    const asked = await h.advance(shop, await h.request(shop));
    expect(asked).toMatchObject({ approvalReason: 'OVER_LIMIT', amount: '1000000' });
    for (const memberId of people)
      await h.settlements.approve(shop.tenantId, memberId, { settlementId: asked.id, amount: '1000000' });
    h.owe(5_000_000n);
    h.vaults.feeWei = 1_201n;
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'APPROVED',
      waitingFor: expect.stringContaining('1201 wei'),
    });
    h.vaults.feeWei = 1_200n;
    expect(await h.advance(shop, asked)).toMatchObject({ state: 'SUBMITTED', amount: '1000000' });
  });

  test('lapses when the bridge has asked for more for a day, so that it can be asked for anew', async () => {
    const shop = await h.shop();
    const people = await Promise.all([h.member(shop), h.member(shop)]);
    const asked = await h.advance(shop, await h.request(shop));
    for (const memberId of people)
      await h.settlements.approve(shop.tenantId, memberId, { settlementId: asked.id, amount: asked.amount });
    h.vaults.feeWei = 5_000n;
    expect((await h.advance(shop, asked)).state).toBe('APPROVED');
    await h.admin.query(`update settlements set state_since = now() - interval '25 h' where id = $1`, [
      asked.id,
    ]);
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'FEE_LIMIT_EXCEEDED' },
    });
    expect((await h.request(shop)).id).not.toBe(asked.id);
  });
});

describe('a settlement', () => {
  test('that is asked for again while it is under way is the same', async () => {
    const shop = await h.shop();
    const [one, other] = await Promise.all([h.request(shop), h.request(shop)]);
    expect(other.id).toBe(one.id);
  });

  test('is of tokens that the owner knows: what anyone pays in besides is settled only if it is named', async () => {
    const shop = await h.shop();
    await expect(h.request(shop, HOME, null)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE' });
    expect(await h.request(shop, HOME)).toMatchObject({ state: 'REQUESTED' });
  });

  test('waits while the bridge asks for more than its share, takes what comes in meanwhile, and goes when it is worth it', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    h.vaults.feeWei = 20_000n;
    const asked = await h.request(shop);
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'REQUESTED',
      waitingFor: 'a lower price: CCIP asks 20000 wei',
    });
    expect(keys()).toEqual([]);
    h.owe(2_000_000n);
    expect(await h.advance(shop, asked, 2)).toMatchObject({
      state: 'SUBMITTED',
      amount: '2000000',
      feeWei: '20000',
    });
    expect(keys()).toHaveLength(1);
  });

  test('takes only what a final block owes, and of that only what is still there', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    h.owe(1_000_000n, 0n);
    await expect(h.request(shop)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE' });
    h.owe(1_000_000n, 600_000n);
    const asked = await h.request(shop);
    expect(asked.amount).toBe('600000');
    h.vaults.feeWei = 1_000_000n;
    h.owe(1_000_000n, 700_000n);
    expect(await h.advance(shop, asked)).toMatchObject({ state: 'REQUESTED', amount: '700000' });
    h.vaults.feeWei = 1_000n;
    h.owe(500_000n, 600_000n);
    expect(await h.advance(shop, asked)).toMatchObject({ state: 'SUBMITTED', amount: '500000' });
  });

  test('waits while its lane is paused, also when the pause comes between decision and sending', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const asked = await h.advance(shop, await h.request(shop));
    expect(asked.state).toBe('SUBMITTED');
    await h.gate(shop, 'LanePaused');
    const paused = { state: 'REQUESTED', waitingFor: expect.stringContaining('lane') };
    for (let look = 0; look < 3; look += 1) expect(await h.advance(shop, asked)).toMatchObject(paused);
    expect(keys()).toEqual([]);
    await h.gate(shop, 'LaneResumed');
    await h.advance(shop, asked, 2);
    expect(keys()).toEqual([`settlement:${asked.id}:remit:1`]);
  });

  test('is not changed by who decided on an older state of it', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const before = await h.request(shop);
    await h.advance(shop, before);
    expect(await h.update(shop, before, { state: 'SUBMITTED', amount: '5' })).toBe(false);
    expect(await h.settlements.get(shop.tenantId, before.id)).toMatchObject({ amount: '1000000' });
  });

  test('that was written down before its worker died is sent as written, once, whatever is owed by then', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const asked = await h.advance(shop, await h.request(shop));
    expect(asked.state).toBe('SUBMITTED');
    h.owe(9_000_000n);
    await Promise.all([h.advance(shop, asked), h.advance(shop, asked, 3)]);
    expect(new Set(keys())).toEqual(new Set([`settlement:${asked.id}:remit:1`]));
    expect(await h.settlements.get(shop.tenantId, asked.id)).toMatchObject({ amount: '1000000' });
  });

  test('whose vault has sent it already is not sent again', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const asked = await h.advance(shop, await h.request(shop));
    h.vaults.remitted.add(settlementKey(asked.id));
    expect((await h.advance(shop, asked, 2)).state).toBe('SUBMITTED');
    expect(keys()).toEqual([]);
  });

  test('that the chain refuses in mid-way is decided anew, under the same name, five times at most', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const asked = await h.advance(shop, await h.request(shop));
    h.vaults.refusal = 'ReentrancyGuardReentrantCall';
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'REQUESTED',
      waitingFor: expect.stringContaining('Reentrancy'),
    });
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'REQUESTED',
      waitingFor: expect.stringContaining('CCIP: '),
    });
    h.vaults.refusal = undefined;
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await h.advance(shop, asked, 2);
      const reverted = {
        hash: `0x${'1'.repeat(64)}`,
        blockNumber: 1n,
        blockHash: '0x1',
        succeeded: false,
      } as const;
      h.transactions.become(`settlement:${asked.id}:remit:${attempt}`, {
        state: 'final',
        inclusion: reverted,
      });
      await h.advance(shop, asked);
    }
    expect(keys()).toEqual([1, 2, 3, 4, 5].map((attempt) => `settlement:${asked.id}:remit:${attempt}`));
    const calls = new Set(h.transactions.submitted.map(({ data }) => data));
    expect(calls.size).toBe(1);
    expect(await h.settlements.get(shop.tenantId, asked.id)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'EXECUTION_REVERTED' },
    });
  });

  test('settles what is left when the vault lost some, and fails when nothing is left', async () => {
    const shop = await h.shop();
    await h.setRule(shop);
    const asked = await h.request(shop);
    h.owe(400_000n);
    expect(await h.advance(shop, asked)).toMatchObject({ state: 'SUBMITTED', amount: '400000' });
    h.transactions.refusal = '0x';
    await h.advance(shop, asked);
    h.owe(0n);
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'NOTHING_TO_SETTLE' },
    });
    await expect(h.request(shop)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE' });
  });

  test('of what no bridge carries is refused each time it is asked for, and leaves nothing behind', async () => {
    const shop = await h.shop();
    h.vaults.refusal = 'NativeHasNoRoute';
    for (let nth = 0; nth < 2; nth += 1) {
      const refused = h.request(shop);
      await expect(refused).rejects.toMatchObject({ code: 'SETTLEMENT_NO_ROUTE', retryable: false });
      await expect(refused).rejects.toThrow('stays credited');
    }
    expect(await all(shop)).toEqual([]);
  });

  test('goes where there is a way, and leaves out what no bridge carries', async () => {
    const shop = await h.shop();
    for (const chainId of [HOME, MIRROR]) await h.setRule(shop, { asset: erc20MoneyId(chainId, DOLLAR) });
    h.vaults.refusal = 'NativeHasNoRoute';
    const asked = await h.settlements.request(shop.tenantId, {
      registryId: shop.registryId,
      lane: 'CHEAPEST',
    });
    expect(asked.map(({ sourceChainId }) => sourceChainId)).toEqual([HOME]);
    expect(await all(shop)).toEqual([{ state: 'REQUESTED' }]);
  });

  test('whose last bridge is lost before it goes fails and leaves the money where it is', async () => {
    const shop = await h.shop();
    const asked = await h.request(shop);
    h.vaults.refusal = 'NativeHasNoRoute';
    expect(await h.advance(shop, asked)).toMatchObject({
      state: 'FAILED',
      failure: { code: 'SETTLEMENT_NO_ROUTE', nextStep: expect.stringContaining('stays credited') },
    });
    expect(keys()).toEqual([]);
  });

  test.each([
    ['PAYMENT_REFUSED', true],
    ['NOTHING_TO_SETTLE', false],
  ])('that pays nothing out fails with %s once that is final', async (code, isRefused) => {
    const shop = await h.shop();
    const asked = await h.advance(shop, await h.request(shop, HOME), 2);
    expect(asked).toMatchObject({ state: 'SUBMITTED', route: 'LOCAL', credits: [{ payee: ARTIST }] });
    const hash = `0x${'9'.repeat(64)}` as const;
    h.vaults.receipts.set(hash, isRefused ? [h.vaults.refusedLog()] : []);
    const inclusion = { hash, blockNumber: 1n, blockHash: hash, succeeded: true };
    h.transactions.become(`settlement:${asked.id}:pay:1`, { state: 'final', inclusion });
    expect(await h.advance(shop, asked)).toMatchObject({ state: 'FAILED', failure: { code } });
  });
});

test('a request whose process died is answered with the settlements that it began, though nothing is owed since', async () => {
  const shop = await h.shop();
  const request = () =>
    inDeadRequest(h.idempotency, shop.tenantId, { key: 'a', field: 'requestSettlement' }, () =>
      h.request(shop),
    );
  const asked = await request();
  h.owe(0n);

  expect((await request()).id).toBe(asked.id);
  await expect(h.request(shop)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE' });
  expect(await all(shop)).toHaveLength(1);
});

test('a settlement is asked for while a mint holds its registry: neither waits for the other', async () => {
  const shop = await h.shop();
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  const asked = await h.tenants.transaction(shop.tenantId, async (tx) => {
    await registries.lock(tx, shop.registryId);
    const elsewhere = h.tenants.transaction(shop.tenantId, async (other) => {
      await other.manager.query("set local lock_timeout = '2s'");
      return registries.setOwner(other, shop.registryId, ARTIST);
    });
    await expect(elsewhere).rejects.toMatchObject({ driverError: { code: '55P03' } });
    return h.request(shop);
  });
  expect(await h.settlements.get(shop.tenantId, asked.id)).toMatchObject({ id: asked.id });
});
