import type { Address } from 'viem';
import { type FulfilledOrder, ItemType, type SpentItem, type Trade } from '../../chains/evm/sales/seaport';
import { type Currencies, erc20MoneyId, type MoneyId } from '../../schema/caip';
import { allot } from '../royalties/allotment';

/** A token that a lot sells. */
export interface LotToken {
  readonly contract: Address;
  readonly tokenId: bigint;
  /** Whom its transfer must come from or go to, or it was not sold by this order. */
  readonly from: Address | undefined;
  readonly to: Address | undefined;
}

/** Tokens that were sold together, with all the money that was paid for them. */
export interface Lot {
  readonly order: FulfilledOrder;
  readonly tokens: readonly LotToken[];
  /** By asset, in base units: seller's part, fees and royalty alike. */
  readonly money: ReadonlyMap<MoneyId, bigint>;
  /** Tokens were paid with, too. */
  readonly isBarter: boolean;
  /** The order itself names who gets the tokens. */
  readonly isPrivate: boolean;
}

/**
 * What the orders of a trade sell for how much.
 *
 * An order that was fulfilled alone sells what it offers for the money that it asks, or buys what it asks for the money
 * that it offers. Among orders that were matched, each one that offers tokens sells them for the money that it asks;
 * the money that the others ask (a buyer's order pays the fees of a marketplace) is part of the price as well, divided
 * by number of tokens.
 */
export function lotsOf({ orders, isMatched }: Trade, currencies: Currencies): Lot[] {
  if (isMatched) return matchedLots(orders, currencies);
  return orders.flatMap((order) => {
    const sold = order.offer.filter(isToken);
    const bought = order.consideration.filter(isToken);
    const isBarter = sold.length > 0 && bought.length > 0;
    return [
      lot(order, sold.map(soldBy(order)), moneyOf(order.consideration, currencies), isBarter),
      lot(
        order,
        bought.map(({ token, identifier, recipient }) => ({
          contract: token,
          tokenId: identifier,
          from: undefined,
          to: recipient,
        })),
        moneyOf(order.offer, currencies),
        isBarter,
      ),
    ].filter(({ tokens }) => tokens.length > 0);
  });
}

function matchedLots(orders: readonly FulfilledOrder[], currencies: Currencies): Lot[] {
  const selling = orders.filter(({ offer }) => offer.some(isToken));
  const buying = orders.filter((order) => !selling.includes(order));
  const counts = selling.map(({ offer }) => BigInt(offer.filter(isToken).length));
  const shared = [
    ...moneyOf(
      buying.flatMap(({ consideration }) => consideration),
      currencies,
    ),
  ].map(([asset, amount]) => ({ asset, parts: selling.length === 0 ? [] : allot(amount, counts) }));
  return selling.map((order, at) => {
    const money = new Map(moneyOf(order.consideration, currencies));
    for (const { asset, parts } of shared) money.set(asset, (money.get(asset) ?? 0n) + (parts[at] ?? 0n));
    const sold = order.offer.filter(isToken);
    const isOwn = (asked: SpentItem) =>
      sold.some(({ token, identifier }) => token === asked.token && identifier === asked.identifier);
    const asked = order.consideration.filter(isToken);
    return {
      ...lot(
        order,
        sold.map(soldBy(order)),
        money,
        asked.some((item) => !isOwn(item)),
      ),
      isPrivate: asked.some(isOwn),
    };
  });
}

function lot(
  order: FulfilledOrder,
  tokens: readonly LotToken[],
  money: ReadonlyMap<MoneyId, bigint>,
  isBarter: boolean,
): Lot {
  return { order, tokens, money, isBarter, isPrivate: false };
}

function soldBy({ offerer }: FulfilledOrder) {
  return ({ token, identifier }: SpentItem): LotToken => ({
    contract: token,
    tokenId: identifier,
    from: offerer,
    to: undefined,
  });
}

function isToken({ itemType }: SpentItem): boolean {
  return itemType !== ItemType.NATIVE && itemType !== ItemType.ERC20;
}

function moneyOf(items: readonly SpentItem[], currencies: Currencies): Map<MoneyId, bigint> {
  const money = new Map<MoneyId, bigint>();
  for (const item of items) {
    if (isToken(item)) continue;
    const asset = assetOf(item, currencies);
    money.set(asset, (money.get(asset) ?? 0n) + item.amount);
  }
  return money;
}

/** The money of an item. */
export function assetOf({ itemType, token }: SpentItem, { chainId, native }: Currencies): MoneyId {
  return itemType === ItemType.NATIVE ? native : erc20MoneyId(chainId, token);
}
