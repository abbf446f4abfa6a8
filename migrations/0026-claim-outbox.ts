import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE } from './sql';

/**
 * One claim of the relay, from the locks to the rows, in one round trip: it was four, each of which waits its turn
 * in a busy worker. A function, because each of its statements sees what was committed when it began: rows in
 * flight are counted after the tenants are locked, or relays that claim at once would exceed the caps together.
 *
 * `asked` names the tenants to serve; if it is null, they are the next ones after `after` that have waiting rows.
 */
export class ClaimOutbox1700000000026 implements MigrationInterface {
  readonly name = 'ClaimOutbox1700000000026';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create function claim_outbox(
        asked uuid[], after uuid, tenants_at_once int, quantum int, shared_rows int, lease_ms int,
        full_cap_waits_ms int, while_suspended text[]
      ) returns json language plpgsql
      -- A bitmap scan never tidies an index: it would count rows in flight by way of all that have been in flight
      -- since the last vacuum, tens of thousands of a flood. A plain scan marks what is dead as it passes.
      set enable_bitmapscan = off
      -- How many rows a tenant may take is not known when it is planned: PostgreSQL takes it for a tenth of what waits,
      -- and would read the whole table for each claim to join them. Rows are few, and each is found by its key.
      set enable_hashjoin = off
      set enable_mergejoin = off
      set enable_seqscan = off as $$
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
          select a.tenant_id, a.pool, o.id, a.cap,
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
          returning o.tenant_id, o.id, o.job, o.pool, o.deliveries, due.nth, due.cap
        ), placed as (
          select tenant_id as "tenantId", id as "outboxId", job, pool, deliveries as delivery,
            round(extract(epoch from now()) * 1000 + full_cap_waits_ms * nth / cap)::bigint as place
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
      $$;
      revoke execute on function claim_outbox from public;
      grant execute on function claim_outbox to ${SYSTEM_ROLE};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop function claim_outbox;');
  }
}
