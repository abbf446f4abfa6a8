/** A table of which a rebuild computes rows, or columns, anew from what the followers have recorded of the chains. */
export interface DerivedTable {
  readonly table: string;
  /** What names a row within its registry. */
  readonly key: readonly string[];
  /** Condition on `t`: it is a row of the registry `$2` of the tenant `$1`. */
  readonly ofRegistry: string;
  /**
   * For a table that also holds what no chain tells: its rows stay, and these columns begin with these SQL expressions
   * over `t`. A table without it begins empty.
   */
  readonly reset?: Readonly<Record<string, string>>;
  /** Columns that are not compared, each with the reason. All others are. */
  readonly excluded: Readonly<Record<string, string>>;
}

const OF_REGISTRY = 't.tenant_id = $1 and t.registry_id = $2';
const OF_WORKS =
  't.tenant_id = $1 and t.work_id in (select w.id from public.works w where w.tenant_id = $1 and w.registry_id = $2)';
const TENANT = 'whose row it is: the transaction is pinned to it';
const CLOCK = 'when this deployment wrote the row, by its own clock';
const ASKED = 'what the tenant asked for';

/** The record that is a fold over logs: what a rebuild writes, in this order. */
export const DERIVED_TABLES: readonly DerivedTable[] = [
  {
    table: 'registry_events',
    key: ['chain_id', 'block_number', 'log_index'],
    ofRegistry: OF_REGISTRY,
    excluded: { tenant_id: TENANT },
  },
  {
    table: 'works',
    key: ['id'],
    ofRegistry: OF_REGISTRY,
    reset: {
      // Before its mint is on chain, the state of a work is that of the platform's own transaction.
      state: "case when t.state in ('MINTING', 'MINT_FAILED') then t.state else 'MINTING' end",
      provisional: 'true',
      frozen: 'false',
      edition: 'null',
      seed: 'null',
      commitment: 'null',
      token_id: 'null',
      chain_id: 'null',
      holder: 'null',
      hop: '0',
      revision: '0',
    },
    excluded: {
      tenant_id: TENANT,
      project_id: ASKED,
      registry_id: ASKED,
      mint_id: 'the mint or adoption that the tenant asked for; null if somebody else adopted it',
      first_holder: ASKED,
      document: 'what is hashed into the commitment: check-database and `verify` recompute it',
      document_hash: 'as document',
      artist_signature: 'what the artist signed',
      breach_reason: 'an observation: the chain that fell is gone; a person clears it',
      created_at: CLOCK,
    },
  },
  { table: 'legs', key: ['work_id', 'chain_id'], ofRegistry: OF_WORKS, excluded: { tenant_id: TENANT } },
  {
    table: 'provenance_events',
    key: ['work_id', 'sequence'],
    ofRegistry: OF_WORKS,
    excluded: { tenant_id: TENANT, created_at: CLOCK },
  },
  {
    table: 'licence_offers',
    key: ['chain_id', 'offer_id'],
    ofRegistry: OF_REGISTRY,
    excluded: { tenant_id: TENANT, id: 'a random name that clients know it by', created_at: CLOCK },
  },
  {
    table: 'licences',
    key: ['grant_id'],
    ofRegistry: OF_REGISTRY,
    excluded: {
      tenant_id: TENANT,
      id: 'a random name that clients know it by',
      waiting_for: 'how far the platform is with telling other chains',
      created_at: CLOCK,
    },
  },
];

/** What the followers read off the chains: compared with the chains themselves. */
export const CHAIN_TABLES = {
  chain_logs: 'every log of a watched address from its first block to the final one, every column',
  chain_blocks: 'the hash of every recorded block up to the final one',
  chain_cursors:
    'the hash of the final block; the head is provisional, alert and updated_at are the follower’s own',
} as const;

/** Every other table, with the reason why no chain tells it. A test finds a table that is in none of the lists. */
export const NOT_DERIVED: Readonly<Record<string, string>> = {
  // The followers' and projector's own.
  projections: 'how far a registry has been projected; a rebuild finds marks above what is final',
  chain_breaches: 'observations: the blocks that fell are on no chain any more',
  findings: 'observations, and who cleared them',
  watched_addresses: 'what registries asked to be followed',
  // Intents and what became of them, from transactions and events together.
  dispatches: 'intents of the tenant; what chains show of them is looked up again at each projection',
  registry_steps: 'the plan of a deployment',
  guard_actions: 'intents',
  last_owners: 'fixed when a retirement was announced; check-database recomputes its root',
  settlements: 'intents',
  settlement_approvals: 'who approved',
  settlement_rules: ASKED,
  nonce_lanes: 'found again from the chains by the transaction manager',
  chain_transactions: 'signed transactions of the platform',
  transaction_attempts: 'as chain_transactions',
  outbox: 'a queue',
  // Observed from receipts, under the policy of the moment, in the order of observation.
  sale_transactions: 'counts the news of a transaction; examined from receipts, which are not recorded',
  sales: 'found in receipts, under the policy that was stated when they were found',
  sale_payments: 'as sales',
  payment_attributions: 'what people said of payments',
  vault_postings: 'how often what is in the books was taken back',
  ledger_accounts: 'append-only books in the order of observation; check-database replays them',
  ledger_ends: 'as ledger_accounts',
  ledger_entries: 'as ledger_accounts',
  ledger_finals: 'as ledger_accounts',
  ledger_postings: 'as ledger_accounts',
  // What tenants, people and the operator said.
  tenants: ASKED,
  projects: ASKED,
  registries: ASKED,
  mints: ASKED,
  work_counts: 'kept by triggers on works; check-database counts anew',
  work_revisions: 'metadata: chains have its hash alone',
  royalty_policies: ASKED,
  royalty_wallet_changes: ASKED,
  licence_templates: ASKED,
  members: 'people',
  member_identities: 'people',
  identity_providers: 'people',
  sessions: 'people',
  used_nonces: 'people',
  api_keys: 'keys',
  signing_keys: 'keys',
  signing_assignments: 'keys',
  tenant_secrets: 'keys',
  fee_limits: ASKED,
  rpc_endpoints: ASKED,
  plans: 'the operator’s',
  worker_pools: 'the operator’s',
  quota_warnings: 'meters',
  metered_deliveries: 'meters',
  metered_storage: 'meters',
  metered_requests: 'meters',
  request_meters: 'meters',
  audit_entries: 'what was asked for; check-database recomputes its hashes',
  audit_ends: 'as audit_entries',
  idempotency_keys: 'a journal',
  idempotency_steps: 'a journal',
  tenant_exports: 'a journal',
  export_requests: ASKED,
  export_chunks: 'archives of what is here',
  tenant_tombstones: 'a journal',
  // What receivers were told.
  webhook_endpoints: ASKED,
  webhook_secrets: 'keys',
  webhook_events: 'what was told, and when',
  webhook_deliveries: 'what was told, and when',
  migrations: 'the schema’s own',
};
