import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

/** Artists move their primary wallets by signed requests, which take effect after a delay. */
export class RoyaltyWalletChanges1700000000039 implements MigrationInterface {
  readonly name = 'RoyaltyWalletChanges1700000000039';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table royalty_wallet_changes (
        tenant_id uuid not null references tenants,
        project_id uuid not null,
        number int not null check (number > 0),
        state text not null default 'PENDING' check (state in ('PENDING', 'APPLIED', 'CANCELLED')),
        old_wallet text not null,
        new_wallet text not null check (new_wallet <> old_wallet),
        -- the revision of the policy that was asked under
        seen_revision int not null,
        requested_at timestamptz not null,
        effective_at timestamptz not null check (effective_at > requested_at),
        ended_at timestamptz,
        applied_revision int,
        cancelled_by text check (cancelled_by in ('ARTIST', 'OWNER', 'PLATFORM')),
        primary key (tenant_id, project_id, number),
        foreign key (tenant_id, project_id) references projects,
        foreign key (tenant_id, project_id, applied_revision) references royalty_policies,
        constraint wallet_change_ended check ((state = 'PENDING') = (ended_at is null)),
        constraint wallet_change_applied check ((state = 'APPLIED') = (applied_revision is not null)),
        constraint wallet_change_cancelled check ((state = 'CANCELLED') = (cancelled_by is not null)),
        -- the same for every release that is running, whichever delay it was configured with
        constraint wallet_change_on_time check (state <> 'APPLIED' or ended_at >= effective_at)
      );
      create unique index one_wallet_change_at_a_time on royalty_wallet_changes (tenant_id, project_id)
        where state = 'PENDING';
      ${tenantWall('royalty_wallet_changes', 'select, insert, update')}
      ${erasable('royalty_wallet_changes')}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table royalty_wallet_changes;');
  }
}
