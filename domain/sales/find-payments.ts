import { type Abi, type Address, decodeEventLog, type Hex, isAddressEqual, toEventSelector } from 'viem';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import type { ExecutedTransaction, TransactionLog } from '../../chains/evm/sales/executed-transaction';
import { ItemType, seaportTrades } from '../../chains/evm/sales/seaport';
import { type Erc20Transfer, erc20Transfers } from '../../chains/evm/sales/token-transfers';
import { type Currencies, erc20MoneyId, moneyOfToken } from '../../schema/caip';
import type { RegistryId } from '../../schema/ids';
import { paymentIdOf } from '../royalties/sale';
import type { FoundPayment, FoundSale } from './found-sale';
import { assetOf } from './lots';

/** Whose money is looked for. */
export interface PaymentScene extends Currencies {
  readonly registryId: RegistryId;
  readonly seaport: ReadonlySet<string>;
  readonly receiver: Address;
  readonly vault: Address;
  /** Payees of the policy on this chain: what an order pays them went past the registry. */
  readonly payees: readonly Address[];
}

const NATIVE_RECEIVED = selectorOf(royaltyReceiverAbi, 'NativeReceived');
const MONEY_RECEIVED = selectorOf(royaltyVaultAbi, 'MoneyReceived');

/**
 * Finds what a transaction paid to a registry: native money that its receiver logged, tokens that were transferred to
 * the receiver (less what the token charged it), and deposits into its vault by anyone else. What the receiver forwards
 * to the vault is no new money. What the orders of its sales pay to a payee himself is found as well, though it does not
 * count.
 */
export function findPayments(
  transaction: ExecutedTransaction,
  sales: readonly FoundSale[],
  scene: PaymentScene,
): FoundPayment[] {
  const { logs } = transaction;
  return [
    ...logs.flatMap((log, place) => [...nativeReceived(log, place, scene), ...deposited(log, place, scene)]),
    ...tokensReceived(logs, scene).map(({ place, token, from, amount }) => ({
      place,
      item: 0,
      payer: from,
      receiver: scene.receiver,
      asset: erc20MoneyId(scene.chainId, token),
      amount,
    })),
    ...paidPast(transaction, sales, scene),
  ]
    .sort((one, other) => one.place - other.place || one.item - other.item)
    .map(({ item, ...payment }) => ({
      ...payment,
      paymentId: paymentIdOf({
        registryId: scene.registryId,
        chainId: transaction.chainId,
        transactionHash: transaction.hash,
        logIndex: payment.place,
        item,
      }),
    }));
}

/** What the receiver forwarded, as the vault got it. */
export interface Forward {
  readonly place: number;
  readonly token: Address;
  readonly received: bigint;
}

/** The forwards of a transaction, in order. */
export function findForwards(
  { logs }: ExecutedTransaction,
  { receiver, vault }: Pick<PaymentScene, 'receiver' | 'vault'>,
): Forward[] {
  return logs.flatMap((log, place) => {
    const args = moneyReceived(log, vault);
    if (args === undefined || !isAddressEqual(args.payer, receiver)) return [];
    return { place, token: args.token, received: args.received };
  });
}

/**
 * What forwards of one asset carried that nobody knew of.
 *
 * @param came - Payments of this transaction to the receiver, in that asset.
 * @param before - What was forwarded before, less what was known to have come; below zero if some still lay there.
 */
export function unknownForwards(
  forwards: readonly Forward[],
  came: readonly FoundPayment[],
  before: bigint,
): { readonly forward: Forward; readonly amount: bigint }[] {
  let unknown = before;
  let from = -1;
  return forwards.flatMap((forward) => {
    const { place, received } = forward;
    for (const payment of came) if (payment.place > from && payment.place < place) unknown -= payment.amount;
    from = place;
    unknown += received;
    if (unknown <= 0n) return [];
    const amount = unknown;
    unknown = 0n;
    return { forward, amount };
  });
}

interface Paid extends Omit<FoundPayment, 'paymentId'> {
  /** Its place within what the log tells of. */
  readonly item: number;
}

function nativeReceived(log: TransactionLog, place: number, { receiver, native }: PaymentScene): Paid[] {
  const [selector, ...indexed] = log.topics;
  if (selector !== NATIVE_RECEIVED || !isAddressEqual(log.address, receiver)) return [];
  const { args } = decodeEventLog({
    abi: royaltyReceiverAbi,
    eventName: 'NativeReceived',
    topics: [selector, ...indexed],
    data: log.data,
  });
  if (args.amountWei === 0n) return [];
  return [{ place, item: 0, payer: args.payer, receiver, asset: native, amount: args.amountWei }];
}

/** What came of tokens, less what they took back for it: the receiver itself sends to nobody but the vault. */
function tokensReceived(logs: readonly TransactionLog[], { receiver, vault }: PaymentScene): Erc20Transfer[] {
  const came: Erc20Transfer[] = [];
  for (const transfer of erc20Transfers(logs)) {
    if (isAddressEqual(transfer.to, receiver)) came.push(transfer);
    else if (isAddressEqual(transfer.from, receiver) && !isAddressEqual(transfer.to, vault)) {
      const last = came.findLastIndex(({ token }) => isAddressEqual(token, transfer.token));
      const charged = came[last];
      if (charged !== undefined) came[last] = { ...charged, amount: charged.amount - transfer.amount };
    }
  }
  return came.filter(({ amount }) => amount > 0n);
}

function deposited(log: TransactionLog, place: number, scene: PaymentScene): Paid[] {
  const { receiver, vault } = scene;
  const args = moneyReceived(log, vault);
  if (args === undefined || isAddressEqual(args.payer, receiver) || args.received === 0n) return [];
  const asset = moneyOfToken(args.token, scene);
  return [{ place, item: 0, payer: args.payer, receiver: vault, asset, amount: args.received }];
}

function moneyReceived(log: TransactionLog, vault: Address) {
  const [selector, ...indexed] = log.topics;
  if (selector !== MONEY_RECEIVED || !isAddressEqual(log.address, vault)) return undefined;
  return decodeEventLog({
    abi: royaltyVaultAbi,
    eventName: 'MoneyReceived',
    topics: [selector, ...indexed],
    data: log.data,
  }).args;
}

function paidPast({ logs }: ExecutedTransaction, sales: readonly FoundSale[], scene: PaymentScene): Paid[] {
  const sold = new Set(sales.map(({ orderHash }) => orderHash));
  return seaportTrades(logs, scene.seaport)
    .filter(({ orders }) => orders.some(({ orderHash }) => sold.has(orderHash)))
    .flatMap(({ orders }) => orders)
    .flatMap(({ place, offerer, consideration }) =>
      consideration.flatMap((item, at) => {
        const { itemType, amount, recipient } = item;
        const isMoney = itemType === ItemType.NATIVE || itemType === ItemType.ERC20;
        // Who sells is paid for the work, be he the artist himself.
        const isPast =
          scene.payees.some((payee) => isAddressEqual(payee, recipient)) &&
          !isAddressEqual(recipient, offerer);
        if (!isMoney || !isPast || amount === 0n) return [];
        return { place, item: at, payer: null, receiver: recipient, asset: assetOf(item, scene), amount };
      }),
    );
}

/** The first topic of an event's logs. @throws Error if the ABI has no such event. */
export function selectorOf(abi: Abi, name: string): Hex {
  const event = abi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`the ABI has no event ${name}`);
  return toEventSelector(event);
}
