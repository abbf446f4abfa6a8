import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { WorkId } from '../../../schema/ids';
import type { ProvenanceEvent } from '../../../schema/types/provenance';
import type { FaultWorld } from '../../faults/support/fault-world';
import { withClient } from '../../support/template-database';

/** A work's whole history as the API shows it. */
export async function historyOf(world: FaultWorld, workId: WorkId): Promise<ProvenanceEvent[]> {
  const page = { first: 100, after: undefined };
  const { edges } = await world.domain.provenance.page(world.tenantId, workId, page);
  return edges.map(({ node }) => node);
}

/** The hashes that a history's entries ought to have, each computed from the entries up to it alone. */
export function recomputedHashes(history: readonly ProvenanceEvent[]): string[] {
  let previousHash = '0'.repeat(64);
  return history.map(({ kind, facts, evidence }, index) => {
    const entry = canonicalize({ sequence: index + 1, kind, facts, evidence, previousHash });
    previousHash = createHash('sha256').update(String(entry)).digest('hex');
    return previousHash;
  });
}

/** What the outbox and the lanes say at the end of a run. */
export interface RecordAudit {
  /** Dispatches of the works by state. */
  readonly dispatches: Readonly<Record<string, number>>;
  /** Jobs that were asked for since the run began, by how they ended. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Runs of those jobs that were queued: each is one ticket that a worker had to take. */
  readonly deliveries: number;
  /** Transactions that are neither final nor dropped. */
  readonly unfinished: number;
}

export async function auditRecord(
  world: FaultWorld,
  workIds: readonly WorkId[],
  since: Date,
): Promise<RecordAudit> {
  return withClient(world.database.adminUrl, async (client) => {
    const count = async (sql: string, values: readonly unknown[]) => {
      const { rows } = await client.query(sql, [...values]);
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    };
    const total = await client.query(
      `select coalesce(sum(deliveries), 0)::int as deliveries,
              (select count(*)::int from chain_transactions where state not in ('final', 'dropped')) as unfinished
         from outbox where created_at >= $1`,
      [since],
    );
    return {
      dispatches: await count(
        'select state, count(*) from dispatches where work_id = any($1) group by state',
        [workIds],
      ),
      jobs: await count('select state, count(*) from outbox where created_at >= $1 group by state', [since]),
      ...total.rows[0],
    };
  });
}
