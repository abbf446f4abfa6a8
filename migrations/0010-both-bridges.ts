import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Statements that need both bridges, and registries that let no others pass. */
export class BothBridges1700000000010 implements MigrationInterface {
  readonly name = 'BothBridges1700000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table registries add column release_policy text not null default 'ONE'
        check (release_policy in ('ONE', 'BOTH'));
      alter table dispatches
        drop constraint dispatches_lane_choice_check,
        add constraint dispatches_lane_choice_check
          check (lane_choice in ('CHEAPEST', 'FASTEST', 'CCIP', 'LAYERZERO', 'BOTH')),
        drop constraint dispatches_transport_check,
        add constraint dispatches_transport_check check (transport in ('CCIP', 'LAYERZERO', 'BOTH')),
        -- the bridges' own names of its messages, one by each bridge
        add column messages jsonb not null default '[]';
      -- the wall holds for the owner, too: without this the update would find no row of any tenant
      alter table dispatches no force row level security;
      update dispatches
         set messages = jsonb_build_array(jsonb_build_object('transport', transport, 'messageId', message_id))
       where message_id is not null;
      alter table dispatches force row level security;`);
  }

  /** Fails while there are dispatches over both bridges: without the constraint's third value they cannot be told. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table dispatches
        drop column messages,
        drop constraint dispatches_transport_check,
        add constraint dispatches_transport_check check (transport in ('CCIP', 'LAYERZERO')),
        drop constraint dispatches_lane_choice_check,
        add constraint dispatches_lane_choice_check
          check (lane_choice in ('CHEAPEST', 'FASTEST', 'CCIP', 'LAYERZERO'));
      alter table registries drop column release_policy;`);
  }
}
