import type { MigrationInterface, QueryRunner } from 'typeorm';
import { erasable, tenantWall } from './sql';

/** Royalty policies by revision, and each tenant's double-entry books, to which rows are only ever added. */
export class Ledger1700000000023 implements MigrationInterface {
  readonly name = 'Ledger1700000000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(POLICIES);
    await queryRunner.query(BOOKS);
    await queryRunner.query(RULES);
    for (const table of TABLES) await queryRunner.query(erasable(table));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table ledger_finals, ledger_postings, ledger_entries, ledger_accounts, ledger_ends, royalty_policies;
      drop function ledger_entries_hold, ledger_postings_hold;`);
  }
}

const TABLES = [
  'royalty_policies',
  'ledger_ends',
  'ledger_accounts',
  'ledger_entries',
  'ledger_postings',
  'ledger_finals',
];

// What refers to its own table goes with what it refers to: only the erasure of a tenant deletes, some rows at a time.
const POLICIES = `
  create table royalty_policies (
    tenant_id uuid not null,
    project_id uuid not null,
    revision int not null check (revision > 0),
    -- it holds for sales in blocks from then on, until the next revision does
    effective_from timestamptz not null,
    -- of the revision before: revisions have no gap, and none reaches back behind the one before it
    previous_from timestamptz check (previous_from < effective_from),
    previous_revision int generated always as (case when revision > 1 then revision - 1 end) stored,
    -- as domain/royalties/royalty-policy.ts writes and reads it
    policy jsonb not null,
    -- what contracts and artists' consents call it by
    hash text not null,
    created_at timestamptz not null default now(),
    constraint royalty_policies_pkey primary key (tenant_id, project_id, revision),
    unique (tenant_id, project_id, revision, effective_from),
    foreign key (tenant_id, project_id) references projects,
    foreign key (tenant_id, project_id, previous_revision, previous_from)
      references royalty_policies (tenant_id, project_id, revision, effective_from) on delete cascade,
    constraint royalty_policies_linked check ((revision = 1) = (previous_from is null))
  );
  ${tenantWall('royalty_policies', 'select, insert')}
`;

const BOOKS = `
  -- the end of each tenant's books: locked while entries are added, and the only lock that is taken for it
  create table ledger_ends (
    tenant_id uuid primary key references tenants,
    sequence bigint not null,
    posted_at timestamptz not null
  );
  ${tenantWall('ledger_ends', 'select, insert, update')}

  create table ledger_accounts (
    tenant_id uuid not null references tenants,
    id bigint not null generated always as identity,
    kind text not null check (kind in ('VAULT', 'SALE_CLEARING', 'ROYALTY_DUE', 'ARTIST_PAYABLE', 'PLATFORM_FEE',
                                       'BRIDGE_COST', 'SUSPENSE', 'BAD_DEBT')),
    -- a payee by CAIP-10, or a project's id
    owner text not null,
    -- CAIP-19; all postings to the account are in it
    asset text not null,
    chain_id text not null generated always as (split_part(asset, '/', 1)) stored,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    constraint ledger_accounts_key unique (tenant_id, kind, owner, asset)
  );
  ${tenantWall('ledger_accounts', 'select, insert')}

  create table ledger_entries (
    tenant_id uuid not null,
    -- in the order of commits; posted_at never goes back along it
    sequence bigint not null check (sequence > 0),
    posted_at timestamptz not null,
    -- the business key: what the entry is about (a sale, a payment), which part of it (nil: the whole), and as what
    subject uuid not null,
    part uuid not null,
    kind text not null check (kind in ('SALE', 'PAYMENT', 'UNPAID', 'DEPOSIT')),
    -- 0 posts it, 1 reverses that, 2 posts it again after a reorg brought it back, 3 reverses that … 0 and 1 may be
    -- lacking where the first time there was nothing to post
    occurrence int not null check (occurrence >= 0),
    reversed_occurrence int generated always as (case when occurrence % 2 = 1 then occurrence - 1 end) stored,
    project_id uuid not null,
    -- block time of what it tells of
    occurred_at timestamptz not null,
    ground text not null check (ground in ('PROVEN', 'ALLOCATED', 'UNATTRIBUTED')),
    policy_revision int,
    -- SHA-256 of what was posted: the same key with other content is refused
    digest bytea not null,
    primary key (tenant_id, sequence),
    constraint ledger_entries_once unique (tenant_id, subject, part, kind, occurrence),
    foreign key (tenant_id, project_id) references projects,
    foreign key (tenant_id, subject, part, kind, reversed_occurrence)
      references ledger_entries (tenant_id, subject, part, kind, occurrence) on delete cascade
  );
  create index ledger_entries_by_time on ledger_entries (tenant_id, posted_at, sequence);
  ${tenantWall('ledger_entries', 'select, insert')}

  create table ledger_postings (
    tenant_id uuid not null,
    sequence bigint not null,
    account_id bigint not null,
    -- base units; a debit is above zero, a credit below
    amount numeric(78, 0) not null check (amount <> 0),
    -- of the account, with this posting; wide enough for 10^22 sales at the highest price there can be
    balance numeric(100, 0) not null,
    primary key (tenant_id, account_id, sequence),
    foreign key (tenant_id, account_id) references ledger_accounts,
    -- postings come before their entry, whose arrival checks them
    foreign key (tenant_id, sequence) references ledger_entries deferrable initially deferred
  );
  create index ledger_postings_of_entry on ledger_postings (tenant_id, sequence);
  ${tenantWall('ledger_postings', 'select, insert')}

  -- the entries whose block is final
  create table ledger_finals (
    tenant_id uuid not null,
    sequence bigint not null,
    final_at timestamptz not null default now(),
    primary key (tenant_id, sequence),
    foreign key (tenant_id, sequence) references ledger_entries
  );
  ${tenantWall('ledger_finals', 'select, insert')}
`;

// Each look-up is by ranges or by the whole of a key, so that its plan is the same however large the books are: the
// planner may know nothing of these tables yet, and a function's plan is kept.
const RULES = `
  create function ledger_entries_hold() returns trigger language plpgsql as $$
  declare
    batch record;
    posted record;
  begin
    for batch in
      select tenant_id, min(sequence) as first, max(sequence) as last, count(*) as entries from added group by tenant_id
    loop
      if batch.entries <> batch.last - batch.first + 1 then
        raise exception 'entries of one statement are numbered one after the other'
          using errcode = 'check_violation', constraint = 'ledger_entries_consecutive', table = 'ledger_entries';
      end if;
      select count(distinct s.sequence) as entries, bool_or(s.total <> 0) as unbalanced into posted
        from (
          select p.sequence, sum(p.amount) as total
            from ledger_postings p
           where p.tenant_id = batch.tenant_id and p.sequence between batch.first and batch.last
           group by p.sequence,
                    (select a.asset from ledger_accounts a where a.tenant_id = p.tenant_id and a.id = p.account_id)
        ) s;
      if posted.entries <> batch.entries or posted.unbalanced then
        raise exception 'the postings of an entry must sum to zero in each asset'
          using errcode = 'check_violation', constraint = 'ledger_entries_balanced', table = 'ledger_entries';
      end if;
    end loop;
    if exists (
      select from added r
       where r.occurrence % 2 = 0 and (
         select o.sequence from ledger_entries o
          where o.tenant_id = r.tenant_id and o.subject = r.subject and o.part = r.part and o.kind = r.kind
            and (o.occurrence > r.occurrence or o.occurrence % 2 = 0 and o.occurrence < r.occurrence and (
              select v.sequence from ledger_entries v
               where v.tenant_id = o.tenant_id and v.subject = o.subject and v.part = o.part and v.kind = o.kind
                 and v.occurrence = o.occurrence + 1 limit 1) is null)
          limit 1) is not null
    ) then
      raise exception 'an entry is posted again only after all before it were reversed, and none after it was posted'
        using errcode = 'check_violation', constraint = 'ledger_entries_standing', table = 'ledger_entries';
    end if;
    if exists (
      select from added r
       where r.occurrence % 2 = 1 and exists (
         select from ledger_postings p
          where p.tenant_id = r.tenant_id and p.sequence = any (array[r.sequence, (
            select o.sequence from ledger_entries o
             where o.tenant_id = r.tenant_id and o.subject = r.subject and o.part = r.part and o.kind = r.kind
               and o.occurrence = r.occurrence - 1)])
          group by p.account_id having sum(p.amount) <> 0)
    ) then
      raise exception 'a reversal must take back what it reverses, account by account'
        using errcode = 'check_violation', constraint = 'ledger_entries_reversal', table = 'ledger_entries';
    end if;
    return null;
  end $$;
  create trigger ledger_entries_hold after insert on ledger_entries
    referencing new table as added for each statement execute function ledger_entries_hold();

  create function ledger_postings_hold() returns trigger language plpgsql as $$
  declare
    batch record;
  begin
    for batch in select tenant_id, min(sequence) as first, max(sequence) as last from added group by tenant_id loop
      if exists (
        select from ledger_entries e
         where e.tenant_id = batch.tenant_id and e.sequence between batch.first and batch.last
      ) then
        raise exception 'nothing is added to an entry that is there'
          using errcode = 'check_violation', constraint = 'ledger_postings_complete', table = 'ledger_postings';
      end if;
    end loop;
    return null;
  end $$;
  create trigger ledger_postings_hold after insert on ledger_postings
    referencing new table as added for each statement execute function ledger_postings_hold();
`;
