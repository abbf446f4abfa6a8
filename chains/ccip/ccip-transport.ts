import type { Client as CcipClient } from '@chainlink/ccip-js';
import type { PublicClient } from 'viem';
import type { ChainId } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import { ccipOffRampAbi } from '../abi/protocol/ccip';
import type { ChainTable, EvmChain } from '../chain-table';
import { addressInWord, dateOfTimestamp } from '../evm-values';
import { blocksSince, findLogs } from '../log-search';
import { decodeRevert, type RevertReason } from '../revert-reason';
import type {
  ChainClients,
  ExecutionCall,
  MessageStatus,
  QuoteRequest,
  SourceReceipt,
  Transport,
  TransportMessage,
} from '../transports';
import { CcipLogsMissingError } from './ccip-errors';
import { type CommittedRoot, findRoot, messagesOf, sentIn } from './ccip-lane';
import { gasLimitOf } from './ccip-message';
import { manualExecution } from './manual-execution';

/** `Internal.MessageExecutionState` of CCIP 1.6. */
const ExecutionState = { Success: 2, Failure: 3 } as const;

/** The two chains of a message, with their clients. */
interface Lane {
  readonly source: EvmChain;
  readonly destination: EvmChain;
  readonly onSource: PublicClient;
  readonly onDestination: PublicClient;
}

/** A commit, and when the destination recorded it. */
interface Commit {
  readonly root: CommittedRoot;
  readonly at: Date;
}

/** Chainlink CCIP 1.6: fees through Chainlink's SDK, everything else from the chains (https://docs.chain.link/ccip, read 2026-11). */
export class CcipTransport implements Transport {
  readonly kind = TransportKind.CCIP;

  constructor(
    private readonly chains: ChainTable,
    private readonly clients: ChainClients,
    private readonly sdk: CcipClient,
  ) {}

  async quote(
    { source, destination, receiver, data, gasLimit }: QuoteRequest,
    onSource: PublicClient,
  ): Promise<bigint> {
    return this.sdk.getFee({
      client: onSource,
      routerAddress: this.chains.get(source).ccip.router,
      destinationAccount: receiver,
      destinationChainSelector: this.chains.get(destination).ccip.ccipSelector.toString(),
      data,
      // As our contract sends it: the fee depends on both.
      extraArgs: { gasLimit: Number(gasLimit), allowOutOfOrderExecution: true },
    });
  }

  messagesIn(source: ChainId, receipt: SourceReceipt): TransportMessage[] {
    return sentIn(receipt, this.chains.get(source)).flatMap((message) => {
      const { messageId, sequenceNumber: sequence, destChainSelector } = message.header;
      const destination = this.chains
        .all()
        .find(({ ccip }) => ccip.ccipSelector === destChainSelector)?.chainId;
      if (destination === undefined) return [];
      return {
        kind: this.kind,
        source,
        destination,
        messageId,
        sequence,
        sender: message.sender,
        receiver: addressInWord(message.receiver),
        gasLimit: gasLimitOf(message),
        sentAtBlock: receipt.blockNumber,
        encoded: message.data,
      };
    });
  }

  async status(message: TransportMessage): Promise<MessageStatus> {
    const lane = this.laneOf(message);
    const { onDestination, destination, source } = lane;
    const offRamp = { abi: ccipOffRampAbi, address: destination.ccip.offRamp } as const;
    const { ccipSelector } = source.ccip;
    const [state, { minSeqNr: nextUncommitted }] = await Promise.all([
      onDestination.readContract({
        ...offRamp,
        functionName: 'getExecutionState',
        args: [ccipSelector, message.sequence],
      }),
      onDestination.readContract({ ...offRamp, functionName: 'getSourceChainConfig', args: [ccipSelector] }),
    ]);
    if (state === ExecutionState.Success) return { state: 'EXECUTED', waitsFor: [] };
    if (state === ExecutionState.Failure) return this.failedStatus(lane, message);
    if (message.sequence >= nextUncommitted) {
      const { timestamp } = await lane.onSource.getBlock({ blockNumber: message.sentAtBlock });
      return {
        state: 'UNVERIFIED',
        since: dateOfTimestamp(timestamp),
        waitsFor: ["CCIP's commit of the message"],
      };
    }
    const { at } = await this.commitOf(lane, message);
    const { permissionLessExecutionThresholdSeconds: windowSeconds } = await onDestination.readContract({
      ...offRamp,
      functionName: 'getDynamicConfig',
    });
    return {
      state: 'VERIFIED',
      since: at,
      waitsFor: ["execution by CCIP's network, or by anyone when its time is over"],
      // The contract asks for more than the window, in whole seconds.
      executableFrom: new Date(at.getTime() + (windowSeconds + 1) * 1000),
    };
  }

  async executionCall(
    message: TransportMessage,
    { gasLimit = 0n }: { readonly gasLimit?: bigint } = {},
  ): Promise<ExecutionCall | undefined> {
    const lane = this.laneOf(message);
    const { executableFrom } = await this.status(message);
    const { timestamp } = await lane.onDestination.getBlock({ blockTag: 'latest' });
    if (executableFrom === undefined || dateOfTimestamp(timestamp) < executableFrom) return undefined;

    const { root } = await this.commitOf(lane, message);
    const sent = await messagesOf(lane.onSource, lane.source, lane.destination, root, message.sentAtBlock);
    const call = manualExecution(lane, root, sent, { messageId: message.messageId, gasLimit });
    if (call !== undefined) return call;
    // The logs are not what was committed: an endpoint lies, or the source was reorganised past finality.
    throw new CcipLogsMissingError(lane.source.chainId, { context: { messageId: message.messageId } });
  }

  /** After a failure anyone may try again at once. */
  private async failedStatus(lane: Lane, message: TransportMessage): Promise<MessageStatus> {
    const { at, reason } = await this.failureOf(lane, message);
    return {
      state: 'FAILED',
      since: at,
      waitsFor: ['another execution, by anyone'],
      executableFrom: at,
      failure: reason,
    };
  }

  private async failureOf(
    { source, destination, onSource, onDestination }: Lane,
    { sequence, messageId, sentAtBlock }: TransportMessage,
  ): Promise<{ at: Date; reason: RevertReason }> {
    const { timestamp } = await onSource.getBlock({ blockNumber: sentAtBlock });
    const range = await blocksSince(onDestination, timestamp);
    const logs = await findLogs(range, 'newest', (piece) =>
      onDestination.getContractEvents({
        abi: ccipOffRampAbi,
        address: destination.ccip.offRamp,
        eventName: 'ExecutionStateChanged',
        args: { sourceChainSelector: source.ccip.ccipSelector, sequenceNumber: sequence, messageId },
        strict: true,
        ...piece,
      }),
    );
    const last = logs.at(-1);
    if (last === undefined) throw new CcipLogsMissingError(destination.chainId, { context: { messageId } });
    const block = await onDestination.getBlock({ blockNumber: last.blockNumber });
    return { at: dateOfTimestamp(block.timestamp), reason: decodeRevert(last.args.returnData) };
  }

  private async commitOf(lane: Lane, message: TransportMessage): Promise<Commit> {
    const { source, destination, onSource, onDestination } = lane;
    const { timestamp } = await onSource.getBlock({ blockNumber: message.sentAtBlock });
    const range = await blocksSince(onDestination, timestamp);
    const root = await findRoot(onDestination, destination, source, message.sequence, range);
    if (root === undefined) {
      throw new CcipLogsMissingError(destination.chainId, { context: { messageId: message.messageId } });
    }
    const committedAt = await onDestination.readContract({
      abi: ccipOffRampAbi,
      address: destination.ccip.offRamp,
      functionName: 'getMerkleRoot',
      args: [source.ccip.ccipSelector, root.merkleRoot],
    });
    return { root, at: dateOfTimestamp(committedAt) };
  }

  private laneOf({ source, destination }: TransportMessage): Lane {
    return {
      source: this.chains.get(source),
      destination: this.chains.get(destination),
      onSource: this.clients.get(source).public,
      onDestination: this.clients.get(destination).public,
    };
  }
}
