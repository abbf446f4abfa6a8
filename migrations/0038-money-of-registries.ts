import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN', 'CHECK_ESCROW', 'SET_LIMIT', 'SET_ROLE', 'OFFER_LICENCE', 'WITHDRAW_OFFER',
               'GRANT_LICENCE', 'REVOKE_LICENCE', 'STATE_POLICY', 'TELL_POLICY', 'STATE_SPLIT'`;
const WALLED = ['settlement_rules', 'outbox'];

/** What lies in royalty receivers is forwarded to vaults, and OFTs are named by which it leaves them. */
export class MoneyOfRegistries1700000000038 implements MigrationInterface {
  readonly name = 'MoneyOfRegistries1700000000038';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        -- CAIP-19, of actions on money
        add column asset text,
        -- of a forward: what lay in the receiver when it was asked for, in base units
        add column amount numeric(78),
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}, 'FORWARD_ROYALTIES', 'SET_REMITTANCE_OFT'));
      create index guard_actions_forwards on guard_actions (tenant_id, registry_id, asset, created_at desc)
        where kind = 'FORWARD_ROYALTIES';`);
    await queryRunner.query(LOOK_FOR_EARLIER_RULES);
  }

  /** Fails while there are actions on money. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index guard_actions_forwards;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column asset,
        drop column amount;
      delete from outbox where job = 'look-into-receivers';`);
  }
}

/** Tenants that have rules already: workers of earlier releases leave a job alone that they do not know. */
const LOOK_FOR_EARLIER_RULES = `
  ${WALLED.map((table) => `alter table ${table} no force row level security;`).join(' ')}
  insert into outbox (tenant_id, job, payload, dedupe_key)
  select distinct tenant_id, 'look-into-receivers', jsonb_build_object('tenantId', tenant_id), '' from settlement_rules;
  ${WALLED.map((table) => `alter table ${table} force row level security;`).join(' ')}
`;
