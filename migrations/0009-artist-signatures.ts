import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The artist's signature on a work, for registries that ask for it. */
export class ArtistSignatures1700000000009 implements MigrationInterface {
  readonly name = 'ArtistSignatures1700000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- null where the registry asks for none
      alter table works add column artist_signature text;`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table works drop column artist_signature;');
  }
}
