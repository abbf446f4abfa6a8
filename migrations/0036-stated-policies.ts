import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN', 'CHECK_ESCROW', 'SET_LIMIT', 'SET_ROLE', 'OFFER_LICENCE', 'WITHDRAW_OFFER',
               'GRANT_LICENCE', 'REVOKE_LICENCE'`;

/** Royalty policies reach the chains: what is stated there, and told on. */
export class StatedPolicies1700000000036 implements MigrationInterface {
  readonly name = 'StatedPolicies1700000000036';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        -- {revision, from, terms, shares} of a royalty policy
        add column policy jsonb,
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check
          check (kind in (${KINDS}, 'STATE_POLICY', 'TELL_POLICY', 'STATE_SPLIT'));`);
  }

  /** Fails while there are actions on policies. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column policy;`);
  }
}
