import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What rows are looked for by, as text. Behind row security an index serves only conditions whose functions are marked
 * leakproof: those of `text`, `uuid`, integers and times are, those of `numeric`, `jsonb` and arrays are not
 * (https://www.postgresql.org/docs/18/ddl-rowsecurity.html, `pg_proc.proleakproof`), so that looking for the events of one
 * token read all of its registry.
 *
 * Both tables are rewritten, which locks them for about ten seconds per million rows.
 */
export class SearchedText1700000000042 implements MigrationInterface {
  readonly name = 'SearchedText1700000000042';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index works_by_token, registry_events_of_work, registry_events_of_grants, registry_events_of_offers;
      alter table works add column token text generated always as (token_id::text) stored;
      alter table registry_events
        add column token text generated always as (token_id::text) stored,
        add column grant_id text generated always as (args->>'grantId') stored,
        add column offer_id text generated always as (args->>'offerId') stored;
      create unique index works_by_token on works (tenant_id, registry_id, token);
      create index registry_events_of_work on registry_events (tenant_id, registry_id, token) where token is not null;
      create index registry_events_of_grants on registry_events (tenant_id, registry_id, grant_id)
        where grant_id is not null;
      create index registry_events_of_offers on registry_events (tenant_id, registry_id, offer_id)
        where offer_id is not null;
      -- room for another version of a row on its page, which then needs no new entries in indexes
      alter table legs set (fillfactor = 80);`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table legs reset (fillfactor);
      alter table works drop column token;
      alter table registry_events drop column token, drop column grant_id, drop column offer_id;
      create unique index works_by_token on works (tenant_id, registry_id, token_id);
      create index registry_events_of_work on registry_events (tenant_id, registry_id, token_id)
        where token_id is not null;
      create index registry_events_of_grants on registry_events (tenant_id, registry_id, (args->>'grantId'))
        where args ? 'grantId';
      create index registry_events_of_offers on registry_events (tenant_id, registry_id, chain_id, (args->>'offerId'))
        where args ? 'offerId';`);
  }
}
