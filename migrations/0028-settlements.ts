import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

/** Settlements with their approvals and rules, and what vaults did as entries of the books. */
export class Settlements1700000000028 implements MigrationInterface {
  readonly name = 'Settlements1700000000028';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SETTLEMENTS);
    await queryRunner.query(BOOKS);
    await queryRunner.query(EVENTS);
    for (const table of ['settlements', 'settlement_approvals', 'settlement_rules', 'vault_postings'])
      await queryRunner.query(erasable(table));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'drop table vault_postings, settlement_approvals, settlements, settlement_rules;',
    );
  }
}

const SETTLEMENTS = `
  create table settlements (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    registry_id uuid not null,
    state text not null default 'REQUESTED' check (state in
      ('REQUESTED', 'AWAITING_APPROVAL', 'APPROVED', 'SUBMITTED', 'SENT', 'CREDITED', 'FAILED')),
    provisional boolean not null default false,
    source_chain_id text not null,
    destination_chain_id text not null,
    -- CAIP-19 on the source
    asset text not null,
    lane_choice text not null check (lane_choice in ('CHEAPEST', 'FASTEST', 'CCIP', 'LAYERZERO')),
    route text check (route in ('LOCAL', 'CCIP', 'LAYERZERO')),
    -- what is settled, equal for equal things: the payee where it is paid out, else the payees' chain
    subject text not null,
    -- payee, claimant, amount and what was received of it, as domain/settlement writes and reads it
    credits jsonb not null,
    amount numeric(78) not null check (amount >= 0),
    fee_wei numeric(78),
    approval_reason text check (approval_reason in ('OVER_LIMIT', 'COST_OVER_CAP', 'COST_UNKNOWN')),
    -- raised when a transaction has come to nothing, so that the next is a new intent under the same name on chain
    attempt int not null default 1,
    digest text,
    message_id text,
    source_transaction_hash text,
    destination_transaction_hash text,
    failure jsonb,
    waiting_for text,
    created_at timestamptz not null default now(),
    state_since timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, registry_id) references registries
  );
  create index settlements_page on settlements (tenant_id, created_at desc, id desc);
  -- asking twice for what is under way is asking once
  create unique index one_open_settlement on settlements (tenant_id, registry_id, source_chain_id, asset, subject)
    where state not in ('CREDITED', 'FAILED');
  ${tenantWall('settlements', 'select, insert, update')}

  -- two rows approve a settlement: the key holds them to two people
  create table settlement_approvals (
    tenant_id uuid not null,
    settlement_id uuid not null,
    member_id uuid not null,
    approved_at timestamptz not null default now(),
    constraint settlement_approvals_pkey primary key (tenant_id, settlement_id, member_id),
    foreign key (tenant_id, settlement_id) references settlements,
    foreign key (tenant_id, member_id) references members
  );
  ${tenantWall('settlement_approvals', 'select, insert')}

  create table settlement_rules (
    tenant_id uuid not null references tenants,
    -- CAIP-19, on the chain where it is settled from
    asset text not null,
    approval_above numeric(78),
    max_cost_bps int not null check (max_cost_bps between 0 and 10000),
    wait_above_cap boolean not null,
    -- so much of the asset is worth so many wei: the platform has no prices of its own
    valued_amount numeric(78) not null check (valued_amount > 0),
    valued_wei numeric(78) not null check (valued_wei > 0),
    primary key (tenant_id, asset)
  );
  ${tenantWall('settlement_rules', 'select, insert, update')}
`;

// What no released code posts yet: a wider check changes nothing for it.
const BOOKS = `
  alter table ledger_accounts drop constraint ledger_accounts_kind_check;
  alter table ledger_accounts add constraint ledger_accounts_kind_check
    check (kind in ('VAULT', 'SALE_CLEARING', 'ROYALTY_DUE', 'ARTIST_PAYABLE', 'PLATFORM_FEE', 'BRIDGE_COST', 'SUSPENSE',
                    'BAD_DEBT', 'IN_TRANSIT', 'TENANT_ACCOUNT', 'VAULT_LOSS'));
  alter table ledger_entries drop constraint ledger_entries_kind_check;
  alter table ledger_entries add constraint ledger_entries_kind_check
    check (kind in ('SALE', 'PAYMENT', 'UNPAID', 'DEPOSIT', 'PAYOUT', 'REMITTANCE', 'ARRIVAL', 'LOSS', 'COST'));

  -- the vaults' movements that are in the books, by how often a breach of finality has taken each back
  create table vault_postings (
    tenant_id uuid not null,
    registry_id uuid not null,
    movement_id uuid not null,
    inclusion int not null,
    standing boolean not null,
    primary key (tenant_id, movement_id),
    foreign key (tenant_id, registry_id) references registries
  );
  ${tenantWall('vault_postings', 'select, insert, update')}
`;

const EVENTS = `
  create index registry_events_of_vaults on registry_events (tenant_id, registry_id, name, chain_id)
    where name in ('MoneyReceived', 'PayeeCredited', 'LossRecorded', 'SplitStated', 'PayeePaid', 'PaymentRefused',
                   'SettlementRemitted', 'SettlementCredited');
`;
