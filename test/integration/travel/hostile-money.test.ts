import { type Address, encodeDeployData, encodeFunctionData, erc20Abi, getAddress, parseEther } from 'viem';
import { royaltyRemitterAbi } from '../../../chains/abi/royalty-remitter';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { payeeOf, remitterOf } from '../../../chains/evm/registry/payees';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { NothingToSettleError } from '../../../domain/settlement/settlement-errors';
import { type ChainId, erc20MoneyId, evmAccountId, type MoneyId, moneyIdSchema } from '../../../schema/caip';
import type { RequestSettlement } from '../../../schema/inputs/settlement';
import type { GuardAction } from '../../../schema/types/guard-action';
import type { Settlement } from '../../../schema/types/settlement';
import { accountAt } from '../../devnet/accounts';
import { compiled } from '../../devnet/protocol-artifacts';
import {
  deployAnotherOft,
  deployOft,
  deployTestDollars,
  joinOfts,
  type TestDollar,
} from '../../devnet/test-dollar';
import { money, SEAPORT, SeaportMarket, token } from '../../support/seaport-market';
import { Till } from '../../support/till';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, tokenOf } from '../../support/travel-gallery';
import { BASE, chainClient, HOME, until } from '../../support/travel-steps';

const [ADA, BOB] = [8, 9];
const ARTIST = getAddress('0x00000000000000000000000000000000a27157aa');
const HEIR = getAddress('0x000000000000000000000000000000000000e112');
const TokenMood = { FEE_FROM_RECEIVER: 1 };
const PayeeMood = { ACCEPTS: 0, REVERTS: 1, BURNS_ALL_GAS: 2 };
const moodyToken = compiled('MoodyToken', 'HostileMoney');
const moodyPayee = compiled('MoodyPayee', 'HostileMoney');
const NATIVE = moneyIdSchema.parse(`${HOME}/slip44:60`);
const TWO_DAYS_SECONDS = 172_800;

let harness: TravelHarness;
let gallery: Gallery;
let market: SeaportMarket;
let till: Till;
/** Charges whoever gets it one per cent of what comes. */
let charging: Address;
/** Contracts that have a share each, and take no native money. */
let burner: Address;
let reverter: Address;
/** A second dollar, by chain. */
let dollars: ReadonlyMap<ChainId, TestDollar>;

beforeAll(async () => {
  harness = await TravelHarness.start({ chains: { seaport: [SEAPORT] } });
  gallery = await Gallery.open(harness, {
    mirrorChainIds: [BASE],
    artistAccount: evmAccountId(HOME, ARTIST),
  });
  market = await SeaportMarket.open(harness, HOME);
  charging = await deploy(moodyToken);
  burner = await deploy(moodyPayee);
  reverter = await deploy(moodyPayee);
  await setMood(burner, PayeeMood.BURNS_ALL_GAS);
  await setMood(reverter, PayeeMood.REVERTS);
  till = await Till.open(harness, gallery, [
    { account: evmAccountId(HOME, ARTIST), bps: 5_000 },
    { account: evmAccountId(HOME, burner), bps: 2_000 },
    { account: evmAccountId(HOME, reverter), bps: 2_000 },
    { account: evmAccountId(BASE, HEIR), bps: 1_000 },
  ]);
  dollars = await deployTestDollars(harness.devnet);
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

async function deploy({ abi, bytecode }: typeof moodyToken): Promise<Address> {
  const { contractAddress } = await market.send(BOB, { data: encodeDeployData({ abi, bytecode }) });
  if (contractAddress == null) throw new Error('it was not deployed');
  return getAddress(contractAddress);
}

/** Both kinds of contract have it. */
const setMood = (to: Address, mood: number) =>
  market.send(BOB, {
    to,
    data: encodeFunctionData({ abi: moodyPayee.abi, functionName: 'setMood', args: [mood] }),
  });

const dollarOn = (chainId: ChainId): TestDollar => {
  const dollar = dollars.get(chainId);
  if (dollar === undefined) throw new Error(`there is no dollar on ${chainId}`);
  return dollar;
};

const held = (chainId: ChainId, address: Address, account: Address) =>
  chainClient(harness, chainId).readContract({
    abi: erc20Abi,
    address,
    functionName: 'balanceOf',
    args: [account],
  });

/** Asks until something is owed by a final block. */
const settle = (input: Partial<RequestSettlement>): Promise<Settlement[]> =>
  until('something is owed by a final block', async () => {
    const { tenantId, registryId } = gallery;
    try {
      return await harness.domain.settlements.request(tenantId, { registryId, lane: 'CHEAPEST', ...input });
    } catch (error) {
      if (!(error instanceof NothingToSettleError)) throw error;
      return undefined;
    }
  });
const endOf = async (asked: readonly Settlement[]) => {
  const ended = await Promise.all(asked.map(({ id }) => till.ended(id)));
  return new Map(ended.map((one) => [one.credits[0]?.payee, one]));
};

/** Asks the owner for an OFT by the service, and waits until the action has come to an end or to what it waits for. */
async function nameOft(chainId: ChainId, asset: Address, oft: Address): Promise<GuardAction> {
  const { tenantId, registryId } = gallery;
  return harness.domain.remittanceOfts.set(tenantId, {
    registryId,
    asset: erc20MoneyId(chainId, asset),
    oft: evmAccountId(chainId, oft),
    reason: 'our dollar',
  });
}
const ended = ({ id }: GuardAction) =>
  until(`action ${id} has ended`, async () => {
    const [now] = await harness.domain.guard.findByIds(gallery.tenantId, [id]);
    return now !== undefined && now.state !== 'REQUESTED' && now;
  });
const oftOf = (chainId: ChainId, asset: Address) =>
  chainClient(harness, chainId).readContract({
    abi: royaltyRemitterAbi,
    address: remitterOf(till.vault(chainId)),
    functionName: 'oftOf',
    args: [asset],
  });

/** What is told of one asset on home, once the vault has so much by the books. */
const reconciled = (asset: MoneyId, amount: bigint) =>
  until(`the books have ${amount} of ${asset} in the vault`, async () => {
    const { tenantId, registryId } = gallery;
    const lines = await harness.domain.reconciliations.reconcile(tenantId, registryId);
    const line = lines.find((one) => one.asset === asset);
    return line?.booked === String(amount) && line;
  });

test('a sale in a token that charges for transfers is short by what was charged, and nobody is credited with more than came', async () => {
  const asset = erc20MoneyId(HOME, charging);
  const mood = { abi: moodyToken.abi };
  const oft = await deployOft(harness.devnet, { ...dollarOn(HOME), dollar: charging });
  expect(await ended(await nameOft(HOME, charging, oft))).toMatchObject({ state: 'DONE' });
  const far = { ...dollarOn(BASE), oft: await deployOft(harness.devnet, dollarOn(BASE)) };
  await joinOfts(harness.devnet, { ...dollarOn(HOME), oft }, far);
  await till.setRule(asset, parseEther('3000'));
  const [workId] = await gallery.mint(evmAccountId(HOME, accountAt(ADA).address));
  if (workId === undefined) throw new Error('a work was minted');
  const collection = addressOf(gallery.registry, HOME, 'collection');
  const buyer = accountAt(BOB).address;
  await market.send(BOB, {
    to: charging,
    data: encodeFunctionData({ ...mood, functionName: 'mint', args: [buyer, parseEther('100')] }),
  });
  await setMood(charging, TokenMood.FEE_FROM_RECEIVER);
  await market.approveMoney(BOB, charging);
  await market.approveTokens(ADA, collection);
  const { royaltyReceiver: receiver } = contractsOn(gallery.registry, HOME);
  if (receiver === null) throw new Error('the registry takes royalties');
  const asks = [
    money(parseEther('95'), accountAt(ADA).address, charging),
    money(parseEther('5'), receiver, charging),
  ];
  const work = token(collection, tokenOf(await gallery.work(workId)));
  await market.fulfil(BOB, await market.sign(ADA, [work], asks));

  const sale = await until('the sale is final', async () => {
    const page = { first: 10, after: undefined };
    const { edges } = await harness.domain.sales.page(gallery.tenantId, page, { workId });
    return edges[0]?.node.state === 'FINAL' && edges[0].node;
  });
  expect(sale).toMatchObject({
    asset,
    price: String(parseEther('100')),
    expected: String(parseEther('5')),
    paid: String(parseEther('4.95')),
    verdict: 'UNDER',
  });

  // The platform forwards it, for which the token charges once more.
  const settlements = await endOf(await settle({ asset }));
  const credited = parseEther('4.9005');
  const amounts = [ARTIST, burner, reverter].map((payee) => [
    settlements.get(evmAccountId(HOME, payee))?.state,
    settlements.get(evmAccountId(HOME, payee))?.amount,
  ]);
  expect(amounts).toEqual(
    [credited / 2n, credited / 5n, credited / 5n].map((amount) => ['CREDITED', String(amount)]),
  );
  expect(settlements.size).toBe(3);
  expect(await held(HOME, charging, ARTIST)).toBe(credited / 2n - credited / 200n);
  // What is owed elsewhere would not arrive whole, and stays.
  const elsewhere = { asset, payee: evmAccountId(BASE, HEIR) };
  await expect(settle(elsewhere)).rejects.toMatchObject({ code: 'SETTLEMENT_NO_ROUTE' });
  await expect(settle(elsewhere)).rejects.toThrow('UnexpectedDebit');
  expect(await held(HOME, charging, till.vault(HOME))).toBe(credited / 10n);
  // What the forward cost left the receiver without a word of the vault: it is told as a difference.
  expect(await reconciled(asset, credited / 10n)).toMatchObject({
    balance: String(credited / 10n),
    owed: String(credited / 10n),
    inReceiver: '0',
    receiverBooked: String(parseEther('0.0495')),
    differences: [expect.stringContaining('receiver')],
  });
}, 180_000);

test('what the forward cost the platform’s account is in the books, once and to the wei', async () => {
  const { tenantId } = gallery;
  const page = { first: 10, after: undefined };
  const actions = await harness.domain.guard.page(tenantId, page, { kind: 'FORWARD_ROYALTIES' });
  const [forward, ...more] = actions.edges.map(({ node }) => node);
  expect(more).toEqual([]);
  const sent = await harness.domain.transactions.find(tenantId, `guard:${forward?.id}:forward`);
  if (sent?.inclusion === undefined) throw new Error('the platform has forwarded it');
  const client = chainClient(harness, HOME);
  const receipt = await client.getTransactionReceipt({ hash: sent.inclusion.hash });
  const gasWei = String(receipt.gasUsed * receipt.effectiveGasPrice);
  // One more for each of three payments.
  const costs = await until('four costs are in the books', async () => {
    const { edges } = await harness.domain.ledger.entries(tenantId, page, { kind: 'COST' });
    return edges.length >= 4 && edges.map(({ node }) => node);
  });
  expect(costs).toHaveLength(4);
  const paid = costs.map(({ state, postings }) => [
    state,
    postings.find(({ kind }) => kind === 'BRIDGE_COST')?.amount,
  ]);
  expect(paid.filter(([, amount]) => amount === gasWei)).toEqual([['FINAL', gasWei]]);
}, 120_000);

test('payees that revert or burn all gas hold up nobody: the others are paid, and theirs is paid once they take it', async () => {
  await till.sell(HOME, 'native', parseEther('1'));
  const first = await endOf(await settle({ sourceChainId: HOME, asset: NATIVE }));
  const stateOf = (settlements: typeof first, payee: Address) => {
    const { state, failure } = settlements.get(evmAccountId(HOME, payee)) ?? {};
    return [state, failure?.code];
  };
  expect(first.size).toBe(3);
  expect(stateOf(first, ARTIST)).toEqual(['CREDITED', undefined]);
  expect(stateOf(first, burner)).toEqual(['FAILED', 'PAYMENT_REFUSED']);
  expect(stateOf(first, reverter)).toEqual(['FAILED', 'PAYMENT_REFUSED']);
  expect(await till.wallet(HOME, 'native', ARTIST)).toBe(parseEther('0.5'));

  await setMood(burner, PayeeMood.ACCEPTS);
  const again = await endOf(await settle({ sourceChainId: HOME, asset: NATIVE }));
  expect(again.size).toBe(2);
  expect(stateOf(again, burner)).toEqual(['CREDITED', undefined]);
  expect(stateOf(again, reverter)).toEqual(['FAILED', 'PAYMENT_REFUSED']);
  expect(await till.wallet(HOME, 'native', burner)).toBe(parseEther('0.2'));

  // Whoever refuses it takes it elsewhere.
  const payee = payeeOf(evmAccountId(HOME, reverter));
  const withdrawal = { token: till.token(HOME, 'native'), payee, recipient: HEIR, amount: parseEther('0.2') };
  const args = [
    till.vault(HOME),
    encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'withdraw', args: [withdrawal] }),
  ];
  const data = encodeFunctionData({ abi: moodyPayee.abi, functionName: 'call', args });
  await market.send(BOB, { to: reverter, data });
  expect(await till.wallet(HOME, 'native', HEIR)).toBe(parseEther('0.2'));
  expect(await reconciled(NATIVE, parseEther('0.1'))).toMatchObject({
    balance: String(parseEther('0.1')),
    differences: [],
  });
  const dead = await harness.foundations.tenants.transaction(gallery.tenantId, (tx) =>
    tx.manager.query("select job from outbox where tenant_id = $1 and state = 'DEAD'", [gallery.tenantId]),
  );
  expect(dead).toEqual([]);
}, 180_000);

test('an OFT is named at once by the first word of the owner and settled over, and changed after 48 hours in public', async () => {
  const [home, base] = [dollarOn(HOME), dollarOn(BASE)];
  const wrong = nameOft(BASE, base.dollar, till.token(BASE, 'dollar'));
  await expect(wrong).rejects.toMatchObject({ code: 'OFT_MISMATCH' });
  for (const { network, dollar, oft } of [home, base]) {
    const chainId = network === home.network ? HOME : BASE;
    expect(await ended(await nameOft(chainId, dollar, oft))).toMatchObject({ state: 'DONE' });
    expect(await oftOf(chainId, dollar)).toBe(oft);
  }
  await till.setRule(erc20MoneyId(BASE, base.dollar), 3_000_000_000n);
  const owed = { sourceChainId: BASE, asset: erc20MoneyId(BASE, base.dollar), lane: 'LAYERZERO' } as const;
  const overLayerZero = async () => {
    const [sent, ...more] = (await settle({ ...owed, payee: evmAccountId(HOME, ARTIST) })).map(({ id }) =>
      till.ended(id),
    );
    expect(more).toEqual([]);
    return sent;
  };
  await till.pay(BASE, base.dollar, 100_000_000n);
  expect(await overLayerZero()).toMatchObject({ state: 'CREDITED', route: 'LAYERZERO', amount: '50000000' });

  const another = await deployAnotherOft(harness.devnet, base);
  const change = await nameOft(BASE, base.dollar, another);
  await until('the delay runs', async () => {
    const [now] = await harness.domain.guard.findByIds(gallery.tenantId, [change.id]);
    return now?.waitingFor?.startsWith('the delay');
  });
  expect(await oftOf(BASE, base.dollar)).toBe(base.oft);
  await harness.devnet.rpc(BASE, 'evm_increaseTime', [TWO_DAYS_SECONDS]);
  expect(await ended(change)).toMatchObject({ state: 'DONE' });
  expect(await oftOf(BASE, base.dollar)).toBe(another);

  // It knows nobody on home: there is no route any more.
  await till.pay(BASE, base.dollar, 100_000_000n);
  await expect(overLayerZero()).rejects.toMatchObject({ code: 'SETTLEMENT_NO_ROUTE' });
}, 240_000);
