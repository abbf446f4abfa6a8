import type { Address, Hex, PublicClient, TypedDataDefinition } from 'viem';
import { type AccountId, splitAccountId } from '../schema/caip';
import { MAX_VALIDITY } from '../schema/inputs/registry-role';
import { canonicalJson } from './canonical-json';

/** What owners and artists sign, as far as it is alike: each of them says what else is in it, and what it is good for. */

/** The input of a mutation as whoever consents reads it. Equal inputs are equal texts: RFC 8785, without fields that are not given. */
export function changeText(change: object): string {
  return canonicalJson(Object.fromEntries(Object.entries(change).filter(([, value]) => value != null)));
}

/** Whether a deadline is to come, and no further away than any that is handed out. @param deadline - Unix time in seconds. */
export function isInTime(deadline: bigint, now: Date): boolean {
  const left = Number(deadline) - unixTime(now);
  return left > 0 && left <= MAX_VALIDITY;
}

/** The whole seconds of Unix time. */
export function unixTime(now: Date): number {
  return Math.floor(now.getTime() / 1_000);
}

/**
 * Asks a chain whether an account signed: by key, EIP-1271, or ERC-6492. A contract is asked each time, as what its signers
 * agreed to before they changed is not what it says now.
 *
 * @param account - Of an EVM chain, the one of `client`.
 */
export function isSignedBy(
  client: PublicClient,
  account: AccountId,
  typedData: TypedDataDefinition,
  signature: Hex,
): Promise<boolean> {
  // CAST: an account of an EVM chain ends in an address.
  const address = splitAccountId(account).address as Address;
  return client.verifyTypedData({ ...typedData, address, signature });
}
