import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Home counts again the hops of departures from a retired chain that never reached it: they are told apart by chain. */
export class HopsOfRetiredChains1700000000014 implements MigrationInterface {
  readonly name = 'HopsOfRetiredChains1700000000014';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index one_dispatch_per_hop;
      create unique index one_dispatch_per_hop on dispatches (tenant_id, work_id, hop, source_chain_id)
        where kind = 'WORK';`);
  }

  /** Fails once a hop was counted again. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop index one_dispatch_per_hop;
      create unique index one_dispatch_per_hop on dispatches (tenant_id, work_id, hop) where kind = 'WORK';`);
  }
}
