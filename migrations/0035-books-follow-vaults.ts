import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

/** Books that credit payees when their vaults do; what is in suspense, and what people told of it; scheduled settlements. */
export class BooksFollowVaults1700000000035 implements MigrationInterface {
  readonly name = 'BooksFollowVaults1700000000035';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(BOOKS);
    await queryRunner.query(CATCH_UP);
    await queryRunner.query(erasable('payment_attributions'));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table payment_attributions;
      alter table settlement_rules drop min_amount, drop every_hours, drop next_at;
      alter table sale_payments drop suspended;
      alter table projections drop booked_block, drop restated_to;`);
  }
}

// What no released code posts yet: a wider check changes nothing for it.
const BOOKS = `
  alter table ledger_accounts drop constraint ledger_accounts_kind_check;
  alter table ledger_accounts add constraint ledger_accounts_kind_check
    check (kind in ('RECEIVER', 'VAULT', 'UNSPLIT', 'SALE_CLEARING', 'ROYALTY_DUE', 'ARTIST_PAYABLE', 'PLATFORM_FEE',
                    'BRIDGE_COST', 'SUSPENSE', 'BAD_DEBT', 'IN_TRANSIT', 'TENANT_ACCOUNT', 'VAULT_LOSS'));
  alter table ledger_entries drop constraint ledger_entries_kind_check;
  alter table ledger_entries add constraint ledger_entries_kind_check
    check (kind in ('SALE', 'PAYMENT', 'UNPAID', 'DEPOSIT', 'LICENCE', 'ATTRIBUTION', 'RECEIPT', 'CREDIT', 'PAYOUT',
                    'REMITTANCE', 'ARRIVAL', 'LOSS', 'COST', 'RESTATEMENT'));

  alter table settlement_rules
    -- less is not settled; null: whatever is owed
    add min_amount numeric(78) check (min_amount > 0),
    -- it is settled by itself so often; null: only when it is asked for
    add every_hours int check (every_hours between 1 and 8760),
    -- when it is next
    add next_at timestamptz,
    add constraint settlement_rules_scheduled check ((every_hours is null) = (next_at is null));

  alter table projections
    -- up to which block every credit of the vault is in the books, and up to which place of the books what an earlier
    -- release posted otherwise has been restated
    add booked_block bigint not null default -1,
    add restated_to bigint not null default 0;

  -- what of it is in suspense, in base units; null where an earlier release recorded it and nobody has looked since
  alter table sale_payments add suspended numeric(78, 0) check (suspended >= 0);
  create index sale_payments_suspended on sale_payments (tenant_id, created_at desc, id desc)
    where suspended > 0 and state <> 'REVERTED';

  -- that a person told which sale a payment in suspense was for; one that was withdrawn, or fell, stays
  create table payment_attributions (
    tenant_id uuid not null,
    payment_id uuid not null,
    sale_id uuid not null,
    -- of the payment, in its base units
    amount numeric(78, 0) not null check (amount > 0),
    -- of what the sale did not pay in time, in base units of its asset
    settled numeric(78, 0) not null check (settled >= 0),
    reason text not null,
    -- how often it was taken back
    inclusion int not null default 0,
    standing boolean not null default true,
    attributed_at timestamptz not null default now(),
    primary key (tenant_id, payment_id, sale_id),
    foreign key (tenant_id, payment_id) references sale_payments,
    foreign key (tenant_id, sale_id) references sales
  );
  create index payment_attributions_of_sale on payment_attributions (tenant_id, sale_id);
  ${tenantWall('payment_attributions', 'select, insert, update')}
`;

// Later than a rollout takes: workers of the earlier release take this job, too, and do not know what it is for.
const CATCH_UP = `
  -- the wall holds for the owner, too
  alter table registries no force row level security;
  alter table outbox no force row level security;
  insert into outbox (tenant_id, job, payload, dedupe_key, next_try_at)
  select tenant_id, 'observe-sales', jsonb_build_object('tenantId', tenant_id, 'registryId', id), id::text, now() + interval '1 hour'
    from registries where state = 'ACTIVE'
  on conflict (tenant_id, job, dedupe_key) where dedupe_key is not null and state in ('PENDING', 'QUEUED', 'RUNNING') do nothing;
  alter table outbox force row level security;
  alter table registries force row level security;
`;
