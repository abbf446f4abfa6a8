import type { MigrationInterface, QueryRunner } from 'typeorm';
import { followComponents } from './sql';

/** Has the lanes' contracts of registries followed that were made when only collection and Gateway were. */
export class WatchLanes1700000000011 implements MigrationInterface {
  readonly name = 'WatchLanes1700000000011';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(followComponents('lanes'));
  }

  /** Nothing to undo. */
  async down(): Promise<void> {
    return;
  }
}
