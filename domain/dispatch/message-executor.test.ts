import { encodeErrorResult, type Hex, type TransactionReceipt } from 'viem';
import { registryErrorsAbi } from '../../chains/abi/errors';
import type { ChainAccess, ChainAccesses } from '../../chains/transactions/chain-access';
import {
  type ChainTransaction,
  type TransactionIntent,
  TransactionState,
} from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { MessageState, MessageStatus, Transport, TransportMessage } from '../../chains/transports';
import { evmChainId } from '../../schema/caip';
import { tenantIdSchema } from '../../schema/ids';
import { MessageExecutor, type SentMessage } from './message-executor';

const HOME = evmChainId(11155111);
const BASE = evmChainId(84532);
const WORD: Hex = `0x${'11'.repeat(32)}`;
const ADDRESS: Hex = `0x${'22'.repeat(20)}`;
/** LayerZero's answer to a delivery that has been made, or whose verification is gone. */
const NOT_FOUND: Hex = `0x7182306f${'00'.repeat(64)}`;
/** A receiver's answer. */
const AMOUNT_IS_ZERO = encodeErrorResult({ abi: registryErrorsAbi, errorName: 'AmountIsZero' });

const sent: SentMessage = {
  sourceChainId: HOME,
  destinationChainId: BASE,
  transport: 'LAYERZERO',
  transactionHash: WORD,
};

/** A network and an account: what the message's states will be, look by look, and whether calls revert. */
class Scene {
  readonly submitted: string[] = [];
  private readonly known = new Map<string, ChainTransaction>();
  private readonly tenantId = tenantIdSchema.parse('6f1d4a52-43c8-4ad2-9f3e-6b2f2f0e1d11');
  private readonly executor: MessageExecutor;

  constructor(
    private readonly states: readonly MessageState[],
    private readonly revertData?: Hex,
  ) {
    const transport: Transport = {
      kind: 'LAYERZERO',
      quote: async () => 0n,
      messagesIn: () => [message],
      status: async () => this.nextStatus(),
      executionCall: async () => ({ to: ADDRESS, data: '0x' }),
    };
    this.executor = new MessageExecutor(
      { find: async (_, key) => this.known.get(key), submit: async (intent) => this.submit(intent) },
      chains,
      { CCIP: transport, LAYERZERO: transport },
    );
  }

  look() {
    return this.executor.moveOn(this.tenantId, sent, 'nudge:1');
  }

  /** The last transaction ran and reverted. */
  failLast(): void {
    const key = this.submitted.at(-1);
    const transaction = key === undefined ? undefined : this.known.get(key);
    if (key === undefined || transaction === undefined) throw new Error('nothing was submitted');
    this.known.set(key, { ...transaction, state: TransactionState.Dropped, revertData: NOT_FOUND });
  }

  private looks = 0;

  private nextStatus(): MessageStatus {
    const state = this.states[Math.min(this.looks, this.states.length - 1)] ?? 'VERIFIED';
    this.looks += 1;
    return { state, waitsFor: [], since: new Date(0), executableFrom: new Date(0) };
  }

  private submit(intent: TransactionIntent): ChainTransaction {
    this.submitted.push(intent.intentKey);
    if (this.revertData !== undefined) throw new ExecutionRevertedError(this.revertData);
    // CAST: the executor reads state, inclusion and revert data only.
    const transaction = { ...intent, state: TransactionState.Broadcast } as ChainTransaction;
    this.known.set(intent.intentKey, transaction);
    return transaction;
  }
}

const message: TransportMessage = {
  kind: 'LAYERZERO',
  source: HOME,
  destination: BASE,
  messageId: WORD,
  sequence: 1n,
  sender: ADDRESS,
  receiver: ADDRESS,
  gasLimit: 1n,
  sentAtBlock: 1n,
  encoded: '0x',
};

// CAST: of a chain the executor uses this one call.
const access = {
  public: { getTransactionReceipt: async () => ({}) as TransactionReceipt },
} as unknown as ChainAccess;
const chains: ChainAccesses = { get: () => access };

describe('MessageExecutor', () => {
  test('executes once, however often it looks', async () => {
    const scene = new Scene(['VERIFIED']);
    await scene.look();
    await scene.look();
    expect(scene.submitted).toEqual(['nudge:1:VERIFIED:1']);
  });

  test('a message that another executed since it looked is not refused', async () => {
    const scene = new Scene(['VERIFIED', 'EXECUTED'], AMOUNT_IS_ZERO);
    expect(await scene.look()).toEqual({ status: expect.objectContaining({ state: 'EXECUTED' }) });
    expect(scene.submitted).toHaveLength(1);
  });

  test('a message whose verification a reorg has taken back is not refused', async () => {
    const scene = new Scene(['VERIFIED', 'UNVERIFIED'], AMOUNT_IS_ZERO);
    expect(await scene.look()).not.toHaveProperty('refused');
  });

  test('nor is one that by another endpoint has been executed, while the first still shows it as verified', async () => {
    const scene = new Scene(['VERIFIED'], NOT_FOUND);
    expect(await scene.look()).not.toHaveProperty('refused');
    expect(await scene.look()).not.toHaveProperty('refused');
    expect(scene.submitted).toEqual(['nudge:1:VERIFIED:1', 'nudge:1:VERIFIED:1']);
  });

  test('what the receiver refuses as things stand is refused at once, by its name', async () => {
    const scene = new Scene(['VERIFIED'], AMOUNT_IS_ZERO);
    expect(await scene.look()).toHaveProperty('refused', 'The destination refuses it: AmountIsZero()');
    expect(scene.submitted).toHaveLength(1);
  });

  test('its own try that came to nothing is made anew, three times in all', async () => {
    const scene = new Scene(['VERIFIED']);
    for (let nth = 1; nth <= 3; nth += 1) {
      expect(await scene.look()).not.toHaveProperty('refused');
      scene.failLast();
    }
    expect(await scene.look()).toHaveProperty('refused');
    expect(scene.submitted).toEqual(['nudge:1:VERIFIED:1', 'nudge:1:VERIFIED:2', 'nudge:1:VERIFIED:3']);
  });
});
