import {
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  pad,
  parseAbi,
  toEventSelector,
  toHex,
  zeroAddress,
} from 'viem';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import type { ExecutedTransaction, TransactionLog } from '../../chains/evm/sales/executed-transaction';
import { ItemType, type ReceivedItem, type SpentItem } from '../../chains/evm/sales/seaport';
import { CHAIN } from './royalty-arbitraries';

const abi = parseAbi([
  'event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, (uint8 itemType, address token, uint256 identifier, uint256 amount)[] offer, (uint8 itemType, address token, uint256 identifier, uint256 amount, address recipient)[] consideration)',
  'event OrdersMatched(bytes32[] orderHashes)',
]);
const TRANSFER = toEventSelector('Transfer(address,address,uint256)');

export const at = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`;
export const SEAPORT = at(0x5ea);
export const COLLECTION = at(0xc0);
export const FOREIGN = at(0xf0);
export const RECEIVER = at(0xaa);
export const VAULT = at(0xbb);
export const DOLLARS = at(0xd0);
export const ARTIST = at(0xa1);
export const [ADA, BOB, EVE] = [at(1), at(2), at(3)];
export const hashOf = (n: number): Hex => toHex(n, { size: 32 });

export const work = (
  tokenId: number,
  contract: Address = COLLECTION,
  itemType: number = ItemType.ERC721,
) => ({
  itemType,
  token: contract,
  identifier: BigInt(tokenId),
  amount: 1n,
});
export const ether = (amount: bigint) => ({
  itemType: ItemType.NATIVE,
  token: zeroAddress,
  identifier: 0n,
  amount,
});
export const dollars = (amount: bigint) => ({ ...ether(amount), itemType: ItemType.ERC20, token: DOLLARS });
export const to = (recipient: Address, item: SpentItem): ReceivedItem => ({ ...item, recipient });

interface LoggedOrder {
  readonly by: Address;
  /** Who fulfils it; the zero address among matched ones. */
  readonly for?: Address;
  readonly offer: readonly SpentItem[];
  readonly asks: readonly ReceivedItem[];
  readonly hash?: Hex;
  readonly emitter?: Address;
}

/** What Seaport logs of a fulfilled order. */
export function order({
  by,
  for: recipient = zeroAddress,
  offer,
  asks,
  hash = hashOf(1),
  emitter = SEAPORT,
}: LoggedOrder) {
  const [event] = abi;
  const topics = encodeEventTopics({ abi: [event], args: { offerer: by, zone: zeroAddress } });
  const data = encodeAbiParameters(
    event.inputs.filter((input) => !('indexed' in input)),
    [hash, recipient, offer, asks] as never,
  );
  return log(emitter, topics, data);
}

export function matched(...hashes: readonly Hex[]): TransactionLog {
  const [, event] = abi;
  return log(
    SEAPORT,
    encodeEventTopics({ abi: [event] }),
    encodeAbiParameters([{ type: 'bytes32[]' }], [hashes]),
  );
}

/** A token changes hands. */
export const moves = (from: Address, recipient: Address, tokenId: number, contract = COLLECTION) =>
  log(contract, [TRANSFER, pad(from), pad(recipient), hashOf(tokenId)], '0x');
/** Money in tokens changes hands. */
export const pays = (from: Address, recipient: Address, amount: bigint, currency = DOLLARS) =>
  log(currency, [TRANSFER, pad(from), pad(recipient)], toHex(amount, { size: 32 }));

/** The receiver gets native money. */
export const receives = (amount: bigint, emitter = RECEIVER) =>
  log(
    emitter,
    encodeEventTopics({ abi: royaltyReceiverAbi, eventName: 'NativeReceived', args: { payer: SEAPORT } }),
    toHex(amount, { size: 32 }),
  );
/** The vault gets money. */
export const deposits = (payer: Address, amount: bigint, currency: Address = zeroAddress) =>
  log(
    VAULT,
    encodeEventTopics({ abi: royaltyVaultAbi, eventName: 'MoneyReceived', args: { token: currency, payer } }),
    toHex(amount, { size: 32 }),
  );

/** A transaction with these logs. */
export function transaction(
  logs: readonly TransactionLog[],
  over: Partial<ExecutedTransaction> = {},
): ExecutedTransaction {
  return {
    chainId: CHAIN,
    hash: hashOf(0x77),
    blockNumber: 7,
    blockHash: hashOf(0x7),
    from: BOB,
    to: SEAPORT,
    valueWei: 0n,
    logs,
    ...over,
  };
}

function log(address: Address, topics: readonly (Hex | readonly Hex[] | null)[], data: Hex): TransactionLog {
  // CAST: no event here has alternatives or gaps among its topics.
  return { address, topics: topics as readonly Hex[], data };
}
