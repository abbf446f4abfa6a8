import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, tenantWall } from './sql';

const EARLIER_SCOPES = `array['read', 'project:write', 'registry:write', 'work:write', 'dispatch:write', 'guard:write',
                             'webhook:write', 'key:write', 'audit:read', 'member:read', 'member:write', 'owner:write']`;

/** As PostgreSQL named it: that a transaction is held exactly while money is missing. */
const HELD = 'chain_transactions_check1';

/** The master key can be changed; tenants bring keys of their own. */
export class Keys1700000000020 implements MigrationInterface {
  readonly name = 'Keys1700000000020';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- to rewrap data keys; what is sealed in a row is bound to the row
      grant update (key_id, sealed) on tenant_secrets to ${APP_ROLE};
      grant update (result_key_id, result) on idempotency_steps to ${APP_ROLE};

      create table signing_keys (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        kind text not null check (kind in ('IMPORTED', 'KMS')),
        label text not null,
        address text not null,
        kms_key_arn text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint one_signing_key_per_address unique (tenant_id, address),
        check ((kind = 'KMS') = (kms_key_arn is not null))
      );
      create index signing_keys_page on signing_keys (tenant_id, created_at desc, id desc);
      ${tenantWall('signing_keys', 'select, insert')}

      -- which key sends on a chain; without a row, the one that the platform made
      create table signing_assignments (
        tenant_id uuid not null references tenants,
        chain_id text not null,
        signing_key_id uuid not null,
        primary key (tenant_id, chain_id),
        foreign key (tenant_id, signing_key_id) references signing_keys
      );
      ${tenantWall('signing_assignments')}

      -- the most that a tenant's transactions may cost on a chain; null for no bound
      create table fee_limits (
        tenant_id uuid not null references tenants,
        chain_id text not null,
        max_fee_per_gas_wei numeric(78) check (max_fee_per_gas_wei > 0),
        max_total_fee_wei numeric(78) check (max_total_fee_wei > 0),
        primary key (tenant_id, chain_id)
      );
      ${tenantWall('fee_limits')}

      alter table chain_transactions
        -- {kind, limitWei, neededWei}: held by a limit and not for money
        add column over_limit jsonb,
        drop constraint ${HELD},
        add constraint ${HELD} check (num_nonnulls(missing_wei, over_limit) = (state = 'held')::int);

      -- the wall holds for the owner, too; a key that might do everything may bring keys
      alter table api_keys no force row level security;
      update api_keys set scopes = array_append(scopes, 'signing:write') where scopes @> ${EARLIER_SCOPES};
      alter table api_keys force row level security;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table api_keys no force row level security;
      update api_keys set scopes = array_remove(scopes, 'signing:write');
      alter table api_keys force row level security;
      alter table chain_transactions
        drop constraint ${HELD},
        drop column over_limit,
        add constraint ${HELD} check ((missing_wei is not null) = (state = 'held'));
      drop table fee_limits;
      drop table signing_assignments;
      drop table signing_keys;
      revoke update (result_key_id, result) on idempotency_steps from ${APP_ROLE};
      revoke update (key_id, sealed) on tenant_secrets from ${APP_ROLE};`);
  }
}
