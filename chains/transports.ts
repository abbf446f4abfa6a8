import type { Address, Hex, PublicClient, TransactionReceipt } from 'viem';
import type { ChainId } from '../schema/caip';
import type { TransportKind } from '../schema/types/chain';
import type { RevertReason } from './revert-reason';

/** A message that is to be priced. */
export interface QuoteRequest {
  readonly source: ChainId;
  readonly destination: ChainId;
  /** Our transport contract on the source: some verifiers charge by sender. */
  readonly sender: Address;
  /** Our transport contract on the destination. */
  readonly receiver: Address;
  readonly data: Hex;
  /** Gas for the delivery on the destination. */
  readonly gasLimit: bigint;
}

/** The part of a receipt that tells of messages. */
export type SourceReceipt = Pick<TransactionReceipt, 'logs' | 'blockNumber'>;

/** A message that a protocol took on its source chain. */
export interface TransportMessage {
  readonly kind: TransportKind;
  readonly source: ChainId;
  readonly destination: ChainId;
  /** CCIP message id or LayerZero guid. */
  readonly messageId: Hex;
  /** CCIP sequence number of the lane, or LayerZero nonce of the pair of contracts. */
  readonly sequence: bigint;
  readonly sender: Address;
  readonly receiver: Address;
  /** Gas for the delivery, as it was paid for. */
  readonly gasLimit: bigint;
  readonly sentAtBlock: bigint;
  /** LayerZero: the packet as it was sent. CCIP: the data. */
  readonly encoded: Hex;
}

/**
 * How far a message has come on its destination:
 * - `UNVERIFIED`: the network has not attested it there.
 * - `VERIFIED`: attested, so that it can be executed, though perhaps not yet by everybody.
 * - `FAILED`: an execution was tried and reverted; it can be tried again.
 * - `EXECUTED`: delivered to the receiver. Whether the receiver did anything, only its own events tell.
 */
export type MessageState = 'UNVERIFIED' | 'VERIFIED' | 'FAILED' | 'EXECUTED';

/** See {@link MessageState}. Read from the head of the chain: a reorg can take it back. */
export interface MessageStatus {
  readonly state: MessageState;
  /** When it came into this state (`UNVERIFIED`: when it was sent), by the clock of the chain; not for `EXECUTED`. */
  readonly since?: Date;
  /** What must happen next, in words for people; empty when `EXECUTED`. */
  readonly waitsFor: readonly string[];
  /** From when on anyone may execute it; undefined if something else must happen first. */
  readonly executableFrom?: Date;
  /** Why the last execution failed. */
  readonly failure?: RevertReason;
}

/** A transaction that moves a message along, for anyone to send on the destination. */
export interface ExecutionCall {
  readonly to: Address;
  readonly data: Hex;
  /** Given where an estimate would be too low, because a failure of the receiver is caught on the way. */
  readonly gas?: bigint;
}

/** One bridge protocol, seen from off chain. Everything is read from the two chains; nothing from a bridge's own service. */
export interface Transport {
  readonly kind: TransportKind;
  /**
   * What sending would cost now, in wei of the source's native money.
   *
   * @param onSource - Who is asked.
   * @throws ContractFunctionRevertedError where there is no lane.
   */
  quote(request: QuoteRequest, onSource: PublicClient): Promise<bigint>;
  /** The messages that a transaction sent to chains of the chain table, in the order of their logs. */
  messagesIn(source: ChainId, receipt: SourceReceipt): TransportMessage[];
  status(message: TransportMessage): Promise<MessageStatus>;
  /**
   * What anyone can send at present to move the message along. A message may need several such calls,
   * one after the other.
   *
   * @param options.gasLimit - More gas for the receiver than was paid for; less is ignored.
   * @returns Undefined if there is nothing to do, or not yet.
   */
  executionCall(
    message: TransportMessage,
    options?: { readonly gasLimit?: bigint },
  ): Promise<ExecutionCall | undefined>;
}

/** Gives a client for reading each chain of the chain table. */
export interface ChainClients {
  get(chainId: ChainId): { readonly public: PublicClient };
}

/**
 * Gas for a call that passes `gasLimit` on to a receiver: EIP-150 keeps 1/64 back at each of up to
 * three calls, calldata costs up to 40 per byte (EIP-7623), and the protocol does its own work.
 */
export function executionGas(gasLimit: bigint, calldata: Hex, overhead: bigint): bigint {
  const calldataGas = 40n * BigInt((calldata.length - 2) / 2);
  return (gasLimit * 64n ** 3n) / 63n ** 3n + calldataGas + overhead;
}
