import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, followComponents, tenantWall } from './sql';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN', 'CHECK_ESCROW', 'SET_LIMIT', 'SET_ROLE'`;
const TABLES = ['licence_templates', 'licence_offers', 'licences'];

/** Licences: what may be offered, what is, and who has one, as the licence books of the chains say. */
export class Licences1700000000029 implements MigrationInterface {
  readonly name = 'Licences1700000000029';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        add column licence jsonb,
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check
          check (kind in (${KINDS}, 'OFFER_LICENCE', 'WITHDRAW_OFFER', 'GRANT_LICENCE', 'REVOKE_LICENCE'));

      -- the tenant's own; those that everybody knows are in the code
      create table licence_templates (
        tenant_id uuid not null references tenants,
        hash text not null,
        name text not null,
        uri text not null,
        -- what the hash is of
        document text not null,
        terms jsonb not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, hash)
      );
      ${tenantWall('licence_templates', 'select, insert')}

      create table licence_offers (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        registry_id uuid not null,
        chain_id text not null,
        offer_id numeric(78) not null,
        template_hash text not null,
        -- ERC-20 by CAIP-19; null for native money
        currency text,
        price numeric(78) not null,
        term_seconds bigint,
        closes_at timestamptz,
        transferable boolean not null,
        revocable boolean not null,
        token_ids text[] not null,
        withdrawn boolean not null,
        provisional boolean not null,
        created_at timestamptz not null default now(),
        primary key (tenant_id, registry_id, chain_id, offer_id),
        foreign key (tenant_id, registry_id) references registries
      );
      create index licence_offers_page on licence_offers (tenant_id, created_at desc, id desc);
      ${tenantWall('licence_offers')}

      create table licences (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        registry_id uuid not null,
        grant_id text not null,
        -- the issuer's
        chain_id text not null,
        offer_id numeric(78) not null,
        template_hash text not null,
        holder text not null,
        token_ids text[] not null,
        revision int not null,
        granted_at timestamptz not null,
        expires_at timestamptz,
        transferable boolean not null,
        revocable boolean not null,
        revoked boolean not null,
        reason_hash text,
        provisional boolean not null,
        -- [{chainId, revision, provisional}] of the other chains
        copies jsonb not null,
        -- what the other chains wait for
        waiting_for text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, registry_id, grant_id),
        foreign key (tenant_id, registry_id) references registries
      );
      create index licences_page on licences (tenant_id, created_at desc, id desc);
      create index licences_by_holder on licences (tenant_id, holder);
      ${tenantWall('licences')}

      create index registry_events_of_grants on registry_events (tenant_id, registry_id, (args->>'grantId'))
        where args ? 'grantId';
      create index registry_events_of_offers on registry_events (tenant_id, registry_id, chain_id, (args->>'offerId'))
        where args ? 'offerId';`);
    await queryRunner.query(followComponents('licenceBook'));
    for (const table of TABLES) await queryRunner.query(erasable(table));
  }

  /** Fails while there are actions on licences. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index registry_events_of_grants, registry_events_of_offers;
      drop table licences, licence_offers, licence_templates;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column licence;`);
  }
}
