import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE, systemAccess, tenantWall } from './sql';

/**
 * What the block followers record of each chain. These tables belong to no tenant: they hold public
 * chain data, which the system role writes and the application's role may read. Who watches what is
 * behind the tenant wall.
 */
export class ChainState1700000000002 implements MigrationInterface {
  readonly name = 'ChainState1700000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table chain_cursors (
        chain_id text primary key,
        head_number bigint not null,
        head_hash bytea not null,
        final_number bigint not null,
        final_hash bytea not null,
        -- why finality is held or the chain cannot be read; null when all is well
        alert text,
        updated_at timestamptz not null default now(),
        check (final_number <= head_number)
      );
      grant select on chain_cursors to ${APP_ROLE};
      grant select, insert, update on chain_cursors to ${SYSTEM_ROLE};

      -- dense near the head and sparse below, so that a fork of any depth is found
      create table chain_blocks (
        chain_id text not null,
        number bigint not null,
        hash bytea not null,
        primary key (chain_id, number)
      );
      grant select, insert, delete on chain_blocks to ${SYSTEM_ROLE};

      create table chain_logs (
        chain_id text not null,
        block_number bigint not null,
        log_index int not null,
        -- seconds since 1970, as the block says
        block_time bigint not null,
        address bytea not null,
        -- the topics one after the other, 32 bytes each
        topics bytea not null,
        data bytea not null,
        tx_hash bytea not null,
        block_hash bytea not null,
        primary key (chain_id, block_number, log_index)
      );
      create index chain_logs_of_address on chain_logs (chain_id, address, block_number);
      grant select on chain_logs to ${APP_ROLE};
      grant select, insert, delete on chain_logs to ${SYSTEM_ROLE};

      create table chain_breaches (
        id bigint generated always as identity primary key,
        chain_id text not null,
        -- the last block that both histories share; -1 if they share none
        fork_block bigint not null,
        -- of the block that was recorded as final and fell
        old_hash bytea not null,
        -- of the new chain's first block above the fork
        new_hash bytea not null,
        detected_at timestamptz not null default now()
      );
      create index chain_breaches_of_chain on chain_breaches (chain_id, id);
      grant select on chain_breaches to ${APP_ROLE};
      grant select, insert on chain_breaches to ${SYSTEM_ROLE};

      create table watched_addresses (
        tenant_id uuid not null references tenants,
        chain_id text not null,
        address bytea not null check (length(address) = 20),
        registry_id uuid not null,
        from_block bigint not null check (from_block >= 0),
        -- while the follower searches the past: the highest block searched so far
        filled_to bigint,
        -- true once every block from from_block to the cursor's head has been searched
        caught_up boolean not null default false,
        primary key (tenant_id, chain_id, address, registry_id)
      );
      create index watched_addresses_of_chain on watched_addresses (chain_id, address);
      ${tenantWall('watched_addresses', 'select, insert (tenant_id, chain_id, address, registry_id, from_block)')}
      ${systemAccess('watched_addresses', 'select, update (filled_to, caught_up)')}
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'drop table watched_addresses, chain_breaches, chain_logs, chain_blocks, chain_cursors',
    );
  }
}
