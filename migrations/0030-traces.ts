import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What takes up work that a traced request has asked for, and the setting that a traced transaction brings. */
const TABLES = ['outbox', 'chain_transactions', 'dispatches'];

/** Rows know the trace that asked for them, so that whoever goes on with them belongs to it. */
export class Traces1700000000030 implements MigrationInterface {
  readonly name = 'Traces1700000000030';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES) {
      await queryRunner.query(
        `alter table ${table} add trace_parent text default nullif(current_setting('app.trace_parent', true), '')`,
      );
    }
    // An event belongs to the trace of what it tells of, whoever writes it.
    await queryRunner.query('alter table webhook_events add trace_parent text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...TABLES, 'webhook_events'])
      await queryRunner.query(`alter table ${table} drop trace_parent`);
  }
}
