import { decodeFunctionData, type Hex } from 'viem';
import { delayedQueueAbi } from '../../chains/abi/delayed-queue';
import { royaltyRemitterAbi } from '../../chains/abi/royalty-remitter';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import { remitterOf } from '../../chains/evm/registry/payees';
import { erc20MoneyId, evmAccountId } from '../../schema/caip';
import { callOf } from '../../test/support/guard-steps';
import { ADA, BOB } from '../../test/support/travel-events';
import { BASE } from '../../test/support/travel-steps';
import { nextGuardStep, senderOf } from './guard-step';
import type { GuardSubject } from './guard-subject';

const DOLLAR: Hex = '0x52908400098527886E0F7030069857D2E4169EE7';
const OFT: Hex = '0xde709f2102306220921060314715629080e2fb77';
const QUEUE: Hex = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const NOW = 1_000n;

// CAST: what the step looks at.
const subject = {
  action: {
    kind: 'SET_REMITTANCE_OFT',
    asset: erc20MoneyId(BASE, DOLLAR),
    account: evmAccountId(BASE, OFT),
  },
  contracts: { collection: ADA, royaltyVault: BOB, delayedQueue: QUEUE, chainId: BASE },
  self: ADA,
} as unknown as GuardSubject;

/** A chain on which no OFT is named and nothing is held. */
function chain(over: Partial<GuardReader> = {}): GuardReader {
  // CAST: the port by the methods that the step calls.
  return {
    now: NOW,
    oftOf: async () => undefined,
    heldForRemittance: async () => 0n,
    planReadyAt: async () => undefined,
    holderOf: async () => ADA,
    ...over,
  } as GuardReader;
}

test('the owner names the first OFT of a token at its remitter', async () => {
  const step = callOf(await nextGuardStep(subject, chain()));
  expect(step).toMatchObject({ key: 'setOft', by: ['OWNER'], valueWei: 0n, call: { to: remitterOf(BOB) } });
  expect(decodeFunctionData({ abi: royaltyRemitterAbi, data: step.call.data })).toEqual({
    functionName: 'setOft',
    args: [DOLLAR, expect.stringMatching(new RegExp(OFT, 'i'))],
  });
});

test('where somebody else owns the registry the call is his to send', async () => {
  const foreign = chain({ holderOf: async () => BOB });
  const step = callOf(await nextGuardStep(subject, foreign));
  expect(await senderOf(step, subject, foreign)).toBe(BOB);
  expect(await senderOf(step, subject, chain())).toBeUndefined();
});

test('an OFT that is named already is not named again', async () => {
  expect(await nextGuardStep(subject, chain({ oftOf: async () => OFT }))).toEqual({ kind: 'done' });
});

test.each<[string, Partial<GuardReader>]>([
  ['another OFT is named', { oftOf: async () => BOB }],
  ['money of the token is held', { heldForRemittance: async () => 1n }],
])('it takes the queue’s delay when %s, as the contract does', async (_, over) => {
  const announced = callOf(await nextGuardStep(subject, chain(over)));
  expect(announced).toMatchObject({ key: 'announce', by: ['OWNER'], call: { to: QUEUE } });
  const { args } = decodeFunctionData({ abi: delayedQueueAbi, data: announced.call.data });
  expect(args).toEqual([[{ target: remitterOf(BOB), data: expect.any(String) }]]);
  const waiting = chain({ ...over, planReadyAt: async () => NOW + 1n });
  expect(await nextGuardStep(subject, waiting)).toMatchObject({ kind: 'wait' });
  const ready = chain({ ...over, planReadyAt: async () => NOW });
  expect(await nextGuardStep(subject, ready)).toMatchObject({ key: 'execute', by: 'ANYONE' });
});
