import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, SYSTEM_ROLE, systemAccess, tenantWall } from './sql';

/** Exports of tenants, and the end of tenants that leave: their rows go, a tombstone stays. */
export class ExitKit1700000000022 implements MigrationInterface {
  readonly name = 'ExitKit1700000000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(OWNERS);
    await queryRunner.query(METERS);
    for (const table of await tablesOfTenants(queryRunner)) {
      // Finished jobs of every tenant are removed from the outbox as they grow old.
      await queryRunner.query(table === 'outbox' ? '' : erasable(table));
    }
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of await tablesOfTenants(queryRunner)) {
      if (table === 'outbox') continue;
      await queryRunner.query(`
        drop policy erasure on ${table};
        drop policy erasure_alone on ${table};
        revoke select (tenant_id, ctid), delete on ${table} from ${SYSTEM_ROLE};`);
    }
    await queryRunner.query(`
      revoke select, insert, update on metered_deliveries from ${SYSTEM_ROLE};
      drop trigger api_key_erased on api_keys;
      drop trigger session_erased on sessions;
      alter table idempotency_keys drop column owner_id;
      alter table audit_entries drop column owner_id;
      alter table audit_ends drop column owner_id;
      drop table tenant_tombstones;
      drop table tenant_exports;`);
  }
}

const TABLES = `
  create table tenant_exports (
    tenant_id uuid not null references tenants,
    id uuid not null default gen_random_uuid(),
    -- SHA-256, in hex, of the archive's manifest.json
    manifest_hash text not null check (manifest_hash ~ '^[0-9a-f]{64}$'),
    -- of the key that signed it
    signer text not null,
    snapshot_at timestamptz not null,
    -- as the snapshot showed it: an export counts for the suspension during which it was made
    suspended_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
  );
  ${tenantWall('tenant_exports', 'select, insert')}
  ${systemAccess('tenant_exports', 'select')}

  -- Refers to no tenant: it outlives it.
  create table tenant_tombstones (
    tenant_id uuid primary key,
    deleted_at timestamptz not null default now(),
    -- of the export that was made before
    manifest_hash text not null,
    -- where the tenant's audit log ended; 0 and 64 zeros if it had no entry
    audit_sequence bigint not null,
    audit_hash text not null,
    -- null while there are rows left
    erased_at timestamptz
  );
  alter table tenant_tombstones enable row level security;
  alter table tenant_tombstones force row level security;
  ${systemAccess('tenant_tombstones', 'select, insert, update (erased_at)')}
`;

/**
 * Three tables hold rows of tenants beside those of the platform itself, under the nil UUID, and so could not refer to
 * `tenants`. Now they do, by a column that is null for the platform: no row can outlive its tenant, or come after it.
 */
const OWNERS = `
  ${['idempotency_keys', 'audit_entries', 'audit_ends']
    .map(
      (table) => `
  alter table ${table} add column owner_id uuid
    generated always as (nullif(tenant_id, '00000000-0000-0000-0000-000000000000')) stored references tenants;`,
    )
    .join('')}

  -- A key or session that is erased ends its subscriptions, as one that is revoked does.
  create or replace function announce_api_key() returns trigger language plpgsql as $$
    begin
      perform pg_notify('colophon_events', json_build_object(
        'tenantId', coalesce(new.tenant_id, old.tenant_id), 'type', 'ApiKey', 'id', coalesce(new.id, old.id))::text);
      return null;
    end
  $$;
  create trigger api_key_erased after delete on api_keys for each row execute function announce_api_key();
  create or replace function announce_member() returns trigger language plpgsql as $$
    begin
      perform pg_notify('colophon_events', json_build_object(
        'tenantId', coalesce(new.tenant_id, old.tenant_id), 'type', 'Member',
        'id', coalesce(to_jsonb(new), to_jsonb(old))->>tg_argv[0])::text);
      return null;
    end
  $$;
  create trigger session_erased after delete on sessions
    for each row when (old.revoked_at is null and old.expires_at > now()) execute function announce_member('member_id');
`;

/** Erasing deliveries adds them to the tenant's meter, by a trigger: the role that erases must be able to, for just those. */
const METERS = `
  grant select, insert, update on metered_deliveries to ${SYSTEM_ROLE};`;

/** Asked of the database, so that no table is left out whatever the migrations before have made. */
async function tablesOfTenants(queryRunner: QueryRunner): Promise<readonly string[]> {
  const rows: { name: string }[] = await queryRunner.query(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'tenant_tombstones'
      order by 1`,
  );
  return rows.map(({ name }) => name);
}
