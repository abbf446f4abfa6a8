import type { z } from 'zod';
import type { OutboxId, TenantId } from '../../schema/ids';
import type { JobContract } from '../../schema/jobs';
import type { SystemTx } from '../../tenants/system-database';
import type { Statements, TenantTx } from '../../tenants/tenant-database';

/**
 * The NOTIFY channel that wakes the relays when a transaction that added a job has committed. It names the tenant, or
 * nobody in particular.
 */
export const OUTBOX_CHANNEL = 'colophon_outbox';

export interface AddOptions {
  /** The earliest start. A joined request that has not failed yet starts at the earlier of both times. */
  readonly notBefore?: Date;
  /** In place of that, after so many milliseconds by PostgreSQL's clock: a process' own may be off. */
  readonly afterMs?: number;
}

/** One request of several. */
export interface JobRequest<Contract extends JobContract> extends AddOptions {
  readonly payload: z.input<Contract['payload']>;
}

/**
 * Writes jobs in the transaction of the data they concern: both commit, or neither. A request finds a waiting one of
 * the same subject and joins it; one that is running runs once more afterwards, because it may have read its data
 * before this transaction committed.
 */
export class OutboxRepository {
  /**
   * @returns The id of the new row, or of the one that this request joined.
   * @throws ZodError if `payload` does not fit the contract.
   */
  async add<Contract extends JobContract>(
    tx: TenantTx,
    contract: Contract,
    payload: z.input<Contract['payload']>,
    options: AddOptions = {},
  ): Promise<OutboxId> {
    return only(await insert(tx.manager, tx.tenantId, contract, [{ payload, ...options }]));
  }

  /**
   * As {@link add} for many requests of one job, in one statement. No two of them may have the same subject.
   *
   * @returns The rows' ids, in no particular order.
   */
  async addAll<Contract extends JobContract>(
    tx: TenantTx,
    contract: Contract,
    requests: readonly JobRequest<Contract>[],
  ): Promise<OutboxId[]> {
    return insert(tx.manager, tx.tenantId, contract, requests);
  }

  /** As {@link add}, for work that belongs to no tenant's transaction, such as a follower's. */
  async addForTenant<Contract extends JobContract>(
    tx: SystemTx,
    tenantId: TenantId,
    contract: Contract,
    payload: z.input<Contract['payload']>,
    options: AddOptions = {},
  ): Promise<OutboxId> {
    return only(await insert(tx.manager, tenantId, contract, [{ payload, ...options }]));
  }
}

/**
 * On a conflict the row is updated even when nothing changes: the row lock makes a relay or runner
 * wait for this commit, so that the run which serves this request also sees its data. A row in
 * back-off keeps its time, or a stream of requests would use up its attempts at once.
 */
const INSERT = `
  with added as (
    insert into outbox (tenant_id, job, payload, dedupe_key, next_try_at)
    select $1, $2, payload, dedupe_key, coalesce(not_before, now() + after_ms * interval '1 millisecond')
      from unnest($3::jsonb[], $4::text[], $5::timestamptz[], $6::int[]) as request (payload, dedupe_key, not_before, after_ms)
    on conflict (tenant_id, job, dedupe_key) where dedupe_key is not null and state in ('PENDING', 'QUEUED', 'RUNNING')
    do update set
      run_again = outbox.state = 'RUNNING',
      next_try_at = case
        when outbox.state = 'RUNNING' and not outbox.run_again then excluded.next_try_at
        when outbox.state = 'RUNNING' or outbox.attempts = 0 then least(outbox.next_try_at, excluded.next_try_at)
        else outbox.next_try_at
      end
    returning id
  )
  select id, (select pg_notify('${OUTBOX_CHANNEL}', $1::uuid::text)) from added`;

async function insert<Contract extends JobContract>(
  manager: Statements,
  tenantId: TenantId,
  contract: Contract,
  requests: readonly JobRequest<Contract>[],
): Promise<OutboxId[]> {
  const { name } = contract;
  const payloads = requests.map(({ payload }) => {
    const parsed = contract.payload.parse(payload);
    if (parsed['tenantId'] !== tenantId) throw new Error(`a ${name} job names another tenant than its row`);
    return parsed;
  });
  const rows = await manager.query<{ id: OutboxId }[]>(INSERT, [
    tenantId,
    name,
    payloads.map((payload) => JSON.stringify(payload)),
    payloads.map((payload) => contract.subject?.(payload) ?? null),
    requests.map(({ notBefore }) => notBefore ?? null),
    requests.map(({ afterMs }) => afterMs ?? 0),
  ]);
  return rows.map(({ id }) => id);
}

function only(ids: readonly OutboxId[]): OutboxId {
  const [id] = ids;
  if (id === undefined) throw new Error('the outbox returned no row');
  return id;
}
