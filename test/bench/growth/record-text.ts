import type { Client } from 'pg';

/** Tables that followers and projector write, and what they have beside what chains say. */
const RECORD: Readonly<
  Record<string, { readonly own: readonly string[]; readonly hashed?: readonly string[] }>
> = {
  chain_cursors: { own: ['updated_at'] },
  chain_blocks: { own: [] },
  chain_logs: { own: [] },
  registry_events: { own: [] },
  projections: { own: [] },
  watched_addresses: { own: [] },
  works: { own: [] },
  work_revisions: { own: [] },
  mints: { own: [] },
  legs: { own: [] },
  // A history's links hash the blocks' hashes.
  provenance_events: { own: ['created_at'], hashed: ['previous_hash', 'hash'] },
  dispatches: { own: ['id', 'created_at', 'sent_at', 'delivered_at', 'state_since'] },
  sale_transactions: { own: ['news', 'examined'] },
};

/** All rows of a record as sorted texts, by table. */
export interface RecordText {
  readonly counts: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** Blocks and transactions by their place instead of their hash. */
  readonly withoutHashes: Readonly<Record<string, readonly string[]>>;
}

/** Reads a record as a superuser, without whose it is and when this machine wrote it. */
export async function recordOf(admin: Client): Promise<RecordText> {
  const places = await placesByHash(admin);
  const placed = (text: string) => text.replace(/[0-9a-f]{64}/g, (hex) => places.get(hex) ?? hex);
  const rows: Record<string, readonly string[]> = {};
  const withoutHashes: Record<string, readonly string[]> = {};
  for (const [table, { own, hashed = [] }] of Object.entries(RECORD)) {
    rows[table] = await textsOf(admin, table, own);
    withoutHashes[table] = (await textsOf(admin, table, [...own, ...hashed])).map(placed).sort();
  }
  const counts = Object.fromEntries(Object.entries(rows).map(([table, texts]) => [table, texts.length]));
  return { counts, rows, withoutHashes };
}

async function textsOf(admin: Client, table: string, without: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ text: string }>(
    `select (to_jsonb(t) - $1::text[])::text as text from ${table} t`,
    [['tenant_id', ...without]],
  );
  return rows.map(({ text }) => text).sort();
}

async function placesByHash(admin: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await admin.query<{ hash: string; place: string }>(`
    select encode(hash, 'hex') as hash, format('block %s of %s', number, chain_id) as place from chain_blocks
    union
    select encode(tx_hash, 'hex'), format('transaction at %s/%s of %s', block_number, min(log_index), chain_id)
      from chain_logs group by tx_hash, block_number, chain_id`);
  return new Map(rows.map(({ hash, place }) => [hash, place]));
}
