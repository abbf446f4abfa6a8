import type { OutboxId, TenantId } from '../../schema/ids';
import { JOBS_WHILE_SUSPENDED } from '../../schema/jobs';
import type { SystemTx } from '../../tenants/system-database';
import type { JobTicket } from './job-ticket';

/** A ticket with the queue that it belongs on. */
export interface ClaimedJob extends JobTicket {
  readonly job: string;
  readonly pool: string;
}

/** A ticket with its place on the queue: the lower, the sooner it is handed over. */
export interface PlacedJob extends ClaimedJob {
  readonly place: number;
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
}

export interface Claim {
  readonly jobs: readonly PlacedJob[];
  /** The last tenant considered, to go on from; undefined when there is none after it. */
  readonly last: TenantId | undefined;
}

const FIRST_TENANT = '00000000-0000-0000-0000-000000000000';

/** What a queue's order makes of a tenant's jobs in flight, in milliseconds: see {@link OutboxClaims.claim}. */
const FULL_CAP_WAITS_MS = 30_000;

// A loose index scan: one probe per tenant with waiting rows, however many rows each has.
// NO KEY UPDATE, because a stronger lock would block every insert that refers to the tenant.
const LOCK_WAITING_TENANTS = `
  with recursive waiting as (
    (select tenant_id from outbox where state = 'PENDING' and tenant_id > $1 order by tenant_id limit 1)
    union all
    select (
      select o.tenant_id from outbox o
      where o.state = 'PENDING' and o.tenant_id > waiting.tenant_id order by o.tenant_id limit 1
    ) from waiting where waiting.tenant_id is not null
  ), considered as (
    select tenant_id from waiting where tenant_id is not null limit $2
  ), locked as (
    select tenant_id from tenants where tenant_id in (select tenant_id from considered) order by tenant_id
    for no key update skip locked
  )
  select considered.tenant_id as "tenantId", locked.tenant_id is not null as "isLocked"
  from considered left join locked using (tenant_id) order by 1`;

const CLAIM_ROWS = `
  with allowance as (
    select t.tenant_id, t.pool, t.suspended_at is not null as suspended, t.max_jobs_in_flight as cap, o.in_flight, greatest(0, least(
      t.relay_weight * greatest($2::int, $3::int / sum(t.relay_weight) over ()), t.max_jobs_in_flight - o.in_flight
    )) as rows
    from tenants t cross join lateral (
      select count(*) as in_flight from outbox where tenant_id = t.tenant_id and state in ('QUEUED', 'RUNNING')
    ) o
    where t.tenant_id = any($1)
  ), due as (
    select a.tenant_id, a.pool, o.id, a.cap,
      a.in_flight + row_number() over (partition by a.tenant_id order by o.next_try_at) as nth
    from allowance a cross join lateral (
      select id, next_try_at from outbox
      where tenant_id = a.tenant_id and state = 'PENDING' and next_try_at <= now()
        and (not a.suspended or job = any($6))
      order by next_try_at limit a.rows for update skip locked
    ) o
  ), claimed as (
    update outbox o
    set state = 'QUEUED', pool = due.pool, deliveries = o.deliveries + 1, lease_until = now() + $4 * interval '1 ms'
    from due where o.tenant_id = due.tenant_id and o.id = due.id
    returning o.tenant_id, o.id, o.job, o.pool, o.deliveries, due.nth, due.cap
  )
  select tenant_id as "tenantId", id as "outboxId", job, pool, deliveries as delivery,
    round(extract(epoch from now()) * 1000 + $5::int * nth / cap)::float8 as place
  from claimed order by place`;

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
   * Tenants whom another relay is serving are passed over: the lock on the tenant makes the count of
   * rows in flight exact, so it is taken in a statement of its own, before the count's snapshot.
   *
   * @param after - Serve the tenants after this one, by id.
   */
  async claim(tx: SystemTx, after: TenantId | undefined, limits: ClaimLimits): Promise<Claim> {
    const { tenants, quantum, rows, leaseMs } = limits;
    const waiting = await tx.manager.query<{ tenantId: TenantId; isLocked: boolean }[]>(
      LOCK_WAITING_TENANTS,
      [after ?? FIRST_TENANT, tenants],
    );
    const last = waiting.length < tenants ? undefined : waiting.at(-1)?.tenantId;
    const locked = waiting.filter(({ isLocked }) => isLocked).map(({ tenantId }) => tenantId);
    if (locked.length === 0) return { jobs: [], last };
    const parameters = [locked, quantum, rows, leaseMs, FULL_CAP_WAITS_MS, JOBS_WHILE_SUSPENDED];
    return { jobs: await tx.manager.query<PlacedJob[]>(CLAIM_ROWS, parameters), last };
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
