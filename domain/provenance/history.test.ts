import { arrived, departed, event, minted } from '../../test/support/travel-events';
import { missingEntries, pendingEntries } from './history';
import { FIRST_PREVIOUS_HASH, type HashedEntry, hashEntry } from './provenance-entry';
import type { NewEntry } from './provenance-repository';

function written(entries: readonly NewEntry[], before: readonly HashedEntry[] = []): HashedEntry[] {
  const history = [...before];
  for (const entry of entries) {
    const previousHash = history.at(-1)?.hash ?? FIRST_PREVIOUS_HASH;
    history.push(hashEntry({ ...entry, sequence: history.length + 1, previousHash }));
  }
  return history;
}

const kinds = (entries: readonly NewEntry[]) => entries.map(({ kind }) => kind);

test('final events enter once; provisional ones are pending', () => {
  const events = [minted(), departed(1), arrived(1, undefined, false)];
  const first = missingEntries([], events);
  expect(kinds(first)).toEqual(['WorkMinted', 'WorkDeparted']);
  const history = written(first);
  expect(missingEntries(history, events)).toEqual([]);
  expect(kinds(pendingEntries(history, events))).toEqual(['WorkArrived']);
});

test('events that no reader of a history looks for stay out of it', () => {
  const events = [minted(), event('StatementSent', {})];
  expect(kinds(missingEntries([], events))).toEqual(['WorkMinted']);
  expect(kinds(pendingEntries([], events))).toEqual(['WorkMinted']);
});

test('an entry whose final block fell is taken back by a linked one, and its event enters again from its new block', () => {
  const mint = minted();
  const history = written(missingEntries([], [mint]));
  const [entry] = history;
  const again = { ...mint, blockHash: '0xb2' } as const;
  const missing = missingEntries(history, [again]);
  expect(kinds(missing)).toEqual(['Breached', 'WorkMinted']);
  expect(missing[0]).toMatchObject({
    facts: { sequence: 1, hash: entry?.hash, kind: 'WorkMinted' },
    evidence: null,
  });

  const healed = written(missing, history);
  expect(missingEntries(healed, [again])).toEqual([]);
  expect(pendingEntries(healed, [again])).toEqual([]);
});

test('an arrival whose departure fell waits for the departure to return', () => {
  const mint = minted();
  const departure = departed(1);
  const arrival = arrived(1);
  const history = written(missingEntries([], [mint, departure]));
  expect(kinds(missingEntries(history, [mint, arrival]))).toEqual(['Breached']);
  const after = written(missingEntries(history, [mint, arrival]), history);
  const back = { ...departure, blockHash: '0xb2' } as const;
  expect(kinds(missingEntries(after, [mint, back, arrival]))).toEqual(['WorkDeparted', 'WorkArrived']);
});
