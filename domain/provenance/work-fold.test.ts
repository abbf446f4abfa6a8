import { zeroHash } from 'viem';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import { ADA, arrived, BOB, departed, event, minted } from '../../test/support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { foldWork } from './work-fold';

const legsOf = ({ legs }: ReturnType<typeof foldWork>) =>
  Object.fromEntries(legs.map(({ chainId, state }) => [chainId, state]));

test('a work without events is being minted', () => {
  expect(foldWork([], HOME)).toMatchObject({
    state: 'MINTING',
    holder: null,
    hop: 0,
    provisional: false,
    legs: [],
  });
});

test('a minted work lives on home with its first holder, until it is transferred', () => {
  const events = [minted()];
  expect(foldWork(events, HOME)).toMatchObject({ state: 'LIVE', chainId: HOME, holder: ADA, hop: 0 });
  const transferred = [...events, event('Transfer', { to: BOB })];
  expect(foldWork(transferred, HOME)).toMatchObject({ holder: BOB });
});

test('a departed work is in flight, its leg too, and nobody holds it', () => {
  const folded = foldWork([minted(), departed(1)], HOME);
  expect(folded).toMatchObject({ state: 'IN_FLIGHT', chainId: null, holder: null, hop: 1 });
  expect(legsOf(folded)).toEqual({ [HOME]: 'IN_FLIGHT' });
});

test('an arrival makes the new leg live; the old one is escrowed once that is final', () => {
  const before = [minted(), departed(1)];
  const provisional = foldWork([...before, arrived(1, BASE, false)], HOME);
  expect(provisional).toMatchObject({ state: 'LIVE', chainId: BASE, holder: BOB, provisional: true });
  expect(legsOf(provisional)).toEqual({ [HOME]: 'IN_FLIGHT', [BASE]: 'LIVE' });
  const final = foldWork([...before, arrived(1)], HOME);
  expect(final.provisional).toBe(false);
  expect(legsOf(final)).toEqual({ [HOME]: 'ESCROWED', [BASE]: 'LIVE' });
});

test('a work that came home leaves a burned mirror leg behind', () => {
  const folded = foldWork([minted(), departed(1), arrived(1), departed(2, BASE), arrived(2, HOME)], HOME);
  expect(folded).toMatchObject({ state: 'LIVE', chainId: HOME, hop: 2 });
  expect(legsOf(folded)).toEqual({ [HOME]: 'LIVE', [BASE]: 'BURNED' });
});

test('never more than one leg is live, also while the destination’s follower is ahead of the source’s', () => {
  const folded = foldWork([minted(), arrived(1)], HOME);
  expect(folded).toMatchObject({ state: 'LIVE', chainId: BASE, hop: 1 });
  expect(legsOf(folded)).toEqual({ [HOME]: 'ESCROWED', [BASE]: 'LIVE' });
});

test('a work burned where it just arrived is burned, not in flight', () => {
  const journey = [minted(), departed(1), arrived(1), departed(2, BASE), arrived(2, HOME, false)];
  const folded = foldWork([...journey, event('WorkBurned', {})], HOME);
  expect(folded).toMatchObject({ state: 'BURNED', holder: null });
  expect(legsOf(folded)[HOME]).toBe('BURNED');
});

test('the order in which events are given does not matter', () => {
  const events = [minted(), departed(1), arrived(1), event('Transfer', { to: ADA }, { chainId: BASE })];
  expect(foldWork([...events].reverse(), HOME)).toEqual({
    ...foldWork(events, HOME),
    legs: expect.arrayContaining(foldWork(events, HOME).legs),
  });
  expect(foldWork(events, HOME).holder).toBe(ADA);
});

test('home decides on revision and metadata, whatever a mirror has applied', () => {
  const stated = event('RevisionStated', { revision: '1', stateHash: '0xaa' });
  const ahead = event('RevisionApplied', { revision: '2' }, { chainId: MOONBEAM });
  expect(foldWork([minted(), stated, ahead], HOME)).toMatchObject({ revision: 1, stateHash: '0xaa' });
});

test('a freeze before any metadata was stated is a revision without a hash', () => {
  const freeze = event('RevisionStated', { revision: '1', stateHash: zeroHash });
  expect(foldWork([minted(), freeze], HOME)).toMatchObject({ revision: 1, stateHash: null });
});

test('a freeze counts on home and where the work is, not on a leg that it has left', () => {
  const journey = [minted(), departed(1), arrived(1), departed(2, BASE), arrived(2, HOME)];
  const frozenMirror = event('WorkFrozen', {}, { chainId: BASE });
  expect(foldWork([...journey, frozenMirror], HOME).frozen).toBe(false);
  const frozen = [...journey, event('WorkFrozen', {})];
  expect(foldWork(frozen, HOME).frozen).toBe(true);
  expect(foldWork([...frozen, event('WorkUnfrozen', {})], HOME).frozen).toBe(false);
});

test('a voided move ends where it began, with its holder, and keeps its number', () => {
  const voided = [minted(), departed(1), event('WorkRecredited', { hop: '1', holder: ADA })];
  const folded = foldWork(voided, HOME);
  expect(folded).toMatchObject({ state: 'LIVE', chainId: HOME, holder: ADA, hop: 1, provisional: false });
  expect(legsOf(folded)).toEqual({ [HOME]: 'LIVE' });
  const sentAgain = foldWork([...voided, departed(2)], HOME);
  expect(sentAgain).toMatchObject({ state: 'IN_FLIGHT', hop: 2 });
});

test('a work reclaimed from a retired chain lives at home, whatever that chain went on to show', () => {
  const reclaimed = { state: 'LIVE', chainId: HOME, holder: ADA, hop: 1, provisional: false };
  const reclaim = () => event('WorkReclaimed', { chainHash: chainHashOf(BASE), hop: '1', holder: ADA });
  const resold = () => event('Transfer', { to: BOB }, { chainId: BASE });
  const there = [minted(), departed(1), arrived(1), reclaim(), resold()];
  expect(foldWork(there, HOME)).toMatchObject(reclaimed);
  expect(legsOf(foldWork(there, HOME))).toEqual({ [HOME]: 'LIVE', [BASE]: 'BURNED' });
  // It died on its way there, or on its way back, or before its arrival was final.
  const unheard = [
    [minted(), departed(1), reclaim()],
    [minted(), departed(1), arrived(1), departed(2, BASE), reclaim()],
    [minted(), departed(1), arrived(1, BASE, false), reclaim()],
  ];
  for (const events of unheard) expect(foldWork(events, HOME)).toMatchObject(reclaimed);
  // Home counts on from what it knows.
  const later = [...there, departed(2, BASE), departed(2), arrived(2, MOONBEAM)];
  expect(foldWork(later, HOME)).toMatchObject({ state: 'LIVE', chainId: MOONBEAM, holder: BOB, hop: 2 });
  expect(legsOf(foldWork(later, HOME))).toEqual({ [HOME]: 'ESCROWED', [BASE]: 'BURNED', [MOONBEAM]: 'LIVE' });
});

describe('an adopted work', () => {
  const NOBODY = '0x0000000000000000000000000000000000000000';
  const adopted = () => event('WorkAdopted', { holder: ADA });

  test('lives with whom the adoption names, then with whom its own contract does, whatever was before', () => {
    const sold = () => event('Transfer', { from: ADA, to: BOB });
    expect(foldWork([sold(), adopted()], HOME)).toMatchObject({
      state: 'LIVE',
      chainId: HOME,
      holder: ADA,
      hop: 0,
    });
    expect(foldWork([adopted(), sold()], HOME)).toMatchObject({ state: 'LIVE', holder: BOB });
  });

  test('is burned when its token is, and lives again when its contract makes it again', () => {
    const burned = [adopted(), event('Transfer', { from: ADA, to: NOBODY })];
    expect(foldWork(burned, HOME)).toMatchObject({ state: 'BURNED', holder: null });
    const remade = [...burned, event('Transfer', { from: NOBODY, to: BOB })];
    expect(foldWork(remade, HOME)).toMatchObject({ state: 'LIVE', holder: BOB });
  });

  test('stays in escrow in the record when its token is taken out; the freeze says what happened', () => {
    const taken = event('Transfer', { from: BOB, to: ADA });
    const folded = foldWork([adopted(), departed(1), arrived(1), taken, event('WorkFrozen', {})], HOME);
    expect(folded).toMatchObject({ state: 'LIVE', chainId: BASE, holder: BOB, frozen: true });
    expect(legsOf(folded)).toEqual({ [HOME]: 'ESCROWED', [BASE]: 'LIVE' });
  });

  test('that waited for its claimant is with whom it was handed over to', () => {
    const back = [adopted(), departed(1), arrived(1), departed(2, BASE), arrived(2, HOME)];
    expect(foldWork(back, HOME)).toMatchObject({ state: 'LIVE', holder: BOB });
    const claimed = [...back, event('ReleaseClaimed', { recipient: ADA })];
    expect(foldWork(claimed, HOME)).toMatchObject({ state: 'LIVE', holder: ADA });
  });
});
