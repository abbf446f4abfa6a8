import type { QueryRunner } from 'typeorm';
import { encodeErrorResult } from 'viem';
import { royaltyReceiverAbi } from '../../../chains/abi/royalty-receiver';
import { forwardCall } from '../../../chains/evm/registry/money';
import { MoneyOfRegistries1700000000038 } from '../../../migrations/0038-money-of-registries';
import { erc20MoneyId } from '../../../schema/caip';
import { guardActionIdSchema } from '../../../schema/ids';
import { JOBS_WHILE_SUSPENDED } from '../../../schema/jobs';
import { event } from '../../support/travel-events';
import { RECEIVER } from './fake-vaults';
import { DOLLAR, HOME, MIRROR, SettlementHarness, type Shop } from './harness';

const ASSET = erc20MoneyId(MIRROR, DOLLAR);
const REFUSAL = encodeErrorResult({ abi: royaltyReceiverAbi, errorName: 'NothingToForward', args: [DOLLAR] });

let h: SettlementHarness;
let shop: Shop;
beforeAll(async () => {
  h = await SettlementHarness.create();
});
afterAll(() => h?.destroy());
beforeEach(async () => {
  h.owe(0n);
  h.vaults.isSilent = false;
  lie(1_000n);
  shop = await h.shop(RECEIVER);
});

/** What lies in the receiver. @param finalAmount - By the last final block, if that has another. */
function lie(amount: bigint, finalAmount = amount): void {
  h.vaults.lying = amount;
  h.vaults.finalLying = finalAmount;
}

const forwards = async () => {
  const { rows } = await h.admin.query<{ id: string; state: string; failure: string | null }>(
    `select id, state, failure, asset, amount::text as amount, chain_id as "chainId" from guard_actions
      where tenant_id = $1 and kind = 'FORWARD_ROYALTIES' order by created_at, id`,
    [shop.tenantId],
  );
  return rows;
};
const jobs = async () => {
  const { rows } = await h.admin.query<{ job: string }>(
    `select job from outbox where tenant_id = $1 and job in ('forward-royalties', 'advance-guard-action', 'look-into-receivers')
      order by job`,
    [shop.tenantId],
  );
  return rows.map(({ job }) => job);
};
const look = () => h.forwarder.look(shop.tenantId);
const advanceLast = async () => {
  const id = guardActionIdSchema.parse((await forwards()).at(-1)?.id);
  const lookAgainMs = await h.guardWorker.advance(shop.tenantId, id);
  return { intentKey: `guard:${id}:forward`, lookAgainMs };
};
const sent = () => h.transactions.submitted.filter(({ to }) => to === RECEIVER);

test('what lies in a receiver is forwarded without being asked for, once, by one transaction of the tenant’s account', async () => {
  await h.setRule(shop);
  expect(await jobs()).toEqual(['look-into-receivers']);
  expect(await look()).toBe(600_000);
  // More comes before it is sent: that goes with it.
  lie(1_200n);
  expect(await look()).toBe(600_000);
  expect(await forwards()).toMatchObject([
    { state: 'REQUESTED', asset: ASSET, amount: '1000', chainId: MIRROR },
  ]);
  const before = sent().length;
  const { intentKey } = await advanceLast();
  await advanceLast();
  expect(sent().slice(before)).toEqual([
    { tenantId: shop.tenantId, chainId: MIRROR, intentKey, valueWei: 0n, ...forwardCall(RECEIVER, DOLLAR) },
  ]);
  lie(0n);
  expect((await advanceLast()).lookAgainMs).toBeGreaterThan(0);
  expect(await forwards()).toMatchObject([{ state: 'REQUESTED' }]);
  h.transactions.become(intentKey, {
    state: 'final',
    inclusion: { succeeded: true, blockNumber: 1n } as never,
  });
  expect((await advanceLast()).lookAgainMs).toBeUndefined();
  expect(await forwards()).toMatchObject([{ state: 'DONE' }]);
});

test('what comes after a forward is another one, also if as much', async () => {
  await h.setRule(shop);
  await look();
  const { intentKey } = await advanceLast();
  h.transactions.become(intentKey, {
    state: 'final',
    inclusion: { succeeded: true, blockNumber: 1n } as never,
  });
  // More has come before we look: it is not this one's.
  await advanceLast();
  await look();
  expect(await forwards()).toMatchObject([{ state: 'DONE' }, { state: 'REQUESTED' }]);
  expect((await advanceLast()).intentKey).not.toBe(intentKey);
});

test('what no rule names is left, and so is what is less than a rule lets settle', async () => {
  expect(await look()).toBeUndefined();
  await h.setRule(shop, { asset: erc20MoneyId(MIRROR, RECEIVER), minAmount: '1001' });
  expect(await look()).toBe(600_000);
  expect(await forwards()).toEqual([]);
  lie(1_001n);
  await look();
  expect(await forwards()).toMatchObject([{ asset: erc20MoneyId(MIRROR, RECEIVER), amount: '1001' }]);
});

test('what a reorg may take back is not forwarded, nor what somebody else has forwarded meanwhile', async () => {
  await h.setRule(shop);
  lie(1_000n, 0n);
  await look();
  lie(0n, 1_000n);
  await look();
  expect(await forwards()).toEqual([]);
  lie(1_000n);
  await look();
  lie(0n);
  const before = sent().length;
  await advanceLast();
  expect(await forwards()).toMatchObject([{ state: 'DONE' }]);
  expect(sent()).toHaveLength(before);
});

test('what is refused is recorded with the reason, and tried anew only when more has come, or somebody asks', async () => {
  await h.setRule(shop);
  await look();
  h.transactions.refusal = REFUSAL;
  expect((await advanceLast()).lookAgainMs).toBeUndefined();
  const [refused] = await forwards();
  expect(refused).toMatchObject({ state: 'FAILED', failure: expect.stringContaining('NothingToForward') });
  await look();
  expect(await forwards()).toHaveLength(1);
  lie(1_001n);
  await look();
  expect(await forwards()).toHaveLength(2);
  h.transactions.refusal = REFUSAL;
  await advanceLast();
  await expect(h.request(shop)).rejects.toMatchObject({ code: 'NOTHING_TO_SETTLE' });
  expect(await forwards()).toMatchObject([{ state: 'FAILED' }, { state: 'FAILED' }, { state: 'REQUESTED' }]);
});

test('nothing is forwarded on a chain that is given up, asked for before or after', async () => {
  const giveUp = () =>
    h.admin.query(
      `insert into guard_actions (tenant_id, registry_id, kind, reason, chain_id, peer_chain_id, subject)
       values ($1, $2, 'RETIRE_CHAIN', 'dead', $3, $4, $4)`,
      [shop.tenantId, shop.registryId, HOME, MIRROR],
    );
  await h.setRule(shop);
  await look();
  await giveUp();
  const before = sent().length;
  await advanceLast();
  expect(await forwards()).toMatchObject([{ state: 'FAILED', failure: 'The chain is given up.' }]);
  expect(sent()).toHaveLength(before);
  lie(2_000n);
  await look();
  expect(await forwards()).toHaveLength(1);
});

test('a suspended tenant’s forwards wait: no job of theirs is one that goes on meanwhile', async () => {
  await h.setRule(shop);
  await look();
  expect(await jobs()).toEqual(['forward-royalties', 'look-into-receivers']);
  expect(JOBS_WHILE_SUSPENDED).toContain('advance-guard-action');
  expect((await jobs()).filter((job) => JOBS_WHILE_SUSPENDED.includes(job))).toEqual([]);
});

test('a token that does not answer holds up nobody else’s money', async () => {
  await h.setRule(shop);
  h.vaults.isSilent = true;
  expect(await look()).toBe(600_000);
  expect(await forwards()).toEqual([]);
});

test('who asks for a settlement has what lies there forwarded first, and is told so while nothing is owed', async () => {
  await h.setRule(shop);
  await expect(h.request(shop)).rejects.toThrow('being forwarded');
  expect(await forwards()).toMatchObject([{ state: 'REQUESTED' }]);
  h.owe(5n);
  expect(await h.request(shop)).toMatchObject({ amount: '5' });
  expect(await forwards()).toHaveLength(1);
});

test('a settlement by schedule waits until what lay in the receiver is in the vault, for an hour at most', async () => {
  const due = (minutes: number) =>
    h.admin.query(
      "update settlement_rules set next_at = now() - $2 * interval '1 minute' where tenant_id = $1",
      [shop.tenantId, minutes],
    );
  const settled = async () => {
    const { rows } = await h.admin.query('select from settlements where tenant_id = $1', [shop.tenantId]);
    return rows.length;
  };
  await h.setRule(shop, { everyHours: 24 });
  h.owe(5n);
  await due(1);
  const next = await h.scheduler.run(shop.tenantId);
  expect(next?.getTime()).toBeLessThan(Date.now() + 60_000);
  expect(await forwards()).toHaveLength(1);
  expect(await settled()).toBe(0);
  lie(0n);
  await advanceLast();
  await h.scheduler.run(shop.tenantId);
  expect(await settled()).toBe(1);
  lie(7n);
  await due(61);
  await h.admin.query("update settlements set state = 'FAILED' where tenant_id = $1", [shop.tenantId]);
  await h.scheduler.run(shop.tenantId);
  expect(await forwards()).toMatchObject([{ state: 'DONE' }, { state: 'REQUESTED' }]);
  expect(await settled()).toBe(2);
});

test('what lies in a receiver is compared with the books as of the same block, also of what no vault ever had', async () => {
  const other = erc20MoneyId(MIRROR, RECEIVER);
  const { rows } = await h.admin.query('select project_id from registries where id = $1', [shop.registryId]);
  const owner = rows[0].project_id;
  const posting = (asset: typeof other, amount: bigint) => [
    { account: { kind: 'RECEIVER', owner, asset } as const, amount },
    { account: { kind: 'SUSPENSE', owner, asset } as const, amount: -amount },
  ];
  await h.credit(shop, posting(other, 30n), { final: true });
  lie(99n, 30n);
  const lines = () => h.reconciliations.reconcile(shop.tenantId, shop.registryId);
  expect(await lines()).toMatchObject([
    { chainId: MIRROR, asset: other, inReceiver: '30', receiverBooked: '30', balanced: true },
  ]);
  lie(99n, 31n);
  expect(await lines()).toMatchObject([
    { balanced: false, differences: ['the receiver has 31, the books have 30: 1'] },
  ]);
  const paidIn = event(
    'MoneyReceived',
    { token: DOLLAR, payer: RECEIVER, received: '50' },
    { chainId: MIRROR },
  );
  await h.credit(shop, posting(ASSET, 80n), { final: true });
  await h.record(shop, [], [paidIn]);
  [h.vaults.balance, h.vaults.owed] = [50n, 50n];
  lie(30n);
  expect(await lines()).toMatchObject([
    { asset: ASSET, booked: '50', inReceiver: '30', receiverBooked: '30', balanced: true },
    { asset: other },
  ]);
  [h.vaults.balance, h.vaults.owed] = [0n, 0n];
});

test('rules of an earlier release are looked into from the upgrade on, once', async () => {
  await h.setRule(shop);
  await h.setRule(shop, { asset: erc20MoneyId(HOME, DOLLAR) });
  await h.admin.query('delete from guard_actions');
  await h.admin.query('delete from outbox');
  // CAST: migrations only query.
  const runner = { query: (sql: string) => h.admin.query(sql) } as unknown as QueryRunner;
  const migration = new MoneyOfRegistries1700000000038();
  await migration.down(runner);
  await migration.up(runner);
  expect(await jobs()).toEqual(['look-into-receivers']);
  // The one that is there is joined: its subject is the same.
  await h.setRule(shop);
  expect(await jobs()).toEqual(['look-into-receivers']);
  await look();
  expect(await forwards()).toHaveLength(2);
});
