import type { OutboxId, TenantId } from '../../schema/ids';
import { JOBS_WHILE_SUSPENDED } from '../../schema/jobs';
import type { SystemStatements, SystemTx } from '../../tenants/system-database';
import type { JobTicket } from './job-ticket';
import type { JobRun } from './outbox-runs';

/** A ticket with the queue that it belongs on. */
export interface ClaimedJob extends JobTicket {
  readonly job: string;
  readonly pool: string;
}

/** A ticket with its place on the queue: the lower, the sooner it is handed over. */
export interface PlacedJob extends ClaimedJob {
  readonly place: number;
}

/** A job that was taken as it was claimed. */
export interface TakenJob extends JobRun {
  readonly job: string;
  readonly pool: string;
}

/** How many jobs of one name the claiming process could begin now, of one of the pools that it serves. */
export interface Room {
  readonly pool: string;
  readonly job: string;
  readonly places: number;
  /** Of these, for tenants that have no more in flight than their quantum. */
  readonly kept: number;
}

export interface ClaimLimits {
  /** The most tenants that one claim serves. */
  readonly tenants: number;
  /** The least rows per claim for a tenant of weight 1; a tenant of weight n gets n times as many. */
  readonly quantum: number;
  /** Rows that the tenants of one claim share by weight, when that gives more than the quantum: few tenants take more at once. */
  readonly rows: number;
  /** How long a queue may keep a claimed row before the sweeper asks after it. */
  readonly leaseMs: number;
  /** How long a row that was taken stays its run's own without a sign of life. */
  readonly runLeaseMs: number;
}

export interface Claim {
  /** What was taken, for the claiming process to run. */
  readonly runs: readonly TakenJob[];
  /** The others, for a queue. */
  readonly jobs: readonly PlacedJob[];
  /** The last tenant considered, to go on from; null when there is none after it. */
  readonly last: TenantId | null;
  /** Whether tenants that were considered may have more due rows: another relay was serving them, or their room was used up. */
  readonly more: boolean;
}

const FIRST_TENANT = '00000000-0000-0000-0000-000000000000';

/** What a queue's order makes of a tenant's jobs in flight, in milliseconds: see {@link OutboxClaims.claim}. */
const FULL_CAP_WAITS_MS = 30_000;

const CLAIM = 'select claim_and_take($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as claim';

const LAPSED = `
  select tenant_id as "tenantId", id as "outboxId", job, pool, deliveries as delivery from outbox
  where state = 'QUEUED' and lease_until < now() order by lease_until limit $1`;

// Matches only while the row still is what the ticket says: queued, by that very claim.
const STILL_QUEUED = `
  from unnest($1::uuid[], $2::uuid[], $3::int[]) as ticket (tenant_id, id, delivery)
  where o.tenant_id = ticket.tenant_id and o.id = ticket.id
    and o.state = 'QUEUED' and o.deliveries = ticket.delivery`;

const KEEP = `update outbox o set lease_until = now() + $4 * interval '1 ms' ${STILL_QUEUED}`;
const RETURN = `update outbox o set state = 'PENDING', lease_until = null ${STILL_QUEUED}`;

const RECOVER = `
  with lapsed as (
    select tenant_id, id from outbox where state = 'RUNNING' and lease_until < now()
    order by lease_until limit $1 for update skip locked
  ), recovered as (
    update outbox o
    set state = 'PENDING', lease_until = null, next_try_at = now(), run_again = false, last_error = $2
    from lapsed where o.tenant_id = lapsed.tenant_id and o.id = lapsed.id
    returning o.id
  )
  select id from recovered`;

const PRUNE = `
  with pruned as (
    delete from outbox where (tenant_id, id) in (
      select tenant_id, id from outbox
      where state = 'DONE' and finished_at < now() - $1 * interval '1 ms' order by finished_at limit $2
    )
    returning id
  )
  select count(*)::int as count from pruned`;

/** The relay's and the sweeper's side of the outbox: which rows go to a queue, and which come back. */
export class OutboxClaims {
  /**
   * Marks due rows QUEUED by weighted round robin over tenants: each gets at most `relay_weight × quantum` rows
   * (more when few wait), and never more than `max_jobs_in_flight` are queued or running.
   *
   * Places make a queue fair whose workers are busy: a job comes so many seconds behind the newest ones as its
   * tenant has filled of its cap, up to 30. So a tenant with little in flight goes before the whole flood of
   * another, and none waits for ever, as time passes all places by.
   *
   * Of a suspended tenant only {@link JOBS_WHILE_SUSPENDED} are taken.
   *
   * What the caller has room for it takes in the same round trip, best places first.
   *
   * Tenants whom another relay is serving are passed over: the lock on the tenant makes the count of
   * rows in flight exact.
   *
   * @param after - Serve the tenants after this one, by id.
   */
  async claim(
    tx: SystemStatements,
    after: TenantId | null,
    limits: ClaimLimits,
    rooms: readonly Room[],
  ): Promise<Claim> {
    return this.claimOf(tx, null, after, limits, rooms);
  }

  /**
   * As {@link claim}, for the named tenants alone, and only as far as they have less than `relay_weight × quantum` jobs
   * in flight: for tenants that have just asked for something, who need not wait for what others have waiting.
   */
  async claimFor(
    tx: SystemStatements,
    tenantIds: readonly TenantId[],
    limits: ClaimLimits,
    rooms: readonly Room[],
  ): Promise<Claim> {
    return this.claimOf(tx, tenantIds, null, limits, rooms);
  }

  private async claimOf(
    { manager }: SystemStatements,
    asked: readonly TenantId[] | null,
    after: TenantId | null,
    { tenants, quantum, rows, leaseMs, runLeaseMs }: ClaimLimits,
    rooms: readonly Room[],
  ): Promise<Claim> {
    const [row] = await manager.query<{ claim: Claim }[]>(CLAIM, [
      asked,
      after ?? FIRST_TENANT,
      tenants,
      quantum,
      rows,
      leaseMs,
      FULL_CAP_WAITS_MS,
      JOBS_WHILE_SUSPENDED,
      rooms.map(({ pool }) => pool),
      rooms.map(({ job }) => job),
      rooms.map(({ places }) => places),
      rooms.map(({ kept }) => kept),
      runLeaseMs,
    ]);
    if (row === undefined) throw new Error('a claim always answers');
    const { claim } = row;
    const taken = new Set(claim.runs.map(({ outboxId }) => outboxId));
    return { ...claim, jobs: claim.jobs.filter(({ outboxId }) => !taken.has(outboxId)) };
  }

  /** Queued rows whose lease is over: the queue may have lost them. At most `limit`. */
  async findLapsed(tx: SystemTx, limit: number): Promise<ClaimedJob[]> {
    return tx.manager.query<ClaimedJob[]>(LAPSED, [limit]);
  }

  /** Gives rows that a queue still holds another lease. */
  async keepQueued(tx: SystemTx, tickets: readonly JobTicket[], leaseMs: number): Promise<void> {
    await tx.manager.query(KEEP, [...columns(tickets), leaseMs]);
  }

  /** Returns rows that no queue holds to PENDING, to be claimed anew. Rows that went on meanwhile are left alone. */
  async returnToPending(tx: SystemTx, tickets: readonly JobTicket[]): Promise<void> {
    await tx.manager.query(RETURN, columns(tickets));
  }

  /**
   * Returns running rows whose worker has stopped extending the lease to PENDING. The attempt
   * counts, so that a job which kills its worker ends DEAD.
   *
   * @returns The ids returned, at most `limit`.
   */
  async recoverRuns(tx: SystemTx, limit: number): Promise<OutboxId[]> {
    const rows = await tx.manager.query<{ id: OutboxId }[]>(RECOVER, [
      limit,
      'The worker stopped while it ran the job.',
    ]);
    return rows.map(({ id }) => id);
  }

  /** Deletes rows that were DONE longer than `retentionMs` ago, at most `limit`. @returns How many. */
  async prune(tx: SystemTx, retentionMs: number, limit: number): Promise<number> {
    const [row] = await tx.manager.query<{ count: number }[]>(PRUNE, [retentionMs, limit]);
    return row?.count ?? 0;
  }
}

function columns(tickets: readonly JobTicket[]): [TenantId[], OutboxId[], number[]] {
  return [
    tickets.map(({ tenantId }) => tenantId),
    tickets.map(({ outboxId }) => outboxId),
    tickets.map(({ delivery }) => delivery),
  ];
}
