import type { MigrationInterface, QueryRunner } from 'typeorm';
import { systemAccess, tenantWall } from './sql';

/** Tenants' secrets, and the transactions that their accounts send. */
export class ChainTransactions1700000000003 implements MigrationInterface {
  readonly name = 'ChainTransactions1700000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table tenant_secrets (
        tenant_id uuid not null references tenants,
        purpose text not null check (length(purpose) between 1 and 100),
        -- which master key sealed it; the key itself is never in the database
        key_id text not null,
        -- AES-256-GCM: 12 bytes of IV, 16 of tag, then the ciphertext
        sealed bytea not null check (length(sealed) > 28),
        created_at timestamptz not null default now(),
        primary key (tenant_id, purpose)
      );
      ${tenantWall('tenant_secrets', 'select, insert')}

      create table nonce_lanes (
        tenant_id uuid not null references tenants,
        chain_id text not null,
        account text not null,
        next_nonce bigint not null default 0 check (next_nonce >= 0),
        primary key (tenant_id, chain_id, account)
      );
      ${tenantWall('nonce_lanes', 'select, insert, update')}

      create table chain_transactions (
        tenant_id uuid not null references tenants,
        id uuid not null default gen_random_uuid(),
        -- order of arrival: held transactions resume first come, first served
        ordinal bigint generated always as identity,
        chain_id text not null,
        intent_key text not null check (length(intent_key) between 1 and 200),
        account text not null,
        to_address text not null,
        data bytea not null,
        value_wei numeric(78) not null check (value_wei >= 0),
        gas bigint check (gas > 0),
        fills_gap boolean not null,
        version int not null default 1,
        state text not null
          check (state in ('held', 'prepared', 'broadcast', 'mined', 'final', 'replaced', 'dropped')),
        nonce bigint check (nonce >= 0),
        missing_wei numeric(78) check (missing_wei > 0),
        mined_hash text,
        mined_block_number bigint,
        mined_block_hash text,
        succeeded boolean,
        revert_data bytea,
        replaced_by text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, id),
        constraint one_transaction_per_intent unique (tenant_id, intent_key),
        foreign key (tenant_id, chain_id, account) references nonce_lanes,
        check (nonce is not null or state in ('held', 'dropped')),
        check ((missing_wei is not null) = (state = 'held')),
        check (
          num_nonnulls(mined_hash, mined_block_number, mined_block_hash, succeeded)
            = case when state in ('mined', 'final') then 4 else 0 end
        )
      );
      create unique index one_transaction_per_nonce on chain_transactions (tenant_id, chain_id, account, nonce)
        where state <> 'dropped';
      create index unfinished_transactions on chain_transactions (chain_id, tenant_id)
        where state not in ('final', 'dropped');
      ${tenantWall('chain_transactions', 'select, insert, update')}
      ${systemAccess('chain_transactions', 'select (tenant_id, chain_id, state, mined_block_number)')}

      create table transaction_attempts (
        tenant_id uuid not null references tenants,
        transaction_id uuid not null,
        ordinal int not null,
        hash text not null,
        raw bytea not null,
        nonce bigint not null,
        gas bigint not null,
        max_fee_per_gas_wei numeric(78) not null,
        max_priority_fee_per_gas_wei numeric(78) not null,
        signed_at_block bigint not null,
        signed_at timestamptz not null,
        primary key (tenant_id, transaction_id, ordinal),
        unique (tenant_id, hash),
        foreign key (tenant_id, transaction_id) references chain_transactions
      );
      ${tenantWall('transaction_attempts', 'select, insert')}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'drop table transaction_attempts; drop table chain_transactions; drop table nonce_lanes; drop table tenant_secrets;',
    );
  }
}
