import {
  type Address,
  encodeDeployData,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  parseAbi,
  parseEther,
} from 'viem';
import { royaltyReceiverAbi } from '../../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../../chains/abi/royalty-vault';
import { Ledger } from '../../../domain/ledger/ledger';
import { LedgerRepository } from '../../../domain/ledger/ledger-repository';
import { contractsOn } from '../../../domain/registry/registry-contracts';
import { evmAccountId } from '../../../schema/caip';
import type { WorkId } from '../../../schema/ids';
import type { Sale, SaleState } from '../../../schema/types/sale';
import { accountAt } from '../../devnet/accounts';
import { compiled } from '../../devnet/protocol-artifacts';
import {
  asked,
  fulfilment,
  money,
  offered,
  SEAPORT,
  SeaportMarket,
  token,
} from '../../support/seaport-market';
import { TravelHarness } from '../../support/travel';
import { addressOf, Gallery, tokenOf } from '../../support/travel-gallery';
import { chainClient, HOME, until } from '../../support/travel-steps';

/** Two collectors, and somebody who matches their orders. */
const [MATCHER, ADA, BOB] = [7, 8, 9];
const NATIVE = `${HOME}/slip44:60`;
const holder = (index: number) => evmAccountId(HOME, accountAt(index).address);
const addressAt = (index: number) => accountAt(index).address;
const wethAbi = parseAbi(['function deposit() payable']);

let harness: TravelHarness;
let gallery: Gallery;
let market: SeaportMarket;
let collection: Address;
let receiver: Address;
let vault: Address;
let weth: Address;
/** Works that Ada holds, each for one test. */
let works: WorkId[];

beforeAll(async () => {
  harness = await TravelHarness.start({ chains: { seaport: [SEAPORT] } });
  gallery = await Gallery.open(harness, { mirrorChainIds: [] });
  market = await SeaportMarket.open(harness, HOME);
  collection = addressOf(gallery.registry, HOME, 'collection');
  const { royaltyReceiver, royaltyVault } = contractsOn(gallery.registry, HOME);
  if (royaltyReceiver === null || royaltyVault === null) throw new Error('the registry takes royalties');
  [receiver, vault] = [royaltyReceiver, royaltyVault];
  const { abi, bytecode } = compiled('WETH9');
  const { contractAddress } = await market.send(BOB, { data: encodeDeployData({ abi, bytecode }) });
  if (contractAddress == null) throw new Error('the money was not deployed');
  weth = getAddress(contractAddress);
  await market.send(BOB, {
    to: weth,
    data: encodeFunctionData({ abi: wethAbi, functionName: 'deposit' }),
    value: parseEther('50'),
  });
  await market.approveMoney(BOB, weth);
  await market.approveTokens(ADA, collection);
  works = await gallery.mint(...Array.from({ length: 8 }, () => holder(ADA)));
}, 240_000);
afterAll(async () => {
  await harness?.stop();
}, 60_000);

/** The next work that Ada holds, as an order offers it. */
async function next() {
  const workId = works.shift();
  if (workId === undefined) throw new Error('more works are needed');
  return { workId, item: token(collection, tokenOf(await gallery.work(workId))) };
}

/** Ada's order: `price` in all, of which `royalty` goes to the receiver. */
const asks = (price: string, royalty: string, currency?: Address) =>
  [
    money(parseEther(price) - parseEther(royalty), addressAt(ADA), currency),
    money(parseEther(royalty), receiver, currency),
  ].filter(({ startAmount }) => startAmount > 0n);

function sold(workId: WorkId, state: SaleState = 'FINAL'): Promise<Sale> {
  return until(`the sale of ${workId} is ${state}`, async () => {
    const page = { first: 10, after: undefined };
    const { edges } = await harness.domain.sales.page(gallery.tenantId, page, { workId });
    expect(edges.length).toBeLessThan(2);
    return edges[0]?.node.state === state && edges[0].node;
  });
}

/** What the books say lies in receiver and vault, by asset. */
async function vaultOfBooks(): Promise<Record<string, bigint>> {
  const balances = await harness.foundations.tenants.transaction(gallery.tenantId, (tx) =>
    new Ledger(new LedgerRepository()).balances(tx),
  );
  const sums = new Map<string, bigint>();
  for (const { asset, balance } of balances) sums.set(asset, (sums.get(asset) ?? 0n) + balance);
  expect([...sums.values()].filter((sum) => sum !== 0n)).toEqual([]);
  const held = new Map<string, bigint>();
  for (const { kind, asset, balance } of balances)
    if (kind === 'VAULT' || kind === 'RECEIVER') held.set(asset, (held.get(asset) ?? 0n) + balance);
  return Object.fromEntries(held);
}

async function vaultOnChain(): Promise<Record<string, bigint>> {
  const client = chainClient(harness, HOME);
  const held = async (address: Address) => ({
    native: await client.getBalance({ address }),
    weth: await client.readContract({
      address: weth,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [address],
    }),
  });
  const [inReceiver, inVault] = [await held(receiver), await held(vault)];
  return {
    [NATIVE]: inReceiver.native + inVault.native,
    [`${HOME}/erc20:${weth}`]: inReceiver.weth + inVault.weth,
  };
}

test('sales of every kind are recorded as they were made, with what became of their royalties', async () => {
  const [plain, tokens, one, other, under, free, matched] = [
    await next(),
    await next(),
    await next(),
    await next(),
    await next(),
    await next(),
    await next(),
  ];
  await market.fulfil(BOB, await market.sign(ADA, [plain.item], asks('1', '0.05')));
  await market.fulfil(BOB, await market.sign(ADA, [tokens.item], asks('2', '0.1', weth)));
  await market.fulfil(BOB, await market.sign(ADA, [one.item, other.item], asks('3', '0.15')));
  await market.fulfil(BOB, await market.sign(ADA, [under.item], asks('1', '0.01')));
  await market.fulfil(BOB, await market.sign(ADA, [free.item], []));
  const sellers = await market.sign(ADA, [matched.item], asks('4', '0.2', weth));
  const buyers = await market.sign(
    BOB,
    [offered(money(parseEther('4'), addressAt(BOB), weth))],
    [asked(matched.item, addressAt(BOB))],
  );
  await market.match(
    MATCHER,
    [sellers, buyers],
    [
      [
        [0, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 0],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ],
  );
  const wei = (text: string) => String(parseEther(text));
  const exact = { seller: holder(ADA), buyer: holder(BOB), verdict: 'EXACT', marks: [] };
  const native = { ...exact, asset: NATIVE, ground: 'PROVEN' };
  const inWeth = { ...exact, asset: `${HOME}/erc20:${weth}`, ground: 'PROVEN' };
  const bundled = { ...native, price: wei('1.5'), paid: wei('0.075'), bundled: true, ground: 'ALLOCATED' };
  expect(await sold(plain.workId)).toMatchObject({ ...native, price: wei('1'), paid: wei('0.05') });
  expect(await sold(tokens.workId)).toMatchObject({ ...inWeth, price: wei('2'), paid: wei('0.1') });
  expect(await sold(one.workId)).toMatchObject(bundled);
  expect(await sold(other.workId)).toMatchObject(bundled);
  expect(await sold(under.workId)).toMatchObject({
    ...native,
    verdict: 'UNDER',
    expected: wei('0.05'),
    paid: wei('0.01'),
  });
  expect(await sold(free.workId)).toMatchObject({ price: '0', marks: ['ZERO_PRICE'] });
  expect(await sold(matched.workId)).toMatchObject({ ...inWeth, price: wei('4'), paid: wei('0.2') });
}, 120_000);

test('a sale that a reorg takes back is reverted, and final under its old id when it comes again', async () => {
  const { workId, item } = await next();
  const order = await market.sign(ADA, [item], asks('1', '0.05'));
  await harness.devnet.pauseMining(HOME);
  const raw = await market.signed(BOB, fulfilment(order, addressAt(BOB)));
  const send = () => harness.devnet.rpc(HOME, 'eth_sendRawTransaction', [raw]);
  await send();
  await harness.devnet.mine(HOME, 3);
  const { id } = await sold(workId, 'PROVISIONAL');
  await harness.devnet.reorg(HOME, 3);
  await harness.devnet.mine(HOME, 1);
  await sold(workId, 'REVERTED');
  await send();
  await harness.devnet.resumeMining(HOME);
  expect((await sold(workId)).id).toBe(id);
  const { edges } = await harness.domain.ledger.entries(
    gallery.tenantId,
    { first: 10, after: undefined, order: 'OLDEST_FIRST' },
    { saleId: id },
  );
  expect(edges.map(({ node }) => `${node.kind} ${node.state}`)).toEqual([
    'SALE REVERSED',
    'PAYMENT REVERSED',
    'SALE FINAL',
    'PAYMENT FINAL',
    'SALE FINAL',
    'PAYMENT FINAL',
  ]);
}, 120_000);

test('deposits of no sale are in suspense, and the books have of receiver and vault what the chain has, forwarded or not', async () => {
  const forward = (address: Address) => ({
    to: receiver,
    data: encodeFunctionData({ abi: royaltyReceiverAbi, functionName: 'forward', args: [address] }),
  });
  const native = '0x0000000000000000000000000000000000000000';
  await market.send(BOB, { to: receiver, value: parseEther('0.3') });
  await market.send(BOB, forward(native));
  await market.send(BOB, {
    to: vault,
    data: encodeFunctionData({ abi: royaltyVaultAbi, functionName: 'deposit', args: [native, 7n] }),
    value: 7n,
  });
  await market.send(BOB, {
    to: weth,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [receiver, 11n] }),
  });
  await market.send(BOB, forward(weth));
  const onChain = await vaultOnChain();
  await until('the books hold what the vault does', async () => {
    const inBooks = await vaultOfBooks();
    return Object.entries(onChain).every(([asset, held]) => inBooks[asset] === held);
  });
  const suspense = await harness.domain.ledger.accounts(
    gallery.tenantId,
    { first: 10, after: undefined },
    { kind: 'SUSPENSE' },
  );
  expect(Object.fromEntries(suspense.edges.map(({ node }) => [node.asset, -BigInt(node.balance)]))).toEqual({
    [NATIVE]: parseEther('0.3') + 7n,
    [`${HOME}/erc20:${weth}`]: 11n,
  });
}, 120_000);
