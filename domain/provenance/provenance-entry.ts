import { createHash } from 'node:crypto';
import type { ChainEvidence } from '../../schema/types/provenance';
import { canonicalJson } from '../canonical-json';
import type { RegistryEvent } from './registry-event';

/** One link of a work's history, before it is hashed. */
export interface ProvenanceEntry {
  readonly sequence: number;
  readonly kind: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly evidence: ChainEvidence | null;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
}

export interface HashedEntry extends ProvenanceEntry {
  readonly hash: string;
}

export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/**
 * Links an entry to the one before: SHA-256, in hex, over the RFC 8785 form of the whole entry with
 * `previousHash`. Anyone can recompute a history from its entries alone.
 */
export function hashEntry(entry: ProvenanceEntry): HashedEntry {
  return { ...entry, hash: createHash('sha256').update(canonicalJson(entry)).digest('hex') };
}

/** Contract events that a reader of a work's history wants to see, by the names they have there. */
const HISTORY_KINDS: { readonly [Name in RegistryEvent['name']]?: string } = {
  WorkMinted: 'WorkMinted',
  WorkAdopted: 'WorkAdopted',
  WorkDeparted: 'WorkDeparted',
  WorkArrived: 'WorkArrived',
  WorkRecredited: 'WorkRecredited',
  WorkReclaimed: 'WorkReclaimed',
  WorkHeld: 'WorkHeld',
  ReleaseHeld: 'ReleaseHeld',
  ReleaseClaimed: 'ReleaseClaimed',
  WorkBurned: 'WorkBurned',
  WorkFrozen: 'WorkFrozen',
  WorkUnfrozen: 'WorkUnfrozen',
  RevisionStated: 'RevisionStated',
  RevisionApplied: 'RevisionApplied',
  Transfer: 'Transferred',
};

/** The kind under which an event enters the history, or undefined for those that do not. */
export function historyKind(event: RegistryEvent): string | undefined {
  return HISTORY_KINDS[event.name];
}

/** The log that proves an event. */
export function evidenceOf(event: RegistryEvent): ChainEvidence {
  return {
    chainId: event.chainId,
    blockNumber: String(event.blockNumber),
    blockHash: event.blockHash,
    transactionHash: event.transactionHash,
    logIndex: event.logIndex,
  };
}
