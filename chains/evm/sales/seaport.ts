import { type Address, decodeEventLog, type Hex, parseAbi, toEventSelector } from 'viem';
import type { TransactionLog } from './executed-transaction';

/** Seaport 1.6 (https://github.com/ProjectOpenSea/seaport/blob/1.6/docs/SeaportDocumentation.md, read 2026-11). */
const seaportAbi = parseAbi([
  'event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, (uint8 itemType, address token, uint256 identifier, uint256 amount)[] offer, (uint8 itemType, address token, uint256 identifier, uint256 amount, address recipient)[] consideration)',
  'event OrdersMatched(bytes32[] orderHashes)',
]);
const [ORDER_FULFILLED, ORDERS_MATCHED] = seaportAbi.map((event) => toEventSelector(event));

/** What an item of an order is. A criteria item is logged with the token that it was fulfilled by. */
export const ItemType = {
  NATIVE: 0,
  ERC20: 1,
  ERC721: 2,
  ERC1155: 3,
  ERC721_WITH_CRITERIA: 4,
  ERC1155_WITH_CRITERIA: 5,
} as const;

/** What was given, in this fulfilment: of an order that is filled in parts, this part. */
export interface SpentItem {
  readonly itemType: number;
  readonly token: Address;
  readonly identifier: bigint;
  readonly amount: bigint;
}

export interface ReceivedItem extends SpentItem {
  readonly recipient: Address;
}

/** One fulfilment of an order. */
export interface FulfilledOrder {
  /** Place of its log among those of the transaction, from 0. */
  readonly place: number;
  readonly orderHash: Hex;
  readonly offerer: Address;
  /** Who got the offer; the zero address if it was matched with other orders. */
  readonly recipient: Address;
  readonly offer: readonly SpentItem[];
  readonly consideration: readonly ReceivedItem[];
}

/** Orders that were fulfilled by one another; or one alone, by whoever called. */
export interface Trade {
  readonly orders: readonly FulfilledOrder[];
  readonly isMatched: boolean;
}

/**
 * The trades of a transaction, in the order of their first logs.
 *
 * @param believed - The only contracts whose logs count, in lower case: what another one logs proves nothing.
 */
export function seaportTrades(logs: readonly TransactionLog[], believed: ReadonlySet<string>): Trade[] {
  const open = new Map<string, FulfilledOrder[]>();
  const trades: Trade[] = [];
  logs.forEach((log, place) => {
    const seaport = log.address.toLowerCase();
    if (!believed.has(seaport)) return;
    const waiting = open.get(seaport) ?? [];
    const decoded = decode(log);
    if (decoded?.eventName === 'OrderFulfilled') open.set(seaport, [...waiting, { place, ...decoded.args }]);
    if (decoded?.eventName === 'OrdersMatched') {
      const orders = takeMatched(waiting, decoded.args.orderHashes);
      if (orders.length > 0) trades.push({ orders, isMatched: true });
      open.set(
        seaport,
        waiting.filter((order) => !orders.includes(order)),
      );
    }
  });
  const alone = [...open.values()].flat().map((order) => ({ orders: [order], isMatched: false }));
  return [...trades, ...alone].sort((one, other) => firstPlace(one) - firstPlace(other));
}

function decode({ topics, data }: TransactionLog) {
  const [selector, ...indexed] = topics;
  if (selector === undefined || (selector !== ORDER_FULFILLED && selector !== ORDERS_MATCHED))
    return undefined;
  return decodeEventLog({ abi: seaportAbi, topics: [selector, ...indexed], data });
}

/** Orders are logged before what says that they were matched; of equal hashes the last one is meant. */
function takeMatched(waiting: readonly FulfilledOrder[], hashes: readonly Hex[]): FulfilledOrder[] {
  const left = [...waiting];
  const taken = hashes.flatMap((hash) => {
    const at = left.findLastIndex(({ orderHash }) => orderHash === hash);
    return at < 0 ? [] : left.splice(at, 1);
  });
  return taken.sort((one, other) => one.place - other.place);
}

function firstPlace({ orders }: Trade): number {
  return orders[0]?.place ?? 0;
}
