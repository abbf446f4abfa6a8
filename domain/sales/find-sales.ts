import { type Address, isAddressEqual, zeroAddress } from 'viem';
import type { ExecutedTransaction } from '../../chains/evm/sales/executed-transaction';
import { seaportTrades } from '../../chains/evm/sales/seaport';
import {
  type Erc20Transfer,
  type Erc721Transfer,
  erc20Transfers,
  erc721Transfers,
} from '../../chains/evm/sales/token-transfers';
import { type Currencies, erc20MoneyId, type MoneyId } from '../../schema/caip';
import type { RegistryId, WorkId } from '../../schema/ids';
import { SaleMark, SaleVenue } from '../../schema/types/sale';
import { groupBy } from '../group-by';
import { allot } from '../royalties/allotment';
import { saleIdOf } from '../royalties/sale';
import type { FoundSale } from './found-sale';
import { type Lot, type LotToken, lotsOf } from './lots';

/** What a transaction is looked at with. */
export interface SaleScene extends Currencies {
  readonly registryId: RegistryId;
  /** Contracts whose orders are believed, in lower case. */
  readonly seaport: ReadonlySet<string>;
  /** The work that a token is; undefined for one that is none of the registry's. */
  readonly workOf: (contract: Address, tokenId: bigint) => WorkId | undefined;
  /** Where the registry's royalties come in on this chain. */
  readonly receivers: readonly Address[];
  /** A transfer from or to one of these is no change of hands: the collection escrows and unlocks. */
  readonly internal: readonly Address[];
}

/** A transfer that something was paid for. */
interface SoldTransfer {
  readonly transfer: Erc721Transfer;
  /** By asset, in their order. */
  readonly prices: readonly (readonly [MoneyId, bigint])[];
  readonly isBundled: boolean;
  readonly marks: readonly SaleMark[];
  readonly order: Lot['order'] | undefined;
}

/**
 * Finds the sales of a registry's works in a transaction, in the order of the transfers.
 *
 * Every sale is a transfer of a work that an order of Seaport accounts for or, where there is no order, one for which its
 * new holder paid its old one in the same transaction. A price for several tokens is divided among all of them in equal
 * parts, tokens that are no works of ours included. Orders decide alone: in a transaction that has some, a transfer
 * that belongs to none is a gift, or a way-station between the sold and the buyer's account.
 */
export function findSales(transaction: ExecutedTransaction, scene: SaleScene): FoundSale[] {
  const { logs } = transaction;
  const transfers = erc721Transfers(logs).filter((transfer) => isChangeOfHands(transfer, scene));
  const trades = seaportTrades(logs, scene.seaport);
  const sold =
    trades.length === 0
      ? soldDirectly(transaction, transfers, scene)
      : soldByOrders(
          trades.flatMap((trade) => lotsOf(trade, scene)),
          transfers,
          scene,
        );
  const taken = new Set(sold.map(({ transfer }) => transfer));
  return sold
    .sort((one, other) => one.transfer.place - other.transfer.place)
    .flatMap((one) => toSales(one, { transaction, transfers, taken, scene }));
}

function isChangeOfHands({ from, to }: Erc721Transfer, { internal }: SaleScene): boolean {
  return ![from, to].some((party) => [zeroAddress, ...internal].some((one) => isAddressEqual(one, party)));
}

function soldByOrders(
  lots: readonly Lot[],
  transfers: readonly Erc721Transfer[],
  scene: SaleScene,
): SoldTransfer[] {
  const left = [...transfers];
  return lots.flatMap((lot) => {
    const prices = [...lot.money].map(([asset, total]) => [asset, allot(total, ones(lot.tokens))] as const);
    return lot.tokens.flatMap((token, at) => {
      if (scene.workOf(token.contract, token.tokenId) === undefined) return [];
      const index = left.findIndex((transfer) => isOf(transfer, token));
      const [transfer] = index < 0 ? [] : left.splice(index, 1);
      if (transfer === undefined) return [];
      return {
        transfer,
        prices: prices.map(([asset, parts]) => [asset, parts[at] ?? 0n] as const),
        isBundled: lot.tokens.length > 1,
        marks: [...(lot.isPrivate ? [SaleMark.PRIVATE] : []), ...(lot.isBarter ? [SaleMark.BARTER] : [])],
        order: lot.order,
      };
    });
  });
}

function isOf(transfer: Erc721Transfer, { contract, tokenId, from, to }: LotToken): boolean {
  return (
    transfer.tokenId === tokenId &&
    isAddressEqual(transfer.contract, contract) &&
    (from === undefined || isAddressEqual(transfer.from, from)) &&
    (to === undefined || isAddressEqual(transfer.to, to))
  );
}

function soldDirectly(
  transaction: ExecutedTransaction,
  transfers: readonly Erc721Transfer[],
  scene: SaleScene,
): SoldTransfer[] {
  const money = erc20Transfers(transaction.logs);
  const pairs = groupBy(transfers, ({ from, to }) => `${from}/${to}`);
  return [...pairs.values()].flatMap((bundle) => {
    const [{ from, to } = { from: zeroAddress, to: zeroAddress }] = bundle;
    const paid = paidBetween(transaction, money, { seller: from, buyer: to }, scene);
    const prices = [...paid].map(([asset, total]) => [asset, allot(total, ones(bundle))] as const);
    return bundle.flatMap((transfer, at) =>
      prices.length === 0 || scene.workOf(transfer.contract, transfer.tokenId) === undefined
        ? []
        : {
            transfer,
            prices: prices.map(([asset, parts]) => [asset, parts[at] ?? 0n] as const),
            isBundled: bundle.length > 1,
            marks: [],
            order: undefined,
          },
    );
  });
}

/**
 * What a buyer paid a seller: tokens that moved between them, and native money that the buyer's transaction sent to the
 * seller itself. What the buyer paid as royalty is part of the price, if anything went to the seller.
 */
function paidBetween(
  { from, to, valueWei }: ExecutedTransaction,
  money: readonly Erc20Transfer[],
  { seller, buyer }: { readonly seller: Address; readonly buyer: Address },
  { chainId, native, receivers }: SaleScene,
): Map<MoneyId, bigint> {
  const paid = new Map<MoneyId, bigint>();
  const add = (asset: MoneyId, amount: bigint) => {
    if (amount > 0n) paid.set(asset, (paid.get(asset) ?? 0n) + amount);
  };
  if (to !== null && isAddressEqual(from, buyer) && isAddressEqual(to, seller)) add(native, valueWei);
  const own = money.filter((transfer) => isAddressEqual(transfer.from, buyer));
  for (const { token, amount } of own.filter((transfer) => isAddressEqual(transfer.to, seller)))
    add(erc20MoneyId(chainId, token), amount);
  for (const { token, amount, to: payee } of own) {
    const asset = erc20MoneyId(chainId, token);
    if (paid.has(asset) && receivers.some((receiver) => isAddressEqual(receiver, payee))) add(asset, amount);
  }
  return paid;
}

function toSales(
  { transfer, prices, isBundled, marks, order }: SoldTransfer,
  found: {
    readonly transaction: ExecutedTransaction;
    readonly transfers: readonly Erc721Transfer[];
    readonly taken: ReadonlySet<Erc721Transfer>;
    readonly scene: SaleScene;
  },
): FoundSale[] {
  const { transaction, scene } = found;
  const workId = scene.workOf(transfer.contract, transfer.tokenId);
  if (workId === undefined) return [];
  const path = found.transfers.filter(
    ({ contract, tokenId }) => tokenId === transfer.tokenId && isAddressEqual(contract, transfer.contract),
  );
  const at = path.indexOf(transfer);
  const seller = followed(path.slice(0, at).reverse(), transfer.from, found.taken, 'back');
  const buyer = followed(path.slice(at + 1), transfer.to, found.taken, 'on');
  const priced = prices.length === 0 ? [[scene.native, 0n] as const] : prices;
  const isFree = priced.every(([, price]) => price === 0n);
  return priced.map(([asset, price], item) => ({
    saleId: saleIdOf({
      registryId: scene.registryId,
      chainId: transaction.chainId,
      transactionHash: transaction.hash,
      logIndex: transfer.place,
      item,
    }),
    workId,
    place: transfer.place,
    venue: order === undefined ? SaleVenue.DIRECT : SaleVenue.SEAPORT,
    orderHash: order?.orderHash ?? null,
    seller,
    buyer,
    asset,
    price,
    isBundled,
    marks: [
      ...marks,
      ...(isFree ? [SaleMark.ZERO_PRICE] : []),
      ...(isAddressEqual(seller, buyer) ? [SaleMark.WASH_TRADE] : []),
    ],
  }));
}

/** Who had a work before, or has it after, transfers that nothing was paid for: a router's hands are nobody's. */
function followed(
  path: readonly Erc721Transfer[],
  from: Address,
  taken: ReadonlySet<Erc721Transfer>,
  way: 'back' | 'on',
): Address {
  let holder = from;
  for (const transfer of path) {
    const [near, far] = way === 'on' ? [transfer.from, transfer.to] : [transfer.to, transfer.from];
    if (taken.has(transfer) || !isAddressEqual(near, holder)) break;
    holder = far;
  }
  return holder;
}

function ones(items: readonly unknown[]): bigint[] {
  return items.map(() => 1n);
}
