import { encodeErrorResult, type Hex } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import type { ChainTransaction, TransactionStatus } from '../../chains/transactions/transaction';
import { evmAccountId } from '../../schema/caip';
import {
  dispatchIdSchema,
  registryIdSchema,
  tenantIdSchema,
  transactionIdSchema,
  workIdSchema,
} from '../../schema/ids';
import { ADA, event } from '../../test/support/travel-events';
import { BASE, HOME } from '../../test/support/travel-steps';
import { type DispatchEvidence, dispatchProgress } from './dispatch-progress';
import type { DispatchRecord } from './dispatch-record';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';
const DIGEST: Hex = '0xd1';
const REASON = encodeErrorResult({ abi: collectionAbi, errorName: 'WorkIsFrozen', args: [7n] });

const REQUESTED: DispatchRecord = {
  id: dispatchIdSchema.parse(UUID),
  registryId: registryIdSchema.parse(UUID),
  workId: workIdSchema.parse(UUID),
  kind: 'WORK',
  state: 'REQUESTED',
  origin: 'PLATFORM',
  sourceChainId: HOME,
  destinationChainId: BASE,
  laneChoice: 'CHEAPEST',
  transport: null,
  to: evmAccountId(BASE, ADA),
  hop: 1,
  revision: null,
  permit: null,
  attempt: 1,
  feeWei: null,
  digest: null,
  messageId: null,
  messages: [],
  sourceTransactionHash: null,
  destinationTransactionHash: null,
  failure: null,
  waitingFor: null,
  alert: null,
  createdAt: new Date(0),
  stateSince: new Date(0),
};
const NOTHING: DispatchEvidence = {
  messages: [],
  outcomes: [],
  transaction: undefined,
  reclaimed: false,
};

const sent = (final: boolean) =>
  event('StatementSent', { transport: '1', messageId: '0xm1' }, { digest: DIGEST, final });
const applied = (final: boolean) => event('StatementApplied', {}, { chainId: BASE, digest: DIGEST, final });
const failed = () => event('StatementFailed', { reason: REASON }, { chainId: BASE, digest: DIGEST });

function transaction(status: TransactionStatus): ChainTransaction {
  return {
    id: transactionIdSchema.parse(UUID),
    tenantId: tenantIdSchema.parse(UUID),
    chainId: HOME,
    intentKey: `dispatch:${UUID}:1`,
    to: ADA,
    data: '0x',
    valueWei: 0n,
    version: 1,
    from: ADA,
    attempts: [],
    fillsGap: false,
    ...status,
  };
}

const included = (succeeded: boolean) => ({
  inclusion: { hash: '0xaa', blockNumber: 1n, blockHash: '0xbb', succeeded } as const,
});

test('without evidence it is requested, and a refusal before signing stays', () => {
  expect(dispatchProgress(REQUESTED, NOTHING)).toMatchObject({ state: 'REQUESTED', digest: null });
  expect(dispatchProgress({ ...REQUESTED, state: 'FAILED' }, NOTHING)).toEqual({});
});

test('a signed transaction makes it submitted, mined or not, until its event is seen', () => {
  for (const status of [{ state: 'broadcast' }, { state: 'mined', ...included(true) }] as const) {
    const change = dispatchProgress(REQUESTED, { ...NOTHING, transaction: transaction(status) });
    expect(change).toMatchObject({
      state: 'SUBMITTED',
      waitingFor: 'inclusion on the source',
      failure: null,
    });
  }
});

test('a transaction without money holds it, with what is missing', () => {
  const held = transaction({ state: 'held', missingWei: 5n });
  expect(dispatchProgress(REQUESTED, { ...NOTHING, transaction: held })).toMatchObject({
    state: 'HELD',
    failure: { code: 'INSUFFICIENT_FUNDS', missingWei: '5' },
  });
});

test('a transaction over the fee limit holds it, with what it needs and how it goes on', () => {
  const overLimit = { kind: 'TOTAL_FEE', limitWei: 5n, neededWei: 7n } as const;
  const held = transaction({ state: 'held', overLimit });
  expect(dispatchProgress(REQUESTED, { ...NOTHING, transaction: held })).toMatchObject({
    state: 'HELD',
    waitingFor: 'a higher fee limit',
    failure: {
      code: 'FEE_LIMIT_EXCEEDED',
      reason: 'it costs 7 wei with all fees, and the limit is 5 wei',
      missingWei: null,
    },
  });
});

test('a transaction that reverted, or that the contract refused when it was signed anew, fails it', () => {
  for (const status of [
    { state: 'mined', ...included(false), revertData: REASON },
    { state: 'dropped', revertData: REASON },
  ] as const) {
    expect(dispatchProgress(REQUESTED, { ...NOTHING, transaction: transaction(status) })).toMatchObject({
      state: 'FAILED',
      failure: { reason: 'The source refused it: WorkIsFrozen(7)' },
    });
  }
});

test('it is sent, then final on the source, delivered, and confirmed when both sides are final', () => {
  const stages = [
    { messages: [sent(false)], outcomes: [] },
    { messages: [sent(true)], outcomes: [] },
    { messages: [sent(true)], outcomes: [applied(false)] },
    { messages: [sent(false)], outcomes: [applied(true)] },
    { messages: [sent(true)], outcomes: [applied(true)] },
  ].map((evidence) => dispatchProgress(REQUESTED, { ...NOTHING, ...evidence }));
  expect(stages.map(({ state }) => state)).toEqual([
    'SENT',
    'SOURCE_FINAL',
    'DELIVERED',
    'DELIVERED',
    'CONFIRMED',
  ]);
  for (const stage of stages) expect(stage).toMatchObject({ digest: DIGEST, transport: 'CCIP', alert: null });
});

test('what the nudger has found out stays while the message is on its way', () => {
  const waiting = { ...REQUESTED, state: 'SOURCE_FINAL', digest: DIGEST, alert: 'late' } as const;
  const change = dispatchProgress(waiting, { ...NOTHING, messages: [sent(true)] });
  expect(change).not.toHaveProperty('alert');
  expect(change).not.toHaveProperty('waitingFor');
  const refusedByBridge = { ...waiting, state: 'FAILED' } as const;
  expect(dispatchProgress(refusedByBridge, { ...NOTHING, messages: [sent(true)] })).not.toHaveProperty(
    'state',
  );
});

test('a refusal by the destination fails it with the decoded reason; an application outweighs it', () => {
  const evidence = { ...NOTHING, messages: [sent(true)], outcomes: [failed()] };
  expect(dispatchProgress(REQUESTED, evidence)).toMatchObject({
    state: 'FAILED',
    failure: { code: 'EXECUTION_REVERTED', reason: 'The destination refused it: WorkIsFrozen(7)' },
  });
  const retried = { ...evidence, outcomes: [failed(), applied(true)] };
  expect(dispatchProgress(REQUESTED, retried)).toMatchObject({ state: 'CONFIRMED', failure: null });
});

test('a refusal by the destination that falls in a reorg is on its way again', () => {
  const refused = {
    ...REQUESTED,
    state: 'FAILED',
    digest: DIGEST,
    destinationTransactionHash: '0xcc',
  } as const;
  expect(dispatchProgress(refused, { ...NOTHING, messages: [sent(true)] })).toMatchObject({
    state: 'SOURCE_FINAL',
    failure: null,
    destinationTransactionHash: null,
  });
});

test('a confirmed one whose send falls goes back to its transaction; a holder’s is voided', () => {
  const confirmed = { ...REQUESTED, state: 'CONFIRMED', digest: DIGEST } as const;
  const resent = { ...NOTHING, transaction: transaction({ state: 'broadcast' }) };
  expect(dispatchProgress(confirmed, resent)).toMatchObject({ state: 'SUBMITTED', digest: null });
  const ofHolder = { ...confirmed, origin: 'HOLDER' } as const;
  expect(dispatchProgress(ofHolder, NOTHING)).toMatchObject({ state: 'VOIDED', digest: null });
  expect(
    dispatchProgress({ ...ofHolder, state: 'VOIDED' }, { ...NOTHING, messages: [sent(false)] }),
  ).toMatchObject({
    state: 'SENT',
    failure: null,
  });
});

test('a statement that both bridges carry names both, and its messages', () => {
  const byCcip = sent(true);
  const byLayerZero = { ...byCcip, logIndex: 1, args: { transport: '2', messageId: '0xm2' } };
  expect(dispatchProgress(REQUESTED, { ...NOTHING, messages: [byCcip, byLayerZero] })).toMatchObject({
    transport: 'BOTH',
    messageId: '0xm1',
    messages: [
      { transport: 'CCIP', messageId: '0xm1' },
      { transport: 'LAYERZERO', messageId: '0xm2' },
    ],
  });
});

describe('a statement that its destination has and does not apply', () => {
  const there = (name: 'StatementHeld' | 'StatementDisputed' | 'StatementVoided') =>
    event(name, {}, { chainId: BASE, digest: DIGEST });
  const progress = (...outcomes: ReturnType<typeof there>[]) =>
    dispatchProgress(REQUESTED, { ...NOTHING, messages: [sent(true)], outcomes });

  test('is HELD while it waits, with the way on', () => {
    expect(progress(there('StatementHeld'))).toMatchObject({
      state: 'HELD',
      failure: { code: 'STATEMENT_HELD', nextStep: expect.stringContaining('releaseStatement') },
    });
  });

  test('raises an alert when the bridges contradict each other', () => {
    expect(progress(there('StatementDisputed'))).toMatchObject({
      state: 'HELD',
      alert: expect.stringContaining('forged'),
      failure: { code: 'STATEMENT_DISPUTED', nextStep: expect.stringContaining('voidMessage') },
    });
  });

  test('is VOIDED for good, also if it was held or had failed before', () => {
    for (const before of [there('StatementHeld'), failed()]) {
      expect(progress(before, there('StatementVoided'))).toMatchObject({
        state: 'VOIDED',
        failure: { code: 'STATEMENT_VOIDED' },
      });
    }
  });

  test('is delivered once it is applied, whatever held it before', () => {
    expect(progress(there('StatementHeld'), applied(true))).toMatchObject({
      state: 'CONFIRMED',
      failure: null,
    });
  });
});

test('one whose other end was retired is void, whatever was to come of it, unless its effect is final', () => {
  const ended = { state: 'VOIDED', waitingFor: null, failure: { code: 'CHAIN_RETIRED' } };
  const reclaimed = { ...NOTHING, reclaimed: true };
  const stages: Partial<DispatchEvidence>[] = [
    {},
    { transaction: transaction({ state: 'mined', ...included(true) }) },
    { messages: [sent(false)] },
    { messages: [sent(true)] },
    { messages: [sent(true)], outcomes: [failed()] },
    { messages: [sent(true)], outcomes: [applied(false)] },
  ];
  for (const evidence of stages)
    expect(dispatchProgress(REQUESTED, { ...reclaimed, ...evidence })).toMatchObject(ended);
  const final = { messages: [sent(true)], outcomes: [applied(true)] };
  expect(dispatchProgress(REQUESTED, { ...reclaimed, ...final })).toMatchObject({ state: 'CONFIRMED' });
});
