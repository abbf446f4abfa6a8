import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE', 'RETIRE_CHAIN', 'CHECK_ESCROW'`;

/** Owners change how many works may travel. */
export class TravelLimits1700000000017 implements MigrationInterface {
  readonly name = 'TravelLimits1700000000017';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        -- {capacity, perDay, inbound}
        add column travel_limit jsonb,
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}, 'SET_LIMIT'));`);
  }

  /** Fails while there are such actions. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column travel_limit;`);
  }
}
