import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN'`;

/** Registries over the tokens of other contracts: anyone may adopt one, and the platform watches their escrow. */
export class Adoptions1700000000015 implements MigrationInterface {
  readonly name = 'Adoptions1700000000015';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- null: somebody else adopted it
      alter table works alter column mint_id drop not null;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}, 'CHECK_ESCROW'));`);
  }

  /** Fails while there are works that somebody else adopted, or checks of escrow. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table works alter column mint_id set not null;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}));`);
  }
}
