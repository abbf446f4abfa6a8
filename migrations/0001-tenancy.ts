import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE, systemAccess, tenantWall } from './sql';

/** Tenants, their API keys and their generative projects, behind the tenant wall. */
export class Tenancy1700000000001 implements MigrationInterface {
  readonly name = 'Tenancy1700000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      revoke create on schema public from public;
      grant usage on schema public to ${APP_ROLE}, ${SYSTEM_ROLE};

      create table tenants (
        tenant_id uuid primary key default gen_random_uuid(),
        name text not null check (length(name) between 1 and 200),
        pool text not null default 'shared',
        -- share of the relay among tenants, and the most jobs that may be in flight at once
        relay_weight int not null default 1 check (relay_weight between 1 and 100),
        max_jobs_in_flight int not null default 64 check (max_jobs_in_flight > 0),
        created_at timestamptz not null default now()
      );
      ${tenantWall('tenants', 'select')}
      ${systemAccess('tenants', 'select, insert, update')}

      create table api_keys (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        label text not null,
        -- SHA-256 of the whole key; the key itself has 256 random bits, so no slow hash is needed
        key_hash bytea not null unique,
        scopes text[] not null,
        created_at timestamptz not null default now(),
        revoked_at timestamptz,
        primary key (tenant_id, id)
      );
      ${tenantWall('api_keys', 'select, insert, update')}
      ${systemAccess('api_keys', 'select, insert')}

      create table projects (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        name text not null,
        artist_name text not null,
        artist_account text not null,
        description text not null default '',
        script text not null,
        script_hash text not null,
        dependencies jsonb not null default '[]',
        traits jsonb not null default '{}',
        edition_cap bigint not null check (edition_cap > 0),
        royalty_bps int not null check (royalty_bps between 0 and 10000),
        licence text not null,
        metadata jsonb not null default '{}',
        created_at timestamptz not null default now(),
        primary key (tenant_id, id)
      );
      create index projects_page on projects (tenant_id, created_at desc, id desc);
      ${tenantWall('projects', 'select, insert')}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table projects; drop table api_keys; drop table tenants;');
  }
}
