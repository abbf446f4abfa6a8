import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

/** RPC endpoints that tenants bring. */
export class RpcEndpoints1700000000024 implements MigrationInterface {
  readonly name = 'RpcEndpoints1700000000024';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table rpc_endpoints (
        tenant_id uuid not null references tenants,
        chain_id text not null,
        -- whether the deployment's endpoints are asked when these fail
        fallback boolean not null,
        -- the URLs, as a JSON array: they hold the keys of their providers
        key_id text not null,
        sealed bytea not null,
        last_error_code text,
        last_error_at timestamptz,
        updated_at timestamptz not null default now(),
        primary key (tenant_id, chain_id),
        check ((last_error_code is null) = (last_error_at is null))
      );
      ${tenantWall('rpc_endpoints')}
      ${erasable('rpc_endpoints')}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table rpc_endpoints');
  }
}
