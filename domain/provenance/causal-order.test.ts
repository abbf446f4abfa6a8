import { arrived, departed, event, minted } from '../../test/support/travel-events';
import { BASE, MOONBEAM } from '../../test/support/travel-steps';
import { causalOrder, moveOf } from './causal-order';

const NOTHING_BEFORE = { departed: new Set<string>(), revision: 0 };

test('an arrival follows its departure, though its chain comes first by name and height', () => {
  const arrival = arrived(1, BASE);
  const mint = minted();
  const departure = departed(1);
  const ordered = causalOrder([arrival, departure, mint], NOTHING_BEFORE);
  expect(ordered).toEqual([mint, departure, arrival]);
});

test('an effect without its cause waits, with all that follows it on its chain', () => {
  const arrival = arrived(1, BASE);
  const next = departed(2, BASE);
  const mint = minted();
  expect(causalOrder([arrival, next, mint], NOTHING_BEFORE)).toEqual([mint]);
  expect(
    causalOrder([arrival, next], { departed: new Set([moveOf(departed(1).args)]), revision: 0 }),
  ).toEqual([arrival, next]);
});

test('an applied revision follows its statement', () => {
  const applied = event('RevisionApplied', { revision: '2' }, { chainId: BASE });
  const stated = event('RevisionStated', { revision: '2' });
  expect(causalOrder([applied], { departed: new Set(), revision: 1 })).toEqual([]);
  expect(causalOrder([applied, stated], NOTHING_BEFORE)).toEqual([stated, applied]);
  expect(causalOrder([applied], { departed: new Set(), revision: 2 })).toEqual([applied]);
});

test('equal events in any order give one order', () => {
  const events = [
    minted(),
    event('Transfer', {}),
    event('WorkFrozen', {}, { chainId: BASE }),
    departed(1),
    arrived(1),
  ].map((made, index) => ({ ...made, blockNumber: 1, logIndex: [0, 1, 0, 2, 1][index] ?? 0 }));
  const expected = causalOrder(events, NOTHING_BEFORE);
  expect(expected).toHaveLength(5);
  expect(causalOrder([...events].reverse(), NOTHING_BEFORE)).toEqual(expected);
});

test('a departure to another chain with the same hop, which home never heard of, is not the cause of an arrival', () => {
  const unheard = departed(2, BASE);
  const arrival = arrived(2, MOONBEAM);
  expect(causalOrder([unheard, arrival], NOTHING_BEFORE)).toEqual([unheard]);
});
