import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PLANNED_ONCE, SYSTEM_ROLE } from './sql';

/**
 * Taking and ending jobs, many at a time, as functions: a connection plans them once. Planning each batch anew cost as
 * much as twenty of its rows, which kept batches large, and all that waited for them slow.
 *
 * Rows that a request is joining are passed over. What is undone when PostgreSQL crashes runs again.
 */
export class TakeAndEndJobs1700000000032 implements MigrationInterface {
  readonly name = 'TakeAndEndJobs1700000000032';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter function claim_outbox set plan_cache_mode = force_generic_plan;

      create function take_queued_jobs(
        tenant_ids uuid[], ids uuid[], jobs text[], lease_ms int, while_suspended text[]
      ) returns setof outbox language plpgsql ${PLANNED_ONCE} as $$
      declare
        lazily constant text := set_config('synchronous_commit', 'off', true);
      begin
        return query with queued as (
          select o.tenant_id, o.id
          from unnest(tenant_ids, ids, jobs) as ticket (tenant_id, id, job)
          join outbox o on o.tenant_id = ticket.tenant_id and o.id = ticket.id and o.job = ticket.job
          where o.state is not distinct from 'QUEUED' and (o.job = any(while_suspended) or not exists (
            select from tenants t where t.tenant_id = o.tenant_id and t.suspended_at is not null
          ))
          for update of o skip locked
        )
        update outbox o
        set state = 'RUNNING', attempts = o.attempts + 1, lease_until = now() + lease_ms * interval '1 ms'
        from queued where o.tenant_id = queued.tenant_id and o.id = queued.id
        returning o.*;
      end
      $$;

      create function end_running_jobs(tenant_ids uuid[], ids uuid[], deliveries_of int[])
      returns setof uuid language plpgsql ${PLANNED_ONCE} as $$
      declare
        lazily constant text := set_config('synchronous_commit', 'off', true);
      begin
        return query with running as (
          select o.tenant_id, o.id
          from unnest(tenant_ids, ids, deliveries_of) as run (tenant_id, id, delivery)
          join outbox o on o.tenant_id = run.tenant_id and o.id = run.id and o.deliveries = run.delivery
          where o.state is not distinct from 'RUNNING' and not o.run_again
          for update of o skip locked
        )
        update outbox o
        set state = 'DONE', finished_at = now(), lease_until = null, last_error = null
        from running where o.tenant_id = running.tenant_id and o.id = running.id
        returning o.id;
      end
      $$;

      revoke execute on function take_queued_jobs, end_running_jobs from public;
      grant execute on function take_queued_jobs, end_running_jobs to ${SYSTEM_ROLE};
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop function take_queued_jobs, end_running_jobs;
      alter function claim_outbox reset plan_cache_mode;
    `);
  }
}
