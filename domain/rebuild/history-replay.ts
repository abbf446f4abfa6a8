import type { ChainEvidence } from '../../schema/types/provenance';
import { causalOrder } from '../provenance/causal-order';
import { BREACHED, breachOf, causesOf, entryOf, missingEntries, placeKey } from '../provenance/history';
import {
  evidenceOf,
  FIRST_PREVIOUS_HASH,
  type HashedEntry,
  hashEntry,
  historyKind,
} from '../provenance/provenance-entry';
import type { NewEntry } from '../provenance/provenance-repository';
import type { RegistryEvent } from '../provenance/registry-event';

/**
 * Writes the history of a work anew from its events.
 *
 * Two things are in a history that no chain tells, and are taken from what is recorded: in which order this deployment
 * saw events of different chains become final (each comes after its cause all the same), and which entries were taken
 * back because their final block fell. Every other byte, the hashes of all entries included, is computed.
 *
 * @param recorded - Oldest first.
 * @param events - All events of the work.
 */
export function replayHistory(
  recorded: readonly HashedEntry[],
  events: readonly RegistryEvent[],
): HashedEntry[] {
  const finals = events.filter((event) => event.final && historyKind(event) !== undefined);
  const byPlace = new Map(finals.map((event) => [placeKey(evidenceOf(event)), event]));
  const takenBack = new Set(
    recorded.filter(({ kind }) => kind === BREACHED).map(({ facts }) => facts['sequence']),
  );
  const history: HashedEntry[] = [];
  const standing = new Map<string, HashedEntry>();

  const append = (entry: NewEntry) => {
    const previousHash = history.at(-1)?.hash ?? FIRST_PREVIOUS_HASH;
    const hashed = hashEntry({ ...pickEntry(entry), sequence: history.length + 1, previousHash });
    history.push(hashed);
    if (hashed.evidence !== null) standing.set(placeKey(hashed.evidence), hashed);
  };

  for (const entry of recorded) {
    if (entry.kind === BREACHED) {
      const fallen = history.find(({ sequence }) => sequence === entry.facts['sequence']);
      if (fallen?.evidence == null || !standing.delete(placeKey(fallen.evidence))) continue;
      append(breachOf(fallen));
      continue;
    }
    const place = entry.evidence && placeKey(entry.evidence);
    if (place === null || standing.has(place)) continue;
    const event = byPlace.get(place);
    if (event !== undefined) {
      // One that comes before its cause, or before what its chain has before it, is left for the end.
      const before = [...standing.values()];
      const isInOrder = before.every(({ evidence }) => evidence !== null && !isAfter(evidence, event));
      if (isInOrder && causalOrder([event], causesOf(before)).length > 0) append(entryOf(event));
    } else if (takenBack.has(entry.sequence)) append(entry);
  }
  for (const entry of missingEntries(history, events)) append(entry);
  return history;
}

function isAfter({ chainId, blockNumber, logIndex }: ChainEvidence, event: RegistryEvent): boolean {
  if (chainId !== event.chainId) return false;
  return (
    Number(blockNumber) - event.blockNumber > 0 ||
    (Number(blockNumber) === event.blockNumber && logIndex > event.logIndex)
  );
}

function pickEntry({ kind, facts, evidence }: NewEntry): NewEntry {
  return { kind, facts, evidence };
}
