import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * More jobs of a tenant in flight unless said otherwise: queues are ordered by what each tenant has in flight,
 * so that a long line of one no longer delays another, and longer lines are taken with fewer statements.
 * Also leaves rows without a key out of the index that finds requests by their key.
 */
export class JobsInFlight1700000000021 implements MigrationInterface {
  readonly name = 'JobsInFlight1700000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table tenants alter column max_jobs_in_flight set default 256;
      drop index outbox_dedupe;
      create unique index outbox_dedupe on outbox (tenant_id, job, dedupe_key)
        where dedupe_key is not null and state in ('PENDING', 'QUEUED', 'RUNNING');
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table tenants alter column max_jobs_in_flight set default 64;
      drop index outbox_dedupe;
      create unique index outbox_dedupe on outbox (tenant_id, job, dedupe_key)
        where state in ('PENDING', 'QUEUED', 'RUNNING');
    `);
  }
}
