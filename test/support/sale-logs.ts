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
import { licenceBookAbi } from '../../chains/abi/licence-book';
import { royaltyReceiverAbi } from '../../chains/abi/royalty-receiver';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import type { VaultPayee } from '../../chains/evm/registry/payees';
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
export const BOOK = at(0xb0);
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
export const receives = (amount: bigint, emitter = RECEIVER, payer: Address = SEAPORT) =>
  log(
    emitter,
    encodeEventTopics({ abi: royaltyReceiverAbi, eventName: 'NativeReceived', args: { payer } }),
    toHex(amount, { size: 32 }),
  );
/** The vault gets money. */
export const deposits = (payer: Address, amount: bigint, currency: Address = zeroAddress) =>
  log(
    VAULT,
    encodeEventTopics({ abi: royaltyVaultAbi, eventName: 'MoneyReceived', args: { token: currency, payer } }),
    toHex(amount, { size: 32 }),
  );

/** The vault credits a payee. */
export const credits = (payeeId: Hex, amount: bigint, currency: Address = zeroAddress) =>
  log(
    VAULT,
    encodeEventTopics({
      abi: royaltyVaultAbi,
      eventName: 'PayeeCredited',
      args: { token: currency, payeeId },
    }),
    toHex(amount, { size: 32 }),
  );
/** The vault pays a payee at its own address. */
export const paysOut = (payeeId: Hex, recipient: Address, amount: bigint, currency: Address = zeroAddress) =>
  log(
    VAULT,
    encodeEventTopics({
      abi: royaltyVaultAbi,
      eventName: 'PayeePaid',
      args: { token: currency, payeeId, recipient },
    }),
    encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [amount, amount]),
  );
/** The registry's owner states how the vault divides what comes from then on. */
export const statesSplit = (
  revision: bigint,
  shares: readonly { readonly payee: VaultPayee; readonly bps: number }[],
) => {
  const [event] = royaltyVaultAbi.filter((item) => item.type === 'event' && item.name === 'SplitStated');
  const inputs = event?.type === 'event' ? event.inputs.filter(({ indexed }) => indexed !== true) : [];
  return log(
    VAULT,
    encodeEventTopics({ abi: royaltyVaultAbi, eventName: 'SplitStated', args: { revision } }),
    // CAST: the one argument that is not indexed.
    encodeAbiParameters(inputs, [shares] as never),
  );
};

/** The licence book says that somebody bought under an offer. */
export const buysLicence = (offerId: number, buyer: Address) => {
  const [event] = licenceBookAbi.filter((item) => item.type === 'event' && item.name === 'LicenceBought');
  const inputs = event?.type === 'event' ? event.inputs.filter(({ indexed }) => indexed !== true) : [];
  const grant = {
    issuerChainHash: hashOf(1),
    templateHash: hashOf(2),
    holder: buyer,
    serial: BigInt(offerId),
    revision: 1n,
    grantedAt: 1n,
    expiresAt: 0n,
    transferable: false,
    revocable: false,
    revoked: false,
    workIds: [],
  };
  return log(
    BOOK,
    encodeEventTopics({
      abi: licenceBookAbi,
      eventName: 'LicenceBought',
      args: { grantId: hashOf(offerId), offerId: BigInt(offerId), holder: buyer },
    }),
    // CAST: the arguments that are not indexed.
    encodeAbiParameters(inputs, [buyer, grant] as never),
  );
};

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
