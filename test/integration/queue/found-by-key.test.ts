import { Client } from 'pg';
import { OutboxClaims } from '../../../domain/outbox/outbox-claims';
import { OutboxRuns } from '../../../domain/outbox/outbox-runs';
import type { SystemStatements } from '../../../tenants/system-database';
import { QueueHarness } from './harness';

// PostgreSQL plans the functions once per connection: what it learns of a table that is small must serve a large one.
describe('rows that a connection takes and ends', () => {
  let h: QueueHarness;
  let client: Client;
  const claims = new OutboxClaims();
  const runs = new OutboxRuns();
  const limits = { tenants: 100, quantum: 1_000, rows: 1_000, leaseMs: 60_000, runLeaseMs: 60_000 };
  beforeAll(async () => {
    h = await QueueHarness.create();
    client = new Client(h.systemUrl);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await h.destroy();
  });

  const tx: SystemStatements = {
    manager: {
      // CAST: rows are what the statement's author says.
      query: async <Rows>(sql: string, values?: unknown[]) => (await client.query(sql, values)).rows as Rows,
    },
  };

  /** Takes and ends as many jobs, `at` a time. @returns How many entries that read of other indexes than the key's. */
  async function work(count: number, at: number): Promise<number> {
    const tenantId = await h.tenant({ inFlight: 1_000 });
    await h.addMany(tenantId, count);
    const { jobs } = await claims.claim(tx, null, limits, []);
    const before = await entriesRead();
    for (let first = 0; first < count; first += at) {
      const taken = await runs.startUnlocked(tx, jobs.slice(first, first + at), 60_000);
      const ended = await runs.completeUnlocked(
        tx,
        taken.flatMap((run) => run ?? []),
      );
      expect(ended.filter((done) => done)).toHaveLength(at);
    }
    return (await entriesRead()) - before;
  }

  async function entriesRead(): Promise<number> {
    await client.query('select pg_stat_force_next_flush()');
    const { rows } = await client.query<{ read: string }>(
      `select sum(idx_tup_read) as read from pg_stat_user_indexes
       where relname = 'outbox' and indexrelname <> 'outbox_pkey'`,
    );
    return Number(rows[0]?.read);
  }

  test('are found by their keys alone, whatever else is in flight, though it planned that when there was one', async () => {
    expect(await work(1, 1)).toBe(0);
    expect(await work(500, 10)).toBe(0);
  });
});
