import type { Hex } from 'viem';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainTransaction, TransactionState } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import type { MessageStatus, Transport, TransportMessage } from '../../chains/transports';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { TransportKind } from '../../schema/types/chain';
import type { Transports } from './lane-quoter';
import { describeRevert, isNothingToExecute } from './revert-reason';

/** How long a network's own executor is given after verification before we execute, in milliseconds. */
const EXECUTOR_GRACE_MS = 6_000;

/** How often a message is executed by us in one state. */
const MAX_TRIES = 3;

/** A bridge message by the transaction that sent it. */
export interface SentMessage {
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
  readonly transport: TransportKind;
  readonly transactionHash: Hex;
  /** Which of the transaction's messages; the first if absent. */
  readonly messageId?: string | null;
}

/** Where a message stands after a look at it. */
export interface MessageProgress {
  readonly status: MessageStatus;
  /** Why it can go no further by itself, if so. */
  readonly refused?: string;
}

/** Executes messages that a bridge has verified and nobody has executed: anyone may, and the tenant pays. */
export class MessageExecutor {
  constructor(
    private readonly transactions: Pick<TransactionManager, 'find' | 'submit'>,
    private readonly chains: ChainAccesses,
    private readonly transports: Transports,
  ) {}

  /**
   * Moves a message along if it is time. Our own try can come to nothing because another was quicker, or
   * because a reorg took what it built on: then it is tried anew, at most {@link MAX_TRIES} times under one
   * `intent` and state. What the destination refuses as things stand is for a person to try again, by
   * another intent: each try could cost gas for nothing.
   */
  async moveOn(tenantId: TenantId, sent: SentMessage, intent: string): Promise<MessageProgress> {
    const transport = this.transports[sent.transport];
    const message = await this.messageOf(transport, sent);
    const status = await transport.status(message);
    if (!isDue(status)) return { status };
    let revertData: Hex | undefined;
    for (let nth = 1; nth <= MAX_TRIES; nth += 1) {
      const intentKey = `${intent}:${status.state}:${nth}`;
      const known = await this.transactions.find(tenantId, intentKey);
      if (known === undefined) return this.execute(tenantId, transport, message, { status, intentKey });
      if (!isOver(known, status)) return { status };
      revertData = known.revertData;
    }
    return { status, refused: reasonOf(status, revertData) };
  }

  private async messageOf(
    transport: Transport,
    { sourceChainId, transactionHash, messageId }: SentMessage,
  ): Promise<TransportMessage> {
    const receipt = await this.chains
      .get(sourceChainId)
      .public.getTransactionReceipt({ hash: transactionHash });
    const messages = transport.messagesIn(sourceChainId, receipt);
    const message = messages.find((candidate) => messageId == null || candidate.messageId === messageId);
    if (message === undefined) throw new Error(`transaction ${transactionHash} holds no such message`);
    return message;
  }

  private async execute(
    tenantId: TenantId,
    transport: Transport,
    message: TransportMessage,
    { status, intentKey }: { status: MessageStatus; intentKey: string },
  ): Promise<MessageProgress> {
    const call = await transport.executionCall(message, { gasLimit: message.gasLimit * 2n });
    if (call === undefined) return { status };
    const chainId = message.destination;
    try {
      await this.transactions.submit({ tenantId, chainId, intentKey, valueWei: 0n, ...call });
      return { status };
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      // Executed by another, or taken back by a reorg, since we looked: that is no refusal.
      const current = await transport.status(message);
      if (current.state !== status.state) return { status: current };
      // The same, while the endpoint that shows the state is behind the one that has estimated.
      if (isNothingToExecute(error.revertData)) return { status };
      return { status, refused: reasonOf(status, error.revertData) };
    }
  }
}

/** True when anyone may execute it and the network's own executor has had its chance. */
function isDue({ state, executableFrom, since }: MessageStatus): boolean {
  if (state === 'EXECUTED' || executableFrom === undefined) return false;
  const from = Math.max(executableFrom.getTime(), (since?.getTime() ?? 0) + EXECUTOR_GRACE_MS);
  return Date.now() >= from;
}

/** True when our own try has come to nothing, and nothing more will come of it. */
function isOver({ state, inclusion }: ChainTransaction, status: MessageStatus): boolean {
  const wasRefused = state === TransactionState.Dropped || inclusion?.succeeded === false;
  return wasRefused || (state === TransactionState.Final && status.state === 'FAILED');
}

function reasonOf({ failure }: MessageStatus, revertData: Hex | undefined): string {
  const cause =
    failure === undefined ? describeRevert(revertData) : `${failure.name}(${failure.args.join(', ')})`;
  return `The destination refuses it: ${cause}`;
}
