import { decodeFunctionData, type Hex } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { royaltyVaultAbi } from '../../chains/abi/royalty-vault';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import { payeeIdOf, payeeOf } from '../../chains/evm/registry/payees';
import type { RegistryTerms } from '../../chains/evm/registry/terms';
import { evmAccountId } from '../../schema/caip';
import type { GuardAction, PolicyRequest } from '../../schema/types/guard-action';
import { callOf } from '../../test/support/guard-steps';
import { ADA, BOB } from '../../test/support/travel-events';
import { BASE, HOME } from '../../test/support/travel-steps';
import { senderOf } from './guard-step';
import type { GuardSubject } from './guard-subject';
import { nextPolicyStep } from './policy-step';

const NOW = 1_000n;
const HASH: Hex = `0x${'7'.repeat(64)}`;
const LICENCE: Hex = `0x${'8'.repeat(64)}`;
const terms = { royaltyBps: 750, policyHash: HASH, restrictsTransfers: false, operators: [] };
const shares = [
  { account: evmAccountId(HOME, ADA), shareBps: 7_000 },
  { account: evmAccountId(BASE, BOB), shareBps: 3_000 },
];
const born: RegistryTerms = { ...terms, revision: 4, royaltyBps: 500, licenceHash: LICENCE };

interface Asked {
  readonly policy?: Partial<PolicyRequest>;
  readonly consentNonce?: Hex;
  readonly takenOver?: GuardSubject['takenOver'];
}

function subject(kind: GuardAction['kind'], { policy, consentNonce, takenOver }: Asked = {}): GuardSubject {
  // CAST: what the steps of policies look at.
  return {
    action: {
      kind,
      policy: { revision: 1, from: 0, terms, shares, ...policy },
      consentNonce: consentNonce ?? null,
    },
    contracts: { collection: ADA, royaltyVault: BOB, chainId: HOME },
    self: ADA,
    takenOver,
  } as unknown as GuardSubject;
}

/** A chain on which all roles are our account's, and nothing is stated yet. */
function chain(over: Partial<GuardReader> = {}): GuardReader {
  // CAST: the port by the methods that the steps call.
  return {
    now: NOW,
    terms: async () => born,
    split: async () => ({
      revision: 1n,
      payeeIds: [payeeIdOf(payeeOf(shares[0]?.account as never))],
      shareBps: [10_000n],
    }),
    holderOf: async () => ADA,
    ...over,
  } as GuardReader;
}

test('a policy is stated as the revision after the chain’s, and leaves the licence as it is', async () => {
  const step = callOf(await nextPolicyStep(subject('STATE_POLICY'), chain()));
  expect(step).toMatchObject({ key: 'stateRegistry-5', by: ['POLICY'] });
  const { functionName, args } = decodeFunctionData({ abi: collectionAbi, data: step.call.data });
  expect(functionName).toBe('stateRegistry');
  expect(args?.[0]).toMatchObject({
    revision: 5,
    royaltyBps: 750,
    royaltyPolicyHash: HASH,
    licenceHash: LICENCE,
    operators: [],
  });
});

test('what the chain says already is not stated again, whatever its revision', async () => {
  const known = chain({ terms: async () => ({ ...born, ...terms, revision: 9 }) });
  expect(await nextPolicyStep(subject('STATE_POLICY'), known)).toEqual({
    kind: 'done',
    by: 'stateRegistry-9',
  });
  const operators = chain({
    terms: async () => ({ ...born, ...terms, restrictsTransfers: true, operators: [BOB] }),
  });
  expect(await nextPolicyStep(subject('STATE_POLICY'), operators)).toMatchObject({ kind: 'call' });
});

test.each(['STATE_POLICY', 'STATE_SPLIT'] as const)(
  '%s waits until the policy holds, and gives way once the next does',
  async (kind) => {
    const early = subject(kind, { policy: { from: Number(NOW) + 1 } });
    expect(await nextPolicyStep(early, chain())).toMatchObject({ kind: 'wait', untilSeconds: NOW + 1n });
    const next = (from: bigint) => subject(kind, { takenOver: { by: 2, from } });
    expect(await nextPolicyStep(next(NOW + 1n), chain())).toMatchObject({ kind: 'call' });
    expect(await nextPolicyStep(next(NOW), chain())).toMatchObject({ kind: 'refused' });
  },
);

test('in a registry that somebody else owns our policy role states nothing without the owner’s consent', async () => {
  const owned = chain({ holderOf: async (role) => (role === 'OWNER' ? BOB : ADA) });
  expect(await nextPolicyStep(subject('STATE_POLICY'), owned)).toMatchObject({
    kind: 'wait',
    waitingFor: expect.stringContaining('consent'),
  });
  expect(await nextPolicyStep(subject('STATE_POLICY', { consentNonce: HASH }), owned)).toMatchObject({
    kind: 'call',
  });
});

test('where the role is another’s the call is that account’s to send', async () => {
  const foreign = chain({ holderOf: async () => BOB });
  for (const kind of ['STATE_POLICY', 'STATE_SPLIT'] as const) {
    const asked = subject(kind);
    expect(await senderOf(callOf(await nextPolicyStep(asked, foreign)), asked, foreign)).toBe(BOB);
  }
});

test('a split is stated in the order of the payees’ ids, once, by the owner', async () => {
  const step = callOf(await nextPolicyStep(subject('STATE_SPLIT'), chain()));
  expect(step).toMatchObject({ key: 'stateSplit-2', by: ['OWNER'], call: { to: BOB } });
  const { args } = decodeFunctionData({ abi: royaltyVaultAbi, data: step.call.data });
  const stated = args?.[1] as readonly { payee: Parameters<typeof payeeIdOf>[0]; bps: number }[];
  const payeeIds = stated.map(({ payee }) => payeeIdOf(payee));
  expect(args?.[0]).toBe(1n);
  expect(payeeIds).toEqual([...payeeIds].sort());
  expect(stated.map(({ bps }) => bps).sort()).toEqual([3_000, 7_000]);
  const known = chain({
    split: async () => ({ revision: 2n, payeeIds, shareBps: stated.map(({ bps }) => BigInt(bps)) }),
  });
  expect(await nextPolicyStep(subject('STATE_SPLIT'), known)).toEqual({ kind: 'done', by: 'stateSplit-2' });
});

test('a mirror is told until it has the revision or a later one, and of none that home has left behind', async () => {
  const told = (over: Asked = {}) => subject('TELL_POLICY', { policy: { revision: 5 }, ...over });
  expect(await nextPolicyStep(told(), chain())).toEqual({ kind: 'telling', revision: 5 });
  const late = { takenOver: { by: 6, from: 0n } };
  expect(await nextPolicyStep(told(late), chain())).toMatchObject({ kind: 'refused' });
  const heard = chain({ terms: async () => ({ ...born, revision: 6 }) });
  expect(await nextPolicyStep(told(late), heard)).toEqual({ kind: 'done', by: 'arrival' });
});
