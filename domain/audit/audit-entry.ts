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
  /** SHA-256, in hex, over the RFC 8785 form of the mutation's arguments, without {@link SECRET_INPUTS}. */
  readonly inputHash: string;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  /** What the change stands on beside the key, such as the signature of a registry's owner; absent if nothing. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

export const FIRST_AUDIT_HASH = '0'.repeat(64);

/** SHA-256, in hex, over the RFC 8785 form of an entry: anyone can recompute a log from its entries alone. */
export function auditHash(facts: AuditFacts): string {
  return createHash('sha256').update(canonicalJson(facts)).digest('hex');
}

/**
 * Fields of an `input` that no hash may be made of which others read: who knows the rest could try passwords through.
 * A test fails when the schema has another one that is named like them.
 */
export const SECRET_INPUTS: readonly string[] = [
  'password',
  'currentPassword',
  'newPassword',
  'clientSecret',
  'privateKey',
  'keystore',
  'invitation',
];

/** As {@link AuditFacts} has it. */
export function inputHash(args: { readonly input?: unknown }): string {
  return createHash('sha256')
    .update(canonicalJson({ ...args, ...withoutSecrets(args) }))
    .digest('hex');
}

function withoutSecrets({ input }: { readonly input?: unknown }): { readonly input?: object } {
  if (typeof input !== 'object' || input === null) return {};
  return {
    input: Object.fromEntries(Object.entries(input).filter(([name]) => !SECRET_INPUTS.includes(name))),
  };
}
