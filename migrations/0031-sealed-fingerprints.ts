import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was asked under an `Idempotency-Key` may hold a password, which a bare hash would give away to whoever guesses. */
export class SealedFingerprints1700000000031 implements MigrationInterface {
  readonly name = 'SealedFingerprints1700000000031';

  async up(queryRunner: QueryRunner): Promise<void> {
    // Null for the hashes of an older release, which goes on writing them while it is replaced.
    await queryRunner.query(`
      alter table idempotency_keys
        add fingerprint_key_id text,
        drop constraint idempotency_keys_fingerprint_check,
        add check (fingerprint_key_id is not null or length(fingerprint) = 32)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      delete from idempotency_keys;
      alter table idempotency_keys
        drop fingerprint_key_id,
        add check (length(fingerprint) = 32)`);
  }
}
