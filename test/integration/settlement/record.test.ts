import { payeeIdOf, payeeOf } from '../../../chains/evm/registry/payees';
import type { RegistryEvent } from '../../../domain/provenance/registry-event';
import { erc20MoneyId } from '../../../schema/caip';
import type { Settlement } from '../../../schema/types/settlement';
import { event } from '../../support/travel-events';
import { ARTIST, DOLLAR, HOME, MIRROR, SettlementHarness, type Shop } from './harness';

const AMOUNT = 1_000n;

let h: SettlementHarness;
let shop: Shop;
let asked: Settlement;

beforeAll(async () => {
  h = await SettlementHarness.create();
});
afterAll(() => h?.destroy());
beforeEach(async () => {
  h.owe(AMOUNT);
  h.vaults.feeWei = 1n;
  shop = await h.shop();
  await h.setRule(shop);
  // Nobody is told without an endpoint.
  await h.admin.query(
    `insert into webhook_endpoints (tenant_id, url, description, event_types) values ($1, 'https://r.example', '', '{*}')`,
    [shop.tenantId],
  );
  asked = await h.advance(shop, await h.request(shop), 2);
});

const now = () => h.settlements.get(shop.tenantId, asked.id);
const asFinal = (one: RegistryEvent): RegistryEvent => ({ ...one, final: true });

/** What was told, oldest first. */
async function told(): Promise<string[]> {
  const { rows } = await h.admin.query<{ said: string }>(
    `select type || ' ' || finality as said from webhook_events where tenant_id = $1 order by sequence`,
    [shop.tenantId],
  );
  return rows.map(({ said }) => said);
}

test('a settlement goes along as its vaults log, provisional until their blocks are final', async () => {
  const { remitted, credited } = h.journey(asked, AMOUNT, false);
  await h.record(shop, [], [remitted]);
  expect(await now()).toMatchObject({ state: 'SENT', provisional: true, messageId: expect.any(String) });
  await h.record(shop, [], [asFinal(remitted)]);
  expect(await now()).toMatchObject({ state: 'SENT', provisional: false });
  await h.record(shop, [], credited);
  expect(await now()).toMatchObject({
    state: 'CREDITED',
    provisional: true,
    credits: [{ received: '1000' }],
  });
  await h.record(shop, [], credited.map(asFinal));
  expect(await now()).toMatchObject({ state: 'CREDITED', provisional: false });
  expect(await told()).toEqual([
    'settlement.requested final',
    'settlement.sent provisional',
    'settlement.sent final',
    'settlement.credited provisional',
    'settlement.credited final',
  ]);
});

test('what a reorg takes goes back a state, is said to, and comes again', async () => {
  const { remitted, credited } = h.journey(asked, AMOUNT, false);
  await h.record(shop, [], [remitted, ...credited]);
  expect((await now()).state).toBe('CREDITED');
  await h.record(shop, credited, []);
  expect(await now()).toMatchObject({ state: 'SENT', credits: [{ received: null }] });
  await h.record(shop, [remitted], []);
  expect(await now()).toMatchObject({ state: 'SUBMITTED', sourceTransactionHash: null });
  expect(await told()).toEqual([
    'settlement.requested final',
    'settlement.credited provisional',
    'settlement.credited reverted',
    'settlement.sent provisional',
    'settlement.sent reverted',
  ]);
  await h.record(shop, [], [remitted, ...credited].map(asFinal));
  expect(await now()).toMatchObject({ state: 'CREDITED', provisional: false });
});

test('the books have what is final, once: in transit, then at the payee’s, and never what is provisional', async () => {
  const { remitted, credited } = h.journey(asked, AMOUNT, false);
  await h.record(shop, [], [remitted]);
  expect(await h.balances(shop)).toEqual({});
  await h.record(shop, [], [asFinal(remitted)]);
  await h.record(shop, [], [asFinal(remitted)]);
  expect(await h.balances(shop)).toEqual({ [`VAULT ${MIRROR}`]: -AMOUNT, [`IN_TRANSIT ${MIRROR}`]: AMOUNT });
  await h.record(shop, [], credited.map(asFinal));
  expect(await h.balances(shop)).toEqual({
    [`VAULT ${MIRROR}`]: -AMOUNT,
    [`ARTIST_PAYABLE ${MIRROR}`]: AMOUNT,
    [`VAULT ${HOME}`]: AMOUNT,
    [`ARTIST_PAYABLE ${HOME}`]: -AMOUNT,
  });
});

test('a breach of finality takes a movement back out of the books, and it is posted again when it comes again', async () => {
  const remitted = asFinal(h.journey(asked, AMOUNT, true).remitted);
  for (let times = 0; times < 2; times += 1) {
    await h.record(shop, [], [remitted]);
    expect(await h.balances(shop)).toMatchObject({ [`IN_TRANSIT ${MIRROR}`]: AMOUNT });
    await h.record(shop, [remitted], []);
    await h.record(shop, [remitted], []);
    expect(await h.balances(shop)).toEqual({});
  }
});

test('a payout that nobody asked us for is in the books, too, and a loss of the token', async () => {
  const args = { token: DOLLAR, payeeId: payeeIdOf(payeeOf(ARTIST)), recipient: DOLLAR };
  const paid = event('PayeePaid', { ...args, amount: '5', spent: '6' }, { chainId: HOME });
  const lost = event('LossRecorded', { token: DOLLAR, lost: '4', era: '0' }, { chainId: HOME });
  await h.record(shop, [], [paid, lost]);
  expect(await h.balances(shop)).toEqual({
    [`VAULT ${HOME}`]: -10n,
    [`ARTIST_PAYABLE ${HOME}`]: 6n,
    [`VAULT_LOSS ${HOME}`]: 4n,
  });
});

test('a payout to who takes a platform’s fee is taken off what the books owe as fees', async () => {
  const asset = erc20MoneyId(MIRROR, DOLLAR);
  await h.credit(shop, [
    { account: { kind: 'PLATFORM_FEE', owner: ARTIST, asset }, amount: -9n },
    { account: { kind: 'SUSPENSE', owner: ARTIST, asset }, amount: 9n },
  ]);
  const args = { token: DOLLAR, payeeId: payeeIdOf(payeeOf(ARTIST)), recipient: DOLLAR };
  await h.record(shop, [], [event('PayeePaid', { ...args, amount: '5', spent: '5' }, { chainId: HOME })]);
  expect(await h.balances(shop)).toEqual({
    [`PLATFORM_FEE ${MIRROR}`]: -9n,
    [`SUSPENSE ${MIRROR}`]: 9n,
    [`VAULT ${HOME}`]: -5n,
    [`PLATFORM_FEE ${HOME}`]: 5n,
  });
});

test('what a vault rounds off after a loss is nobody’s, and holds nothing up', async () => {
  const { remitted, credited } = h.journey(asked, AMOUNT, true);
  const rounded = credited.map((one) =>
    one.name === 'PayeeCredited' ? { ...one, args: { ...one.args, amount: '999' } } : one,
  );
  await h.record(shop, [], [remitted, ...rounded]);
  expect(await now()).toMatchObject({ state: 'CREDITED', credits: [{ received: '999' }] });
  expect(await h.balances(shop)).toMatchObject({
    [`VAULT ${HOME}`]: AMOUNT,
    [`ARTIST_PAYABLE ${HOME}`]: -999n,
    [`UNSPLIT ${HOME}`]: -1n,
  });
});

test('what a changed split leaves to an earlier payee is still owed to it', async () => {
  const shares = JSON.stringify([{ payee: payeeOf(`${HOME}:${DOLLAR}` as typeof ARTIST), bps: 10_000 }]);
  await h.record(shop, [], [event('SplitStated', { revision: '2', shares }, { chainId: MIRROR })]);
  expect(await h.advance(shop, asked)).toMatchObject({ credits: [{ payee: ARTIST, amount: '1000' }] });
});

test('vault, record and books are compared as of a final block, and each difference is told', async () => {
  const paidIn = event(
    'MoneyReceived',
    { token: DOLLAR, payer: DOLLAR, received: '50' },
    { chainId: MIRROR },
  );
  await h.record(shop, [], [paidIn]);
  const reconciled = async () =>
    (await h.reconciliations.reconcile(shop.tenantId, shop.registryId)).find(
      ({ chainId }) => chainId === MIRROR,
    );
  [h.vaults.balance, h.vaults.owed] = [50n, 50n];
  expect(await reconciled()).toMatchObject({ balanced: true, booked: '50', recorded: '50', differences: [] });
  [h.vaults.balance, h.vaults.owed] = [57n, 49n];
  await h.record(shop, [], [h.journey(asked, 10n, true).remitted]);
  expect(await reconciled()).toMatchObject({
    balanced: false,
    balance: '57',
    owed: '49',
    recorded: '40',
    booked: '40',
    differences: [
      'the vault has 57, it owes 49: 8',
      'the vault owes 49, the record has 40: 9',
      'the vault has 57, the books have 40: 17',
    ],
  });
});
