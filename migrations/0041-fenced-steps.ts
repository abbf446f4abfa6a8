import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SYSTEM_ROLE, systemAccess } from './sql';

const COLUMNS = '(tenant_id, key, claims, answer_key_id)';

/** The operator's steps, too, commit only while their try of a request is the present one: its row is read and locked. */
export class FencedSteps1700000000041 implements MigrationInterface {
  readonly name = 'FencedSteps1700000000041';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(systemAccess('idempotency_keys', `select ${COLUMNS}, update (lease_until)`));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop policy system_access on idempotency_keys;
      revoke select ${COLUMNS}, update (lease_until) on idempotency_keys from ${SYSTEM_ROLE};
    `);
  }
}
