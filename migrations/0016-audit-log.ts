import type { MigrationInterface, QueryRunner } from 'typeorm';
import { systemAccess, tenantWall } from './sql';

const EARLIER_SCOPES = `array['read', 'project:write', 'registry:write', 'work:write', 'dispatch:write', 'guard:write',
                             'webhook:write', 'key:write']`;

/** The log of who changed what. The platform operator's own belongs to no tenant: its tenant is the nil UUID. */
export class AuditLog1700000000016 implements MigrationInterface {
  readonly name = 'AuditLog1700000000016';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table audit_entries (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        sequence bigint not null check (sequence > 0),
        created_at timestamptz not null,
        operation text not null,
        actor text not null,
        scopes text[] not null,
        request_id text not null,
        input_hash text not null,
        previous_hash text not null,
        hash text not null,
        primary key (tenant_id, sequence)
      );
      create index audit_entries_page on audit_entries (tenant_id, created_at desc, id desc);
      ${tenantWall('audit_entries', 'select, insert')}
      ${systemAccess('audit_entries', 'select, insert')}

      -- the last entry of each log, locked while one is added
      create table audit_ends (
        tenant_id uuid primary key,
        sequence bigint not null,
        hash text not null
      );
      ${tenantWall('audit_ends', 'select, insert, update')}
      ${systemAccess('audit_ends', 'select, insert, update')}

      -- the wall holds for the owner, too; a key that might do everything may read the log
      alter table api_keys no force row level security;
      update api_keys set scopes = array_append(scopes, 'audit:read') where scopes @> ${EARLIER_SCOPES};
      alter table api_keys force row level security;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table audit_ends;
      drop table audit_entries;
      alter table api_keys no force row level security;
      update api_keys set scopes = array_remove(scopes, 'audit:read');
      alter table api_keys force row level security;`);
  }
}
