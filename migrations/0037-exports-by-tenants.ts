import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

const EARLIER_SCOPES = `array['read', 'project:write', 'registry:write', 'work:write', 'dispatch:write', 'guard:write',
                             'royalty:read', 'royalty:write', 'settlement:write', 'settlement:approve', 'webhook:write',
                             'key:write', 'signing:write', 'audit:read', 'member:read', 'member:write', 'owner:write']`;

/** Tenants export themselves: what they asked for, and the archives until they expire. */
export class ExportsByTenants1700000000037 implements MigrationInterface {
  readonly name = 'ExportsByTenants1700000000037';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table export_requests (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        state text not null default 'REQUESTED'
          check (state in ('REQUESTED', 'RUNNING', 'READY', 'FAILED', 'CANCELLED', 'EXPIRED')),
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz,
        expires_at timestamptz,
        -- how often a worker began: chunks of an earlier time are nobody's
        attempt int not null default 0,
        percent int not null default 0 check (percent between 0 and 100),
        row_count bigint not null default 0,
        size_bytes bigint,
        -- of the archive, in hex
        sha256 text,
        manifest_hash text,
        snapshot_at timestamptz,
        failure_code text,
        failure_message text,
        downloads int not null default 0,
        last_downloaded_at timestamptz,
        primary key (tenant_id, id),
        constraint export_is_whole check (
          state <> 'READY' or num_nonnulls(size_bytes, sha256, manifest_hash, snapshot_at, expires_at) = 5),
        constraint export_failed check ((state = 'FAILED') = (failure_code is not null))
      );
      create index export_requests_page on export_requests (tenant_id, created_at desc, id desc);
      create unique index one_export_at_a_time on export_requests (tenant_id) where state in ('REQUESTED', 'RUNNING');
      ${tenantWall('export_requests', 'select, insert, update')}
      ${erasable('export_requests')}

      create table export_chunks (
        tenant_id uuid not null,
        export_id uuid not null,
        attempt int not null,
        position int not null check (position >= 0),
        bytes bytea not null,
        primary key (tenant_id, export_id, attempt, position),
        foreign key (tenant_id, export_id) references export_requests
      );
      -- they are compressed already
      alter table export_chunks alter column bytes set storage external;
      ${tenantWall('export_chunks', 'select, insert, delete')}
      ${erasable('export_chunks')}

      -- the wall holds for the owner, too; a key that might do everything may export everything
      alter table api_keys no force row level security;
      update api_keys set scopes = array_append(scopes, 'tenant:export') where scopes @> ${EARLIER_SCOPES};
      alter table api_keys force row level security;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table api_keys no force row level security;
      update api_keys set scopes = array_remove(scopes, 'tenant:export');
      alter table api_keys force row level security;
      drop table export_chunks;
      drop table export_requests;`);
  }
}
