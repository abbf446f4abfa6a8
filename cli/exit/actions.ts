import { type Address, type Hex, keccak256, stringToBytes } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { RegistryOnChain } from './registry-on-chain';

/**
 * What an action does:
 * - `RETRY`: applies a statement whose application failed when it arrived.
 * - `RELEASE`: applies a statement that was on hold, or over the lane's limit, when it arrived.
 * - `RETURN`: tells the source that a statement was voided, so that its works go back to their holders.
 * - `EXECUTE`: moves a message along that its bridge has verified: commits its verification, or delivers it.
 * - `MINT`: mints a work that the minter has committed to; it goes to whom the commit names.
 * - `CLAIM`: gives a work that was on a retired chain to its last owner there, at home.
 * - `HAND_OVER`: gives an adopted token, which its contract did not hand over, to whom it waits for.
 * - `FORWARD`, `SPLIT`, `PAY`: move royalties into the vault, among its payees, and to those of its chain.
 */
export type ExitActionKind =
  | 'RETRY'
  | 'RELEASE'
  | 'RETURN'
  | 'EXECUTE'
  | 'MINT'
  | 'CLAIM'
  | 'HAND_OVER'
  | 'FORWARD'
  | 'SPLIT'
  | 'PAY';

/** One transaction that anyone may send. */
export interface ExitAction {
  /** The same whenever the same thing may be done, whatever its number in the list. */
  readonly id: string;
  readonly kind: ExitActionKind;
  readonly chain: RegistryOnChain;
  /** For people. */
  readonly summary: string;
  readonly to: Address;
  readonly data: Hex;
  /** Price of a transport, in wei, with some more that comes back. */
  readonly valueWei?: bigint;
  /** Gas, where an estimate would be too low. */
  readonly gas?: bigint;
  /** Why the contract would refuse it now; undefined if it would not. */
  readonly refusal?: string;
}

/** Something that waits for its time, or for others. */
export interface Waiting {
  readonly chainId: ChainId;
  readonly summary: string;
  readonly waitsFor: readonly string[];
  /** From when on anyone may act. */
  readonly from?: Date;
}

/** Everything that `exit list` shows. */
export interface ExitList {
  readonly actions: readonly ExitAction[];
  readonly waiting: readonly Waiting[];
  /** Statements to chains of which no endpoint was given. */
  readonly beyondReach: number;
}

/** A short name for what an action is about. */
export function actionId(kind: ExitActionKind, chainId: ChainId, subject: Hex): string {
  return keccak256(stringToBytes(`${kind} ${chainId} ${subject}`)).slice(2, 10);
}
