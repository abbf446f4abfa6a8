import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantWall } from './sql';

const KINDS = `'PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK', 'HOLD_STATEMENT', 'RELEASE_STATEMENT',
               'VOID_MESSAGE'`;

/** Chains that a registry gives up for ever, and whose their works were. */
export class Retirements1700000000012 implements MigrationInterface {
  readonly name = 'Retirements1700000000012';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table guard_actions
        -- of the tree of last owners; fixed when the retirement is announced
        add column owners_root text,
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS}, 'RETIRE_CHAIN'));
      create table last_owners (
        tenant_id uuid not null,
        action_id uuid not null,
        token_id numeric(78) not null,
        holder text not null,
        primary key (tenant_id, action_id, token_id),
        foreign key (tenant_id, action_id) references guard_actions
      );
      ${tenantWall('last_owners', 'select, insert')}`);
  }

  /** Fails while there are retirements: without the constraint's last value they cannot be told. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table last_owners;
      alter table guard_actions
        drop constraint guard_actions_kind_check,
        add constraint guard_actions_kind_check check (kind in (${KINDS})),
        drop column owners_root;`);
  }
}
