import type { MigrationInterface, QueryRunner } from 'typeorm';
import { systemAccess, tenantWall } from './sql';

/** Jobs that commit with the data they concern, and the record of their runs. */
export class Outbox1700000000004 implements MigrationInterface {
  readonly name = 'Outbox1700000000004';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table outbox (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        job text not null,
        payload jsonb not null,
        -- requests with the same key mean the same work: at most one of them waits or runs
        dedupe_key text,
        state text not null default 'PENDING'
          check (state in ('PENDING', 'QUEUED', 'RUNNING', 'DONE', 'DEAD')),
        next_try_at timestamptz not null default now(),
        -- the pool that it was last queued on
        pool text,
        -- how often it was claimed for a queue; only grows, and tells one claim from the next
        deliveries int not null default 0,
        -- runs begun since the last success
        attempts int not null default 0,
        -- requested again while it ran: it goes back to PENDING at next_try_at instead of ending
        run_again boolean not null default false,
        lease_until timestamptz,
        -- text that the tenant may read
        last_error text,
        created_at timestamptz not null default now(),
        finished_at timestamptz,
        primary key (tenant_id, id),
        constraint outbox_leased check ((lease_until is not null) = (state in ('QUEUED', 'RUNNING'))),
        constraint outbox_finished check ((finished_at is not null) = (state in ('DONE', 'DEAD')))
      );
      -- rows change state and are pruned all the time: vacuum early, or the relay reads dead index entries
      alter table outbox set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
      create unique index outbox_dedupe on outbox (tenant_id, job, dedupe_key)
        where state in ('PENDING', 'QUEUED', 'RUNNING');
      create index outbox_due on outbox (tenant_id, next_try_at) where state = 'PENDING';
      create index outbox_in_flight on outbox (tenant_id, lease_until) where state in ('QUEUED', 'RUNNING');
      create index outbox_done on outbox (finished_at) where state = 'DONE';
      ${tenantWall(
        'outbox',
        'select, insert (tenant_id, job, payload, dedupe_key, next_try_at), update (run_again, next_try_at)',
      )}
      ${systemAccess(
        'outbox',
        `select, insert (tenant_id, job, payload, dedupe_key, next_try_at),
         update (state, next_try_at, pool, deliveries, attempts, run_again, lease_until, last_error, finished_at),
         delete`,
      )}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table outbox;');
  }
}
