import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest deliveries of a lane, which its median is taken over, without reading all that it ever had. */
export class LaneMedians1700000000043 implements MigrationInterface {
  readonly name = 'LaneMedians1700000000043';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index dispatches_of_lane on dispatches
        (tenant_id, source_chain_id, destination_chain_id, transport, delivered_at desc)
        where delivered_at is not null and sent_at is not null`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index dispatches_of_lane');
  }
}
