import { type Address, getAddress, type Hex, hexToBigInt, slice, toEventSelector } from 'viem';
import type { TransactionLog } from './executed-transaction';

const TRANSFER = toEventSelector('Transfer(address,address,uint256)');
/** Both standards log by one selector; how many arguments are indexed tells them apart. */
const ERC20_TOPICS = 3;
const ERC721_TOPICS = 4;
const WORD_LENGTH = 66;

/** An amount of a token that moved, as the token's contract says: of a token that lies, nothing is true. */
export interface Erc20Transfer {
  /** Place among the logs of its transaction, from 0. */
  readonly place: number;
  readonly token: Address;
  readonly from: Address;
  readonly to: Address;
  /** Base units. */
  readonly amount: bigint;
}

/** A token that changed hands, as its contract says. */
export interface Erc721Transfer {
  readonly place: number;
  readonly contract: Address;
  readonly from: Address;
  readonly to: Address;
  readonly tokenId: bigint;
}

/** The ERC-20 transfers of a transaction, in order (https://eips.ethereum.org/EIPS/eip-20, read 2026-11). */
export function erc20Transfers(logs: readonly TransactionLog[]): Erc20Transfer[] {
  return logs.flatMap(({ address, topics, data }, place) => {
    const [selector, from, to] = topics;
    if (selector !== TRANSFER || topics.length !== ERC20_TOPICS || data.length !== WORD_LENGTH) return [];
    if (from === undefined || to === undefined) return [];
    return { place, token: address, from: addressOf(from), to: addressOf(to), amount: hexToBigInt(data) };
  });
}

/** The ERC-721 transfers of a transaction, in order (https://eips.ethereum.org/EIPS/eip-721, read 2026-11). */
export function erc721Transfers(logs: readonly TransactionLog[]): Erc721Transfer[] {
  return logs.flatMap(({ address, topics }, place) => {
    const [selector, from, to, token] = topics;
    if (selector !== TRANSFER || topics.length !== ERC721_TOPICS) return [];
    if (from === undefined || to === undefined || token === undefined) return [];
    return {
      place,
      contract: address,
      from: addressOf(from),
      to: addressOf(to),
      tokenId: hexToBigInt(token),
    };
  });
}

function addressOf(topic: Hex): Address {
  return getAddress(slice(topic, 12));
}
