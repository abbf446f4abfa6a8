import type { ExportedTable } from './exported-table';

/** The tenant itself, its keys, its audit log and its earlier exports. */
export const TENANT_TABLES: readonly ExportedTable[] = [
  {
    table: 'tenants',
    holds: 'The tenant: one row.',
    columns: {
      name: 'its name',
      pool: 'the worker pool that runs its jobs',
      relay_weight: 'its share of the relay among tenants',
      max_jobs_in_flight: 'the most of its jobs that may be queued or running at once',
      created_at: 'when it was provisioned',
      suspended_at: 'since when it is suspended; null if it is not',
      suspension_reason: 'why',
      plan: 'its plan',
      quota_overrides: 'its own quotas, by name, that differ from the plan’s; null is no limit',
      authority_epoch: 'how often what its keys and people may do has changed',
    },
  },
  {
    table: 'quota_warnings',
    holds: 'A warning that a quota is being used up.',
    columns: {
      quota: 'which quota',
      period: 'the UTC day, or the limit that a total counts up to',
      percent: 'how much of it was used',
      created_at: 'when the warning went out',
    },
  },
  {
    table: 'metered_storage',
    holds: 'What came in on a UTC day.',
    columns: { day: 'the day', works: 'works made', bytes: 'bytes kept' },
  },
  {
    table: 'metered_deliveries',
    holds: 'Webhooks that were delivered, of those whose rows were removed since.',
    columns: { day: 'the UTC day', delivered: 'how many' },
  },
  {
    table: 'metered_requests',
    holds: 'What was asked of the API on a UTC day.',
    columns: {
      day: 'the day',
      requests: 'requests of the tenant’s keys and people',
      refused: 'of those, what was beyond the limits on requests',
    },
  },
  {
    table: 'api_keys',
    holds: 'An API key, in force or over.',
    columns: {
      id: 'its id; entries of the audit log name it',
      label: 'what the tenant calls it',
      scopes: 'what it may do',
      hint: 'its last four characters',
      created_at: 'when it was made',
      expires_at: 'when it expires; null if never',
      last_used_at: 'when it was used last, to the minute',
      revoked_at: 'when it was revoked; null if it was not',
    },
    withheld: { key_hash: 'a secret: with it a key could be told by trying' },
  },
  {
    table: 'audit_entries',
    holds: 'A mutation that had an effect, linked by hash to the one before.',
    columns: {
      id: 'its id',
      sequence: 'its place in the log, from 1',
      created_at: 'when it was carried out; `at` in what is hashed',
      operation: 'the mutation',
      actor: 'global id of the API key that asked for it, or `operator`',
      scopes: 'what that key might do then',
      request_id: 'the request that it came in',
      input_hash: 'SHA-256 of the arguments in their RFC 8785 form',
      previous_hash: 'hash of the entry before; 64 zeros for the first',
      evidence: 'what the change stands on beside the key, such as the signature of a registry’s owner',
      hash: 'SHA-256 of sequence, at, operation, actor, scopes, requestId, inputHash, previousHash, and evidence if it is not null, in their RFC 8785 form',
    },
    withheld: { owner_id: 'the tenant once more' },
  },
  {
    table: 'tenant_exports',
    holds: 'An export that was made before this one.',
    columns: {
      id: 'its id',
      manifest_hash: 'SHA-256 of its manifest.json',
      signer: 'names the key that signed it',
      snapshot_at: 'the moment that it shows',
      suspended_at: 'since when the tenant was suspended then; null if it was not',
      created_at: 'when it was complete',
    },
  },
];
