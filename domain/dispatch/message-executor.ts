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
import { describeRevert } from './revert-reason';

/** How long a network's own executor is given after verification before we execute, in milliseconds. */
const EXECUTOR_GRACE_MS = 6_000;

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
    private readonly transactions: TransactionManager,
    private readonly chains: ChainAccesses,
    private readonly transports: Transports,
  ) {}

  /**
   * Moves a message along if it is time, once per state under each `intent`: a second try after a
   * failure is for a person to ask for (by another intent), or each would cost gas for nothing.
   */
  async moveOn(tenantId: TenantId, sent: SentMessage, intent: string): Promise<MessageProgress> {
    const transport = this.transports[sent.transport];
    const message = await this.messageOf(transport, sent);
    const status = await transport.status(message);
    if (!isDue(status)) return { status };
    const intentKey = `${intent}:${status.state}`;
    const known = await this.transactions.find(tenantId, intentKey);
    const refused =
      known === undefined
        ? await this.execute(tenantId, transport, message, { status, intentKey })
        : isOver(known, status)
          ? reasonOf(status, known.revertData)
          : undefined;
    return refused === undefined ? { status } : { status, refused };
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
  ): Promise<string | undefined> {
    const call = await transport.executionCall(message, { gasLimit: message.gasLimit * 2n });
    if (call === undefined) return undefined;
    try {
      await this.transactions.submit({
        tenantId,
        chainId: message.destination,
        intentKey,
        valueWei: 0n,
        ...call,
      });
      return undefined;
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      return reasonOf(status, error.revertData);
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
