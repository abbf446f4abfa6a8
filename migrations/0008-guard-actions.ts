import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantWall } from './sql';

/** What guardians and owners do to lanes, works and statements, with their reasons. */
export class GuardActions1700000000008 implements MigrationInterface {
  readonly name = 'GuardActions1700000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table guard_actions (
        tenant_id uuid not null,
        id uuid not null default gen_random_uuid(),
        registry_id uuid not null,
        work_id uuid,
        dispatch_id uuid,
        kind text not null check (kind in ('PAUSE_LANE', 'RESUME_LANE', 'FREEZE_WORK', 'UNFREEZE_WORK',
                                           'HOLD_STATEMENT', 'RELEASE_STATEMENT', 'VOID_MESSAGE')),
        state text not null default 'REQUESTED' check (state in ('REQUESTED', 'DONE', 'FAILED')),
        reason text not null,
        chain_id text not null,
        peer_chain_id text,
        transport text check (transport in ('CCIP', 'LAYERZERO')),
        hold_seconds int check (hold_seconds > 0),
        -- what the action is done to, in words that are equal for equal things
        subject text not null,
        waiting_for text,
        failure text,
        created_at timestamptz not null default now(),
        primary key (tenant_id, id),
        foreign key (tenant_id, registry_id) references registries,
        foreign key (tenant_id, work_id) references works,
        foreign key (tenant_id, dispatch_id) references dispatches
      );
      create index guard_actions_page on guard_actions (tenant_id, created_at desc, id desc);
      -- asking twice for what is under way is asking once
      create unique index one_open_guard_action on guard_actions (tenant_id, registry_id, kind, subject)
        where state = 'REQUESTED';
      ${tenantWall('guard_actions', 'select, insert, update')}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table guard_actions;');
  }
}
