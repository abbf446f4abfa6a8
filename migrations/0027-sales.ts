import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, followComponents, tenantWall } from './sql';

/** Sales of works and payments for them, as the chains show them. */
export class Sales1700000000027 implements MigrationInterface {
  readonly name = 'Sales1700000000027';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(TABLES);
    await queryRunner.query(followComponents('royaltyReceiver', 'royaltyVault'));
    for (const table of ['sale_transactions', 'sales', 'sale_payments'])
      await queryRunner.query(erasable(table));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table sale_payments, sales, sale_transactions');
  }
}

const TABLES = `
  -- transactions that moved a work of a registry, or money to it: each is examined for sales
  create table sale_transactions (
    tenant_id uuid not null,
    registry_id uuid not null,
    chain_id text not null,
    transaction_hash text not null,
    block_number bigint not null,
    block_hash text not null,
    block_time timestamptz not null,
    -- whether it is in that block now, and whether that is final
    standing boolean not null,
    final boolean not null,
    -- raised by each news of it; it waits to be examined while examined is less
    news int not null default 1,
    examined int not null default 0,
    -- how often what was found was taken back
    inclusion int not null default 0,
    -- SHA-256, in hex, of what was found and stands; null if nothing stands
    found_hash text,
    primary key (tenant_id, registry_id, chain_id, transaction_hash),
    foreign key (tenant_id, registry_id) references registries
  );
  create index sale_transactions_waiting on sale_transactions (tenant_id, registry_id, chain_id, block_number)
    where examined < news;
  ${tenantWall('sale_transactions', 'select, insert, update')}

  create table sales (
    tenant_id uuid not null,
    -- names transaction, log and currency: the same after a reorg
    id uuid not null,
    project_id uuid not null,
    registry_id uuid not null,
    work_id uuid not null,
    chain_id text not null,
    transaction_hash text not null,
    -- of the work's transfer, among the logs of the transaction
    log_place int not null,
    block_number bigint not null,
    block_hash text not null,
    sold_at timestamptz not null,
    venue text not null check (venue in ('SEAPORT', 'DIRECT')),
    order_hash text,
    seller text not null,
    buyer text not null,
    -- CAIP-19
    asset text not null,
    -- base units
    price numeric(78, 0) not null check (price >= 0),
    bundled boolean not null,
    marks text[] not null check (marks <@ array['WASH_TRADE', 'ZERO_PRICE', 'PRIVATE', 'BARTER']),
    state text not null check (state in ('PROVISIONAL', 'FINAL', 'REVERTED')),
    -- 0: what the project began with, before it had stated a policy
    policy_revision int not null,
    ground text not null check (ground in ('PROVEN', 'ALLOCATED', 'UNATTRIBUTED')),
    verdict text not null check (verdict in ('EXACT', 'UNDER', 'OVER', 'WRONG_CURRENCY', 'WRONG_RECEIVER', 'UNMATCHED', 'UNPAID')),
    expected numeric(78, 0) not null,
    paid numeric(78, 0) not null,
    -- when its window closes; null if it owes nothing more
    due_at timestamptz,
    closed_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, project_id) references projects,
    foreign key (tenant_id, registry_id, chain_id, transaction_hash) references sale_transactions,
    foreign key (tenant_id, work_id) references works
  );
  create index sales_page on sales (tenant_id, created_at desc, id desc);
  create index sales_of_project on sales (tenant_id, project_id, sold_at desc, id desc);
  create index sales_of_work on sales (tenant_id, work_id, sold_at desc, id desc);
  create index sales_of_transaction on sales (tenant_id, registry_id, chain_id, transaction_hash);
  create index sales_due on sales (tenant_id, registry_id, due_at) where due_at is not null and closed_at is null;
  ${tenantWall('sales', 'select, insert, update')}

  create table sale_payments (
    tenant_id uuid not null,
    id uuid not null,
    project_id uuid not null,
    registry_id uuid not null,
    chain_id text not null,
    transaction_hash text not null,
    log_place int not null,
    block_number bigint not null,
    block_hash text not null,
    paid_at timestamptz not null,
    -- null where the log does not say
    payer text,
    receiver text not null,
    asset text not null,
    amount numeric(78, 0) not null check (amount > 0),
    state text not null check (state in ('PROVISIONAL', 'FINAL', 'REVERTED')),
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, project_id) references projects,
    foreign key (tenant_id, registry_id, chain_id, transaction_hash) references sale_transactions
  );
  create index sale_payments_of_transaction on sale_payments (tenant_id, registry_id, chain_id, transaction_hash);
  ${tenantWall('sale_payments', 'select, insert, update')}
`;
