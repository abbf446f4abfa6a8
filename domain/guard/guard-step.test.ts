import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import type { ChainId } from '../../schema/caip';
import { guardActionIdSchema, registryIdSchema } from '../../schema/ids';
import type { TransportKind } from '../../schema/types/chain';
import type { GuardAction } from '../../schema/types/guard-action';
import { ADA } from '../../test/support/travel-events';
import { BASE, HOME } from '../../test/support/travel-steps';
import { type GuardSubject, nextGuardStep } from './guard-step';

const UUID = '6f6b1a52-9d6e-4f0e-8d2a-1f4c1a0b2c3d';
const contracts = {
  chainId: BASE,
  collection: ADA,
  gateway: ADA,
  ccipTransport: ADA,
  layerZeroTransport: ADA,
  lanes: ADA,
  delayedQueue: ADA,
  royaltyReceiver: null,
  royaltyVault: null,
  licenceBook: null,
} as const;
const NOW = 1_000n;

const subject = (kind: GuardAction['kind']): GuardSubject => ({
  action: {
    id: guardActionIdSchema.parse(UUID),
    registryId: registryIdSchema.parse(UUID),
    workId: null,
    dispatchId: null,
    kind,
    state: 'REQUESTED',
    reason: 'it looks forged',
    chainId: BASE,
    peerChainId: null,
    transport: null,
    holdSeconds: 60,
    ownersRoot: null,
    limit: null,
    waitingFor: null,
    failure: null,
    createdAt: new Date(0),
  },
  contracts,
  tokenId: 7n,
  statement: {
    sourceChainId: HOME,
    nonce: 7n,
    digest: `0x${'d'.repeat(64)}`,
    message: async () => '0x00',
    answerBy: 'CCIP',
  },
});

/** A chain that has the statement as `over` says, and nothing else. */
function chain(over: Partial<GuardReader>): GuardReader {
  // CAST: the port by the methods that the steps call.
  return {
    now: NOW,
    heldUntil: async () => 0n,
    status: async () => 'NONE',
    isApplied: async () => false,
    isVoided: async () => false,
    planReadyAt: async () => undefined,
    voidFee: async () => 100n,
    ...over,
  } as GuardReader;
}

const step = (kind: GuardAction['kind'], over: Partial<GuardReader>) =>
  nextGuardStep(subject(kind), chain(over));
const applied = { isApplied: async () => true };

test('what was applied can be neither held nor voided', async () => {
  expect(await step('HOLD_STATEMENT', applied)).toMatchObject({ kind: 'refused' });
  expect(await step('VOID_MESSAGE', applied)).toMatchObject({ kind: 'refused' });
});

test('what was voided cannot be released', async () => {
  expect(await step('RELEASE_STATEMENT', { status: async () => 'VOIDED' })).toMatchObject({
    kind: 'refused',
  });
});

test('a release ends a hold that runs before it has the statement applied, and needs neither if nothing waits', async () => {
  const waiting: Partial<GuardReader> = { status: async () => 'WAITING' };
  const held = { ...waiting, heldUntil: async () => NOW + 1n };
  expect(await step('RELEASE_STATEMENT', held)).toMatchObject({ key: 'endHold' });
  expect(await step('RELEASE_STATEMENT', { ...waiting, heldUntil: async () => NOW })).toMatchObject({
    key: 'releaseStatement',
  });
  expect(await step('RELEASE_STATEMENT', {})).toEqual({ kind: 'done' });
});

test('a void is announced, waits for its delay, is carried out, and is then told to the source for a fee', async () => {
  expect(await step('VOID_MESSAGE', {})).toMatchObject({ key: 'announce' });
  expect(await step('VOID_MESSAGE', { planReadyAt: async () => NOW + 1n })).toMatchObject({
    kind: 'wait',
    untilSeconds: NOW + 1n,
  });
  expect(await step('VOID_MESSAGE', { planReadyAt: async () => NOW })).toMatchObject({ key: 'execute' });
  const voided = { isVoided: async () => true };
  expect(await step('VOID_MESSAGE', voided)).toMatchObject({ key: 'sendVoid', valueWei: 120n });
});

test('a retirement shuts both lanes, has the owners fixed, and only then goes through the queue', async () => {
  const root = `0x${'f'.repeat(64)}` as const;
  const retire = (over: Partial<GuardReader>, ownersRoot: GuardAction['ownersRoot'] = null) => {
    const asked = subject('RETIRE_CHAIN');
    const action = { ...asked.action, chainId: HOME, peerChainId: BASE, ownersRoot };
    const open = { ownersRootOf: async () => undefined, isPaused: async () => true };
    return nextGuardStep({ ...asked, action }, chain({ ...open, ...over }));
  };
  expect(await retire({ isPaused: async () => false })).toMatchObject({ key: 'pause-CCIP' });
  const half = { isPaused: async (_peer: ChainId, bridge: TransportKind) => bridge === 'CCIP' };
  expect(await retire(half)).toMatchObject({ key: 'pause-LAYERZERO' });
  expect(await retire({})).toEqual({ kind: 'census' });
  expect(await retire({}, root)).toMatchObject({ key: 'announce' });
  expect(await retire({ planReadyAt: async () => NOW }, root)).toMatchObject({ key: 'execute' });
  expect(await retire({ ownersRootOf: async () => root }, root)).toEqual({ kind: 'done' });
  expect(await retire({ ownersRootOf: async () => `0x${'e'.repeat(64)}` }, root)).toMatchObject({
    kind: 'refused',
  });
});

test('a hold that is placed is done, whoever placed it', async () => {
  expect(await step('HOLD_STATEMENT', { heldUntil: async () => 1n })).toEqual({ kind: 'done' });
  expect(await step('HOLD_STATEMENT', {})).toMatchObject({ key: 'holdStatement' });
});
