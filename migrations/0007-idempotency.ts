import type { MigrationInterface, QueryRunner } from 'typeorm';
import { systemAccess, tenantWall } from './sql';

/**
 * What mutations have done under their `Idempotency-Key`. The platform operator's mutations belong to no
 * tenant: their rows carry the nil UUID, so neither table refers to `tenants`.
 */
export class Idempotency1700000000007 implements MigrationInterface {
  readonly name = 'Idempotency1700000000007';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table idempotency_keys (
        tenant_id uuid not null,
        key text not null check (length(key) between 1 and 255),
        -- SHA-256 of who asked for what
        fingerprint bytea not null check (length(fingerprint) = 32),
        -- how often it was begun; tells one try from the next
        claims int not null default 1,
        -- while it runs: whoever finds it lapsed may go on with it
        lease_until timestamptz,
        -- once it is done: the answer, sealed, as it may hold what is shown only once
        answer_key_id text,
        answer bytea,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        primary key (tenant_id, key),
        check ((answer is null) = (answer_key_id is null)),
        check (answer is null or lease_until is null)
      );
      create index idempotency_keys_expiry on idempotency_keys (tenant_id, expires_at);
      ${tenantWall('idempotency_keys')}

      -- results of the transactions that a mutation has committed, each written by that transaction itself
      create table idempotency_steps (
        tenant_id uuid not null,
        key text not null,
        field text not null,
        ordinal int not null check (ordinal >= 0),
        result_key_id text not null,
        result bytea not null,
        primary key (tenant_id, key, field, ordinal),
        foreign key (tenant_id, key) references idempotency_keys on delete cascade
      );
      ${tenantWall('idempotency_steps', 'select, insert, delete')}
      ${systemAccess('idempotency_steps', 'insert')}

      -- A key that was revoked, or whose rights changed, ends its subscriptions: every process is told.
      create function announce_api_key() returns trigger language plpgsql as $$
        begin
          perform pg_notify('colophon_events',
            json_build_object('tenantId', new.tenant_id, 'type', 'ApiKey', 'id', new.id)::text);
          return null;
        end
      $$;
      create trigger api_key_changed after update of revoked_at, scopes on api_keys
        for each row when (new is distinct from old) execute function announce_api_key();
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop trigger api_key_changed on api_keys;
      drop function announce_api_key;
      drop table idempotency_steps, idempotency_keys;
    `);
  }
}
