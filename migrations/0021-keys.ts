import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE } from './sql';

/** The master key can be changed; tenants bring keys of their own. */
export class Keys1700000000021 implements MigrationInterface {
  readonly name = 'Keys1700000000021';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- to rewrap data keys; what is sealed in a row is bound to the row
      grant update (key_id, sealed) on tenant_secrets to ${APP_ROLE};
      grant update (result_key_id, result) on idempotency_steps to ${APP_ROLE};`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      revoke update (result_key_id, result) on idempotency_steps from ${APP_ROLE};
      revoke update (key_id, sealed) on tenant_secrets from ${APP_ROLE};`);
  }
}
