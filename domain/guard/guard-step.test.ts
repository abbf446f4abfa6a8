import type { GuardReader, HeldRole } from '../../chains/evm/registry/guard-reads';
import { type ChainId, evmAccountId } from '../../schema/caip';
import { guardActionIdSchema, registryIdSchema } from '../../schema/ids';
import type { TransportKind } from '../../schema/types/chain';
import type { GuardAction, LicenceRequest } from '../../schema/types/guard-action';
import type { RegistryContracts } from '../../schema/types/registry';
import { ADA } from '../../test/support/travel-events';
import { BASE, HOME } from '../../test/support/travel-steps';
import { nextGuardStep, senderOf } from './guard-step';
import type { GuardSubject } from './guard-subject';

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
const withBook: RegistryContracts = { ...contracts, licenceBook: ADA };
const NOW = 1_000n;
const NONCE = `0x${'1'.repeat(64)}` as const;

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
    role: null,
    account: null,
    asset: null,
    amount: null,
    licence: null,
    policy: null,
    consentNonce: null,
    preparedCalls: [],
    effectBlock: null,
    waitingFor: null,
    failure: null,
    createdAt: new Date(0),
  },
  // CAST: no step here asks for it.
  registry: {} as GuardSubject['registry'],
  contracts,
  self: ADA,
  isAdapter: false,
  isGivenUp: false,
  takenOver: undefined,
  isOffered: false,
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

const [SAFE, COUNCIL] = [`0x${'5'.repeat(40)}`, `0x${'c'.repeat(40)}`] as const;

/** A chain on which these have the roles. */
const ruled = (holders: Partial<Record<string, `0x${string}`>>): Partial<GuardReader> => ({
  holderOf: async (role) => holders[role] ?? `0x${'0'.repeat(40)}`,
});
const roleChange = (role: GuardAction['role'], over: Partial<GuardAction> = {}): GuardSubject => {
  const asked = subject('SET_ROLE');
  return { ...asked, action: { ...asked.action, role, account: evmAccountId(BASE, COUNCIL), ...over } };
};

test('an ownership is offered by the owner, taken by the new one, and done when it is the new one’s', async () => {
  const hand = (holders: Parameters<typeof ruled>[0]) =>
    nextGuardStep(roleChange('OWNER'), chain(ruled(holders)));
  expect(await hand({ OWNER: SAFE })).toMatchObject({ key: 'transferOwnership', by: ['OWNER'] });
  expect(await hand({ OWNER: SAFE, PENDING_OWNER: COUNCIL })).toMatchObject({
    key: 'acceptOwnership',
    by: ['PENDING_OWNER'],
  });
  expect(await hand({ OWNER: COUNCIL })).toEqual({ kind: 'done' });
});

test('a guardian of ours is replaced at once by the owner’s consent or as the owner, else through the queue', async () => {
  const hand = (holders: Parameters<typeof ruled>[0], consentNonce: GuardAction['consentNonce'] = null) =>
    nextGuardStep(roleChange('GUARDIAN', { consentNonce }), chain(ruled(holders)));
  expect(await hand({ OWNER: ADA, GUARDIAN: ADA })).toMatchObject({ key: 'setGuardian', by: ['GUARDIAN'] });
  expect(await hand({ OWNER: SAFE, GUARDIAN: ADA }, NONCE)).toMatchObject({ key: 'setGuardian' });
  expect(await hand({ OWNER: SAFE, GUARDIAN: ADA })).toMatchObject({ key: 'announce', by: ['OWNER'] });
  expect(await hand({ OWNER: SAFE, GUARDIAN: SAFE }, NONCE)).toMatchObject({ key: 'announce' });
});

test('other roles are the owner’s to give', async () => {
  const given = await nextGuardStep(roleChange('MINTER'), chain(ruled({ OWNER: SAFE, MINTER: ADA })));
  expect(given).toMatchObject({ key: 'setMinter', by: ['OWNER'] });
});

test('we send what a role of ours allows or anyone may, and name who has to send the rest', async () => {
  const call = { kind: 'call', key: 'k', call: { to: ADA, data: '0x' }, valueWei: 0n } as const;
  const sender = (
    by: readonly HeldRole[] | 'ANYONE',
    holders: Parameters<typeof ruled>[0],
    isAdapter = false,
  ) => senderOf({ ...call, by }, { ...subject('SET_ROLE'), isAdapter }, chain(ruled(holders)));
  expect(await sender('ANYONE', { OWNER: SAFE })).toBeUndefined();
  expect(await sender(['OWNER'], { OWNER: ADA })).toBeUndefined();
  expect(await sender(['OWNER'], { OWNER: SAFE, GUARDIAN: ADA })).toBe(SAFE);
  expect(await sender(['OWNER', 'GUARDIAN'], { OWNER: SAFE, GUARDIAN: ADA })).toBeUndefined();
  expect(await sender(['OWNER', 'GUARDIAN'], { OWNER: SAFE, GUARDIAN: COUNCIL })).toBe(SAFE);
  expect(await sender(['GUARDIAN'], { GUARDIAN: COUNCIL })).toBe(COUNCIL);
  expect(await sender(['GUARDIAN'], { GUARDIAN: COUNCIL }, true)).toBeUndefined();
});

test('an offer brings its text first, and is done when the record shows it', async () => {
  const asked = (isOffered: boolean): GuardSubject => {
    const { action, ...rest } = subject('OFFER_LICENCE');
    const licence: LicenceRequest = {
      templateHash: NONCE,
      uri: 'https://gallery.example',
      currency: ADA,
      price: '5',
      termSeconds: 0,
      closesAt: 0,
      transferable: false,
      revocable: true,
      tokenIds: ['7'],
    };
    return { ...rest, isOffered, contracts: withBook, action: { ...action, licence } };
  };
  const known = (hasTemplate: boolean): Partial<GuardReader> => ({ hasTemplate: async () => hasTemplate });
  expect(await nextGuardStep(asked(false), chain(known(false)))).toMatchObject({
    key: 'addTemplate',
    by: ['POLICY'],
  });
  expect(await nextGuardStep(asked(false), chain(known(true)))).toMatchObject({
    key: 'offer',
    by: ['POLICY'],
  });
  expect(await nextGuardStep(asked(true), chain(known(true)))).toEqual({ kind: 'done' });
});

test('a licence is revoked once, by its terms and before it expires', async () => {
  const { action, ...rest } = subject('REVOKE_LICENCE');
  const licence = { grantId: NONCE, reasonHash: NONCE };
  const asked = { ...rest, contracts: withBook, action: { ...action, licence } };
  const revoke = (over: object) => {
    const grant = { revoked: false, revocable: true, expiresAt: 0n, ...over };
    return nextGuardStep(asked, chain({ grant: async () => grant }));
  };
  expect(await revoke({})).toMatchObject({ key: 'revoke', by: ['POLICY'] });
  expect(await revoke({ revoked: true })).toEqual({ kind: 'done' });
  expect(await revoke({ revocable: false })).toMatchObject({ kind: 'refused' });
  expect(await revoke({ expiresAt: NOW })).toMatchObject({ kind: 'refused' });
  expect(await revoke({ expiresAt: NOW + 1n })).toMatchObject({ key: 'revoke' });
});

test('a licence is given by buying it, which is anyone’s to do', async () => {
  const { action, ...rest } = subject('GRANT_LICENCE');
  const licence: LicenceRequest = { offerId: '3', holder: ADA, price: '5' };
  expect(
    await nextGuardStep({ ...rest, contracts: withBook, action: { ...action, licence } }, chain({})),
  ).toMatchObject({
    key: 'buy',
    by: 'ANYONE',
    valueWei: 5n,
  });
});
