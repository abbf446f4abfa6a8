import { evmChainId } from '../../schema/caip';
import { tenantIdSchema, transactionIdSchema } from '../../schema/ids';
import { type LaneView, nextStep } from './next-step';
import { type ChainTransaction, TransactionState, type TransactionStatus } from './transaction';

const SIGNED_AT = new Date(1_000_000);
const ID = '00000000-0000-4000-8000-000000000000';

function transaction(status: TransactionStatus): ChainTransaction {
  const { nonce } = status;
  const attempt = {
    hash: '0x01',
    raw: '0x02',
    gas: 21_000n,
    maxFeePerGasWei: 10n,
    maxPriorityFeePerGasWei: 1n,
    signedAtBlock: 100n,
    signedAt: SIGNED_AT,
  } as const;
  return {
    id: transactionIdSchema.parse(ID),
    tenantId: tenantIdSchema.parse(ID),
    chainId: evmChainId(1),
    intentKey: 'key',
    from: '0x01',
    to: '0x02',
    data: '0x',
    valueWei: 0n,
    version: 1,
    fillsGap: false,
    attempts: nonce === undefined ? [] : [{ ...attempt, nonce }],
    ...status,
  };
}

const view: LaneView = {
  head: { blockNumber: 101n, finalBlock: 90n, baseFeeWei: 5n, suggestedTipWei: 1n },
  usedNonces: 5,
  pooledNonces: 7,
  now: SIGNED_AT,
  bumpAfterMs: 1_000,
};
const late = { ...view, now: new Date(SIGNED_AT.getTime() + 1_000) };

describe('nextStep', () => {
  test.each([
    ['held without a nonce is signed', { state: TransactionState.Held, missingWei: 1n }, view, 'sign'],
    ['mined is confirmed', { state: TransactionState.Mined, nonce: 4 }, late, 'confirm'],
    [
      'broadcast under a used nonce is located',
      { state: TransactionState.Broadcast, nonce: 4 },
      late,
      'locate',
    ],
    [
      'prepared under a used nonce is located',
      { state: TransactionState.Prepared, nonce: 4 },
      view,
      'locate',
    ],
    [
      'replaced under a used nonce is located',
      { state: TransactionState.Replaced, nonce: 4 },
      view,
      'locate',
    ],
    [
      'replaced under a nonce free again is offered',
      { state: TransactionState.Replaced, nonce: 5 },
      view,
      'offer',
    ],
    ['prepared is offered', { state: TransactionState.Prepared, nonce: 5 }, view, 'offer'],
    [
      'held under a nonce is offered',
      { state: TransactionState.Held, nonce: 5, missingWei: 1n },
      view,
      'offer',
    ],
    ['broadcast and still in the pool waits', { state: TransactionState.Broadcast, nonce: 6 }, view, 'wait'],
    [
      'broadcast and gone from the pool is offered',
      { state: TransactionState.Broadcast, nonce: 7 },
      view,
      'offer',
    ],
    [
      'the next of its lane is bumped when late',
      { state: TransactionState.Broadcast, nonce: 5 },
      late,
      'bump',
    ],
    [
      'one that waits for an earlier one is not bumped',
      { state: TransactionState.Broadcast, nonce: 6 },
      late,
      'wait',
    ],
    [
      'one below the base fee is bumped wherever it stands',
      { state: TransactionState.Broadcast, nonce: 6 },
      { ...late, head: { ...late.head, baseFeeWei: 11n } },
      'bump',
    ],
    [
      'none is bumped before a block has passed it by',
      { state: TransactionState.Broadcast, nonce: 5 },
      { ...late, head: { ...late.head, blockNumber: 100n } },
      'wait',
    ],
  ] as const)('%s', (_, status, seen, step) => {
    expect(nextStep(transaction(status), seen)).toBe(step);
  });
});
