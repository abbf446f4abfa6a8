import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json';

/** What an entry of the audit log commits to. */
export interface AuditFacts {
  /** Place in the tenant's log, from 1. */
  readonly sequence: number;
  /** ISO 8601 in UTC, with microseconds. */
  readonly at: string;
  /** Name of the mutation. */
  readonly operation: string;
  /** Global id of the API key that asked for it, or `operator`. */
  readonly actor: string;
  /** What that key might do then. */
  readonly scopes: readonly string[];
  readonly requestId: string;
  /** SHA-256, in hex, over the RFC 8785 form of the mutation's arguments: it tells them, and shows no secret. */
  readonly inputHash: string;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
}

export const FIRST_AUDIT_HASH = '0'.repeat(64);

/** SHA-256, in hex, over the RFC 8785 form of an entry: anyone can recompute a log from its entries alone. */
export function auditHash(facts: AuditFacts): string {
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/** As {@link AuditFacts} has it. */
export function inputHash(args: unknown): string {
  return createHash('sha256').update(canonicalJson(args)).digest('hex');
}
