import { type Address, getAddress, type Hex, slice } from 'viem';

/** The address in a 32-byte word, as the bridges write addresses. */
export function addressInWord(word: Hex): Address {
  return getAddress(slice(word, 12, 32));
}

/** A block's timestamp, in seconds, as a date. */
export function dateOfTimestamp(timestamp: bigint): Date {
  return new Date(Number(timestamp) * 1000);
}
