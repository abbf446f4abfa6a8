import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PLANNED_ONCE, SYSTEM_ROLE } from './sql';

/** `claim_outbox` as migration 0026 made it, with what `placed` tells of a row. */
const claimOutbox = (told: string) => `
  create or replace function claim_outbox(
    asked uuid[], after uuid, tenants_at_once int, quantum int, shared_rows int, lease_ms int,
    full_cap_waits_ms int, while_suspended text[]
  ) returns json language plpgsql ${PLANNED_ONCE} as $$
  declare
    considered uuid[] := asked;
    locked uuid[];
    claimed json;
  begin
    -- What is undone when PostgreSQL crashes is claimed anew.
    perform set_config('synchronous_commit', 'off', true);

    if asked is null then
      -- A loose index scan: one probe per tenant with waiting rows, however many rows each has.
      with recursive waiting as (
        (select tenant_id from outbox where state = 'PENDING' and tenant_id > after order by tenant_id limit 1)
        union all
        select (
          select o.tenant_id from outbox o
          where o.state = 'PENDING' and o.tenant_id > waiting.tenant_id order by o.tenant_id limit 1
        ) from waiting where waiting.tenant_id is not null
      ), next as (
        select tenant_id from waiting where tenant_id is not null limit tenants_at_once
      )
      select array_agg(tenant_id order by tenant_id) into considered from next;
    end if;

    -- NO KEY UPDATE, because a stronger lock would block every insert that refers to the tenant.
    with free as (
      select tenant_id from tenants where tenant_id = any(considered) order by tenant_id
      for no key update skip locked
    )
    select array_agg(tenant_id) into locked from free;

    with allowance as (
      select t.tenant_id, t.pool, t.suspended_at is not null as suspended, t.max_jobs_in_flight as cap, o.in_flight,
        t.relay_weight * quantum as little,
        greatest(0, case when asked is null
          then least(
            t.relay_weight * greatest(quantum, shared_rows / sum(t.relay_weight) over ()),
            t.max_jobs_in_flight - o.in_flight
          )
          else least(t.relay_weight * quantum, t.max_jobs_in_flight) - o.in_flight
        end) as room
      from tenants t cross join lateral (
        select count(*) as in_flight from outbox where tenant_id = t.tenant_id and state in ('QUEUED', 'RUNNING')
      ) o
      where t.tenant_id = any(locked)
    ), due as (
      select a.tenant_id, a.pool, o.id, a.cap, a.little,
        a.in_flight + row_number() over (partition by a.tenant_id order by o.next_try_at) as nth
      from allowance a cross join lateral (
        select id, next_try_at from outbox
        where tenant_id = a.tenant_id and state = 'PENDING' and next_try_at <= now()
          and (not a.suspended or job = any(while_suspended))
        order by next_try_at limit a.room for update skip locked
      ) o
    ), queued as (
      update outbox o
      set state = 'QUEUED', pool = due.pool, deliveries = o.deliveries + 1,
        lease_until = now() + lease_ms * interval '1 ms'
      from due where o.tenant_id = due.tenant_id and o.id = due.id
      returning o.tenant_id, o.id, o.job, o.pool, o.deliveries, due.nth, due.cap, due.little
    ), placed as (
      select tenant_id as "tenantId", id as "outboxId", job, pool, deliveries as delivery,
        round(extract(epoch from now()) * 1000 + full_cap_waits_ms * nth / cap)::bigint as place${told}
      from queued order by place
    )
    select json_build_object(
      'jobs', coalesce((select json_agg(placed) from placed), '[]'),
      'last', case when cardinality(considered) = tenants_at_once then considered[tenants_at_once] end,
      'more', cardinality(considered) > coalesce(cardinality(locked), 0) or exists (
        select from allowance a where room <= (select count(*) from placed where "tenantId" = a.tenant_id)
      )
    ) into claimed;
    return claimed;
  end
  $$`;

/**
 * Jobs that a worker runs itself when it has claimed them, past the queue: they are taken as they are claimed, in one
 * round trip, as far as it has room. A part of that room is kept for tenants with little in flight.
 */
export class JobsPastTheQueue1700000000045 implements MigrationInterface {
  readonly name = 'JobsPastTheQueue1700000000045';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ${claimOutbox(', nth <= little as few')};

      create function claim_and_take(
        asked uuid[], after uuid, tenants_at_once int, quantum int, shared_rows int, lease_ms int,
        full_cap_waits_ms int, while_suspended text[],
        room_pools text[], room_jobs text[], rooms int[], rooms_kept int[], run_lease_ms int
      ) returns json language plpgsql ${PLANNED_ONCE} as $$
      declare
        claim json := claim_outbox(
          asked, after, tenants_at_once, quantum, shared_rows, lease_ms, full_cap_waits_ms, while_suspended
        );
        runs json;
      begin
        with claimed as (
          select job.*, row_number() over (partition by pool, job order by place) as nth
          from json_to_recordset(claim -> 'jobs')
            as job ("tenantId" uuid, "outboxId" uuid, pool text, job text, place bigint, few boolean)
        ), here as (
          select array_agg("tenantId") as tenant_ids, array_agg("outboxId") as ids, array_agg(job) as jobs
          from claimed
          join unnest(room_pools, room_jobs, rooms, rooms_kept) as room (pool, job, places, kept) using (pool, job)
          where nth <= room.places - case when few then 0 else room.kept end
        )
        select json_agg(json_build_object(
          'tenantId', run.tenant_id, 'outboxId', run.id, 'job', run.job, 'pool', run.pool, 'payload', run.payload,
          'attempt', run.attempts, 'delivery', run.deliveries, 'traceParent', run.trace_parent
        )) into runs
        from here, take_queued_jobs(tenant_ids, ids, jobs, run_lease_ms, while_suspended) as run;
        return json_build_object(
          'jobs', claim -> 'jobs', 'last', claim -> 'last', 'more', claim -> 'more', 'runs', coalesce(runs, '[]')
        );
      end
      $$;
      revoke execute on function claim_and_take from public;
      grant execute on function claim_and_take to ${SYSTEM_ROLE};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop function claim_and_take; ${claimOutbox('')};`);
  }
}
