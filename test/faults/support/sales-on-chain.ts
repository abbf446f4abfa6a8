import { type Address, type Hex, parseAbi, parseEventLogs, zeroAddress } from 'viem';
import type { ChainId } from '../../../schema/caip';
import { SEAPORT } from '../../support/seaport-market';
import { addressOf } from '../../support/travel-gallery';
import { chainClient } from '../../support/travel-steps';
import { receiverOn, type Trade } from './sales-desk';

/** Written down from the contracts' sources, not taken from the product. */
const EVENTS = parseAbi([
  'struct Spent { uint8 itemType; address token; uint256 identifier; uint256 amount; }',
  'struct Received { uint8 itemType; address token; uint256 identifier; uint256 amount; address recipient; }',
  'event OrderFulfilled(bytes32 orderHash, address indexed offerer, address indexed zone, address recipient, Spent[] offer, Received[] consideration)',
  'event NativeReceived(address indexed from, uint256 amount)',
]);
const TRANSFER = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)']);
const ERC721 = 2;

/** A sale as the chain itself shows it. */
export interface ChainSale {
  readonly chainId: ChainId;
  readonly transactionHash: Hex;
  readonly tokenId: bigint;
  readonly seller: Address;
  readonly buyer: Address;
  /** Zero for native money. */
  readonly currency: Address;
  readonly price: bigint;
  /** What came to the registry's receiver in its transaction. */
  readonly paid: bigint;
  /** Block time, in seconds. */
  readonly soldAt: bigint;
}

/** Every order that has sold a work of the registry on a chain, with what came of it: from its logs alone. */
export async function salesOnChain(trade: Trade, chainId: ChainId): Promise<ChainSale[]> {
  const client = chainClient(trade.harness, chainId);
  const collection = addressOf(trade.gallery.registry, chainId, 'collection');
  const receiver = receiverOn(trade, chainId);
  const orders = await client.getContractEvents({
    address: SEAPORT,
    abi: EVENTS,
    eventName: 'OrderFulfilled',
    fromBlock: 0n,
    strict: true,
  });
  const ours = orders.filter(({ args }) => args.offer.some(({ token }) => isSame(token, collection)));
  return Promise.all(
    ours.map(async ({ args, transactionHash, blockNumber }) => {
      const [work, ...more] = args.offer;
      if (work?.itemType !== ERC721 || more.length > 0)
        throw new Error('one work was to be sold by each order');
      const [receipt, block] = await Promise.all([
        client.getTransactionReceipt({ hash: transactionHash }),
        client.getBlock({ blockNumber }),
      ]);
      const currency = args.consideration[0]?.token ?? zeroAddress;
      const native = parseEventLogs({ abi: EVENTS, eventName: 'NativeReceived', logs: receipt.logs });
      const tokens = parseEventLogs({ abi: TRANSFER, logs: receipt.logs });
      const paid = [
        ...native.filter(({ address }) => isSame(address, receiver)).map((log) => log.args.amount),
        ...tokens
          .filter((log) => isSame(log.address, currency) && isSame(log.args.to, receiver))
          .map((log) => log.args.value),
      ];
      return {
        chainId,
        transactionHash,
        tokenId: work.identifier,
        seller: args.offerer,
        buyer: args.recipient,
        currency,
        price: args.consideration.reduce((sum, { amount }) => sum + amount, 0n),
        paid: paid.reduce((sum, amount) => sum + amount, 0n),
        soldAt: block.timestamp,
      };
    }),
  );
}

function isSame(one: Address, other: Address): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
