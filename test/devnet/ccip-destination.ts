import { type Address, type Hex, size } from 'viem';
import type { ChainId } from '../../schema/caip';
import { type CcipFacts, type CommittedRoot, type ccipLogReader, messageKey } from './ccip-chain';
import { encodeAddress, leafHash, MerkleTree, type Message } from './ccip-messages';
import type { ChainView } from './chain-view';
import { type DeliveryCounts, type Destination, RetryPacer } from './deliverer';
import { type DeliveryGate, laneName } from './delivery-faults';
import type { LaneRoot, OcrReporter } from './ocr-reporter';
import type { Call, Transactor } from './transactor';

type CcipLog = Parameters<ReturnType<typeof ccipLogReader>['apply']>[1];

/** A chain as the DON sees it. */
export interface CcipPeer {
  readonly chainId: ChainId;
  readonly ccipSelector: bigint;
  readonly onRamp: Address;
  readonly offRamp: Address;
  readonly view: ChainView<CcipLog, CcipFacts>;
  readonly transactor: Transactor;
}

/** Messages per root; OffRamp 1.6 takes at most 256. */
const ROOT_SIZE = 64;
const MAX_EXECUTIONS_PER_BATCH = 10;
const COMMIT_GAS = 2_000_000n;

/** Commits and executes the messages to one chain. */
export class CcipDestination implements Destination {
  private readonly pacer = new RetryPacer();

  constructor(
    private readonly chain: CcipPeer,
    private readonly sources: readonly CcipPeer[],
    private readonly reporter: OcrReporter,
    private readonly gate: DeliveryGate,
    private readonly counts: DeliveryCounts,
  ) {}

  get name(): string {
    return `CCIP to ${this.chain.chainId}`;
  }

  refresh(): Promise<void> {
    return this.chain.view.refresh();
  }

  /** Executes what is committed, and commits what is final on its source and not committed. */
  async deliver(): Promise<void> {
    const executions = this.executions();
    const roots = this.sources.flatMap((source) => this.nextRoot(source));
    const calls = executions.map(({ call }) => call);
    if (roots.length > 0) calls.push(await this.commitCall(roots));
    if (calls.length === 0) return;
    for (const { key } of executions) this.pacer.tried(key);
    if ((await this.chain.transactor.submit(calls)) === undefined) return;
    this.counts.executed += new Set(executions.map(({ key }) => key)).size;
    this.counts.duplicated += executions.length - new Set(executions.map(({ key }) => key)).size;
    for (const { minSeqNr, maxSeqNr } of roots) this.counts.verified += Number(maxSeqNr - minSeqNr) + 1;
  }

  private async commitCall(roots: readonly LaneRoot[]): Promise<Call> {
    return { to: this.chain.offRamp, data: await this.reporter.commit(roots), gas: COMMIT_GAS };
  }

  /** The unbroken run of messages after the last committed one that may be verified now. */
  private nextRoot(source: CcipPeer): LaneRoot[] {
    const { final, recent } = this.chain.view;
    const committed =
      recent.committed.get(source.ccipSelector) ?? final.committed.get(source.ccipSelector) ?? 0n;
    const first = committed + 1n;
    const messages: Message[] = [];
    while (messages.length < ROOT_SIZE) {
      const message = this.sentMessage(source, first + BigInt(messages.length));
      if (message === undefined || !this.gate.mayVerify(this.lane(source), message.header.messageId)) break;
      messages.push(message);
    }
    if (messages.length === 0) return [];
    return [
      {
        sourceChainSelector: source.ccipSelector,
        onRampAddress: encodeAddress(source.onRamp),
        minSeqNr: first,
        maxSeqNr: first + BigInt(messages.length) - 1n,
        merkleRoot: treeOf(messages, source).root,
      },
    ];
  }

  /** Execution of committed messages, each with the key of its message. */
  private executions(): { key: string; call: Call }[] {
    const { final, recent } = this.chain.view;
    const executions: { key: string; call: Call }[] = [];
    for (const [key, root] of [...final.open, ...recent.open]) {
      if (executions.length >= MAX_EXECUTIONS_PER_BATCH) break;
      if (recent.executed.has(key) || !this.pacer.isDue(key)) continue;
      executions.push(...this.executionsOf(key, root));
    }
    return executions;
  }

  private executionsOf(key: string, root: CommittedRoot): { key: string; call: Call }[] {
    const source = this.sources.find(({ ccipSelector }) => ccipSelector === root.sourceSelector);
    if (source === undefined) return [];
    const messages = this.messagesOf(source, root);
    const index = messages.findIndex(
      ({ header }) => messageKey(root.sourceSelector, header.sequenceNumber) === key,
    );
    const message = messages[index];
    // A reorg past finality can take a committed message from its source: nobody can prove it any more.
    if (message === undefined || messages.length !== Number(root.last - root.first) + 1) return [];
    const lane = this.lane(source);
    if (!this.gate.mayExecute(lane, message.header.messageId)) return [];
    const data = this.reporter.execute(message, treeOf(messages, source).proof(index));
    const call = { to: this.chain.offRamp, data, gas: executionGas(message, data) };
    return Array.from({ length: this.gate.copies(lane, message.header.messageId) }, () => ({ key, call }));
  }

  private messagesOf(source: CcipPeer, { first, last }: CommittedRoot): Message[] {
    const messages: Message[] = [];
    for (let sequence = first; sequence <= last; sequence += 1n) {
      const message = this.sentMessage(source, sequence);
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  private sentMessage(source: CcipPeer, sequenceNumber: bigint): Message | undefined {
    return source.view.final.sent.get(this.chain.ccipSelector)?.get(sequenceNumber);
  }

  private lane(source: CcipPeer): string {
    return laneName(source.chainId, this.chain.chainId);
  }
}

function treeOf(messages: readonly Message[], source: CcipPeer): MerkleTree {
  return new MerkleTree(messages.map((message) => leafHash(message, source.onRamp)));
}

/** What the receiver may use, what forwarding it demands (EIP-150), tokens, and OffRamp's own work. */
function executionGas(message: Message, data: Hex): bigint {
  const tokens = message.tokenAmounts.reduce((sum, { destGasAmount }) => sum + BigInt(destGasAmount), 0n);
  return ((message.gasLimit + tokens) * 64n) / 63n + 600_000n + 40n * BigInt(size(data));
}
