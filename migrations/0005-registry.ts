import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantWall } from './sql';

/** Registries, works and their legs, dispatches, and the hash-linked history of each work. */
export class Registry1700000000005 implements MigrationInterface {
  readonly name = 'Registry1700000000005';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REGISTRIES);
    await queryRunner.query(WORKS);
    await queryRunner.query(DISPATCHES);
    await queryRunner.query(HISTORY);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table findings, provenance_events, projections, registry_events, dispatches, work_revisions,
                 legs, works, mints, registry_steps, registries;`);
  }
}

const REGISTRIES = `
  create table registries (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    project_id uuid not null,
    name text not null,
    symbol text not null,
    state text not null default 'DEPLOYING' check (state in ('DEPLOYING', 'ACTIVE', 'FAILED')),
    home_chain_id text not null,
    chain_ids text[] not null,
    owner text not null,
    -- the exact manifest that the factory deploys, and the addresses that follow from it
    manifest jsonb not null,
    contracts jsonb not null,
    waiting_for text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, project_id) references projects,
    -- a registry is the on-chain home of one project
    constraint one_registry_per_project unique (tenant_id, project_id)
  );
  create index registries_page on registries (tenant_id, created_at desc, id desc);
  ${tenantWall('registries', 'select, insert, update')}

  create table registry_steps (
    tenant_id uuid not null,
    registry_id uuid not null,
    step_key text not null,
    position int not null,
    chain_id text not null,
    -- what to do, as domain/registry/deployment-plan.ts writes and reads it
    action jsonb not null,
    done_at timestamptz,
    primary key (tenant_id, registry_id, step_key),
    foreign key (tenant_id, registry_id) references registries
  );
  ${tenantWall('registry_steps', 'select, insert, update')}
`;

const WORKS = `
  create table mints (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    registry_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, registry_id) references registries
  );
  ${tenantWall('mints', 'select, insert')}

  create table works (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    project_id uuid not null,
    registry_id uuid not null,
    mint_id uuid not null,
    state text not null default 'MINTING' check (state in ('MINTING', 'LIVE', 'IN_FLIGHT', 'BURNED', 'MINT_FAILED')),
    provisional boolean not null default true,
    frozen boolean not null default false,
    -- set by the platform when the record was breached; only a person clears it
    breach_reason text,
    first_holder text not null,
    document jsonb not null,
    document_hash text not null,
    metadata jsonb not null,
    edition int,
    seed text,
    commitment text,
    token_id numeric(78),
    chain_id text,
    holder text,
    hop int not null default 0,
    revision int not null default 0,
    failure text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, project_id) references projects,
    foreign key (tenant_id, registry_id) references registries,
    foreign key (tenant_id, mint_id) references mints,
    unique (tenant_id, registry_id, document_hash)
  );
  create index works_page on works (tenant_id, created_at desc, id desc);
  create index works_of_mint on works (tenant_id, mint_id);
  create unique index works_by_token on works (tenant_id, registry_id, token_id);
  create index works_by_holder on works (tenant_id, holder, created_at desc, id desc);
  ${tenantWall('works', 'select, insert, update')}

  create table legs (
    tenant_id uuid not null,
    work_id uuid not null,
    chain_id text not null,
    asset_id text not null,
    state text not null check (state in ('LIVE', 'ESCROWED', 'IN_FLIGHT', 'BURNED')),
    holder text,
    hop int not null,
    revision int not null,
    provisional boolean not null,
    primary key (tenant_id, work_id, chain_id),
    foreign key (tenant_id, work_id) references works
  );
  ${tenantWall('legs')}

  create table work_revisions (
    tenant_id uuid not null,
    work_id uuid not null,
    revision int not null check (revision >= 0),
    metadata jsonb not null,
    state_hash text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, work_id, revision),
    foreign key (tenant_id, work_id) references works
  );
  ${tenantWall('work_revisions', 'select, insert')}
`;

const DISPATCHES = `
  create table dispatches (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    registry_id uuid not null,
    work_id uuid not null,
    kind text not null check (kind in ('WORK', 'STATE')),
    state text not null default 'REQUESTED' check (state in
      ('REQUESTED', 'SUBMITTED', 'SENT', 'SOURCE_FINAL', 'DELIVERED', 'CONFIRMED', 'HELD', 'FAILED', 'VOIDED')),
    origin text not null check (origin in ('PLATFORM', 'PERMIT', 'HOLDER')),
    source_chain_id text not null,
    destination_chain_id text not null,
    lane_choice text not null check (lane_choice in ('CHEAPEST', 'FASTEST', 'CCIP', 'LAYERZERO')),
    transport text check (transport in ('CCIP', 'LAYERZERO')),
    to_account text,
    hop int,
    revision int,
    permit jsonb,
    -- raised by each retry after a refusal, so that the next transaction is a new intent
    attempt int not null default 1,
    fee_wei numeric(78),
    digest text,
    message_id text,
    source_transaction_hash text,
    destination_transaction_hash text,
    failure jsonb,
    waiting_for text,
    alert text,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    delivered_at timestamptz,
    state_since timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, registry_id) references registries,
    foreign key (tenant_id, work_id) references works,
    check ((kind = 'WORK') = (hop is not null)),
    check ((kind = 'STATE') = (revision is not null))
  );
  create index dispatches_page on dispatches (tenant_id, created_at desc, id desc);
  create index dispatches_of_work on dispatches (tenant_id, work_id, created_at desc, id desc);
  create index dispatches_by_digest on dispatches (tenant_id, registry_id, digest);
  -- one intent per move and per stated revision: the compare-and-set of the chain, held off chain as well
  create unique index one_dispatch_per_hop on dispatches (tenant_id, work_id, hop) where kind = 'WORK';
  create unique index one_dispatch_per_revision on dispatches (tenant_id, work_id, revision, destination_chain_id)
    where kind = 'STATE';
  ${tenantWall('dispatches', 'select, insert, update')}
`;

const HISTORY = `
  -- the registry's contract events, decoded; rewritten above the last final block, fixed below it
  create table registry_events (
    tenant_id uuid not null,
    registry_id uuid not null,
    chain_id text not null,
    block_number bigint not null,
    log_index int not null,
    block_hash text not null,
    transaction_hash text not null,
    name text not null,
    token_id numeric(78),
    digest text,
    args jsonb not null,
    final boolean not null,
    primary key (tenant_id, registry_id, chain_id, block_number, log_index),
    foreign key (tenant_id, registry_id) references registries
  );
  create index registry_events_of_work on registry_events (tenant_id, registry_id, token_id) where token_id is not null;
  create index registry_events_by_digest on registry_events (tenant_id, registry_id, digest) where digest is not null;
  create index registry_events_by_transaction on registry_events (tenant_id, registry_id, transaction_hash);
  ${tenantWall('registry_events')}

  -- how far each chain of a registry has been projected
  create table projections (
    tenant_id uuid not null,
    registry_id uuid not null,
    chain_id text not null,
    final_block bigint not null,
    breach_id bigint not null default 0,
    primary key (tenant_id, registry_id, chain_id),
    foreign key (tenant_id, registry_id) references registries
  );
  ${tenantWall('projections', 'select, insert, update')}

  create table provenance_events (
    tenant_id uuid not null,
    work_id uuid not null,
    sequence int not null check (sequence > 0),
    kind text not null,
    facts jsonb not null,
    evidence jsonb,
    previous_hash text not null,
    hash text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, work_id, sequence),
    foreign key (tenant_id, work_id) references works
  );
  -- append-only: nobody but the owner of the table could change an entry
  ${tenantWall('provenance_events', 'select, insert')}

  create table findings (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    work_id uuid not null,
    rule text not null,
    evidence jsonb not null,
    created_at timestamptz not null default now(),
    cleared_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, work_id) references works
  );
  create index findings_of_work on findings (tenant_id, work_id);
  ${tenantWall('findings', 'select, insert, update')}
`;
