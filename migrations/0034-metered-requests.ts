import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, SYSTEM_ROLE, systemAccess, tenantWall } from './sql';

/** How much tenants ask of the API. */
export class MeteredRequests1700000000034 implements MigrationInterface {
  readonly name = 'MeteredRequests1700000000034';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table metered_requests (
        tenant_id uuid not null references tenants,
        day date not null,
        -- those that were refused included
        requests bigint not null check (requests >= 0),
        refused bigint not null check (refused between 0 and requests),
        primary key (tenant_id, day)
      );
      ${tenantWall('metered_requests', 'select')}
      ${systemAccess('metered_requests', 'select, insert, update')}
      ${erasable('metered_requests')}

      -- what each API process has added last: what it sends again is not counted again
      create table request_meters (
        meter_id uuid primary key,
        sequence bigint not null,
        added_at timestamptz not null
      );
      grant select, insert, update, delete on request_meters to ${SYSTEM_ROLE};`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table request_meters; drop table metered_requests;');
  }
}
