import type { ChainEvidence } from '../../schema/types/provenance';
import { type Causes, causalOrder, moveOf } from './causal-order';
import { evidenceOf, type HashedEntry, historyKind } from './provenance-entry';
import type { NewEntry } from './provenance-repository';
import type { RegistryEvent } from './registry-event';

/** The kind of the entry that takes back an earlier one whose final block fell in a reorg. */
export const BREACHED = 'Breached';

/**
 * What has to be added to a work's history, given what is written and what the chains now hold as final.
 *
 * Entries whose log is no longer on its chain are taken back by a linked `Breached` entry: nothing is
 * deleted. New final events follow in causal order.
 */
export function missingEntries(
  history: readonly HashedEntry[],
  events: readonly RegistryEvent[],
): NewEntry[] {
  const standing = standingEntries(history);
  const finals = events.filter((event) => event.final && historyKind(event) !== undefined);
  const onChain = new Set(finals.map((event) => placeKey(evidenceOf(event))));
  const fallen = standing.filter(({ evidence }) => evidence !== null && !onChain.has(placeKey(evidence)));
  const kept = standing.filter((entry) => !fallen.includes(entry));

  const written = new Set(kept.flatMap(({ evidence }) => (evidence === null ? [] : [placeKey(evidence)])));
  const fresh = finals.filter((event) => !written.has(placeKey(evidenceOf(event))));
  return [...fallen.map(breachOf), ...causalOrder(fresh, causesOf(kept)).map(entryOf)];
}

/** The events that are not in the history yet, as they would enter it: provisional, or waiting for their cause. */
export function pendingEntries(
  history: readonly HashedEntry[],
  events: readonly RegistryEvent[],
): NewEntry[] {
  const standing = standingEntries(history);
  const written = new Set(
    standing.flatMap(({ evidence }) => (evidence === null ? [] : [placeKey(evidence)])),
  );
  const pending = events.filter(
    (event) => historyKind(event) !== undefined && !written.has(placeKey(evidenceOf(event))),
  );
  return causalOrder(pending, causesOf(standing)).map(entryOf);
}

function standingEntries(history: readonly HashedEntry[]): HashedEntry[] {
  const takenBack = new Set(
    history.filter(({ kind }) => kind === BREACHED).map(({ facts }) => facts['sequence']),
  );
  return history.filter(({ kind, sequence }) => kind !== BREACHED && !takenBack.has(sequence));
}

/** What a history lets later events happen. */
export function causesOf(entries: readonly HashedEntry[]): Causes {
  const factsOf = (kind: string) => entries.filter((entry) => entry.kind === kind).map(({ facts }) => facts);
  return {
    departed: new Set(factsOf('WorkDeparted').map(moveOf)),
    revision: Math.max(0, ...factsOf('RevisionStated').map(({ revision }) => Number(revision))),
  };
}

/** An event as it enters a history. @throws Error if it is none that does. */
export function entryOf(event: RegistryEvent): NewEntry {
  const kind = historyKind(event);
  if (kind === undefined) throw new Error(`${event.name} does not enter the history`);
  return { kind, facts: event.args, evidence: evidenceOf(event) };
}

/** Takes an entry back. */
export function breachOf({ sequence, hash, kind }: HashedEntry): NewEntry {
  return {
    kind: BREACHED,
    facts: {
      sequence,
      hash,
      kind,
      reason: 'The block that proved this entry fell in a reorg past finality.',
    },
    evidence: null,
  };
}

/** A key of the log that proves an entry. */
export function placeKey({ chainId, blockHash, logIndex }: ChainEvidence): string {
  return `${chainId}/${blockHash}/${logIndex}`;
}
