import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APP_ROLE, SYSTEM_ROLE, tenantWall } from './sql';

/** What the platform's operator does with tenants: suspensions, plans with their quotas, and pools. */
export class Operator1700000000019 implements MigrationInterface {
  readonly name = 'Operator1700000000019';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(PLANS);
    await queryRunner.query(TENANTS);
    await queryRunner.query(METERS);
    await queryRunner.query(POOLS);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table worker_pools;
      drop trigger webhook_deliveries_metered on webhook_deliveries;
      drop function meter_webhook_deliveries;
      drop trigger projects_metered on projects;
      drop trigger works_metered on works;
      drop trigger work_revisions_metered on work_revisions;
      drop function meter_storage;
      drop table metered_storage, metered_deliveries, quota_warnings;
      drop index works_failed;
      drop index tenants_page;
      revoke update (suspended_at, suspension_reason) on tenants from ${APP_ROLE};
      alter table tenants drop column suspended_at, drop column suspension_reason, drop column plan,
                          drop column quota_overrides;
      drop table plans;`);
  }
}

// A quota that is null is no limit.
const PLANS = `
  create table plans (
    plan text primary key check (plan ~ '^[a-z][a-z0-9-]{0,39}$'),
    description text not null default '',
    works bigint check (works >= 0),
    dispatches_per_day bigint check (dispatches_per_day >= 0),
    api_requests_per_minute bigint check (api_requests_per_minute > 0),
    webhook_endpoints bigint check (webhook_endpoints >= 0),
    storage_bytes bigint check (storage_bytes >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  -- the plan of every tenant that is given no other
  insert into plans (plan, description) values ('unlimited', 'No quotas but the deployment’s own limits.');
  grant select on plans to ${APP_ROLE};
  grant select, insert, update on plans to ${SYSTEM_ROLE};
`;

const TENANTS = `
  alter table tenants
    add column suspended_at timestamptz,
    add column suspension_reason text,
    add column plan text not null default 'unlimited' references plans,
    -- quotas by their names in the API that differ from the plan's; null is no limit
    add column quota_overrides jsonb not null default '{}',
    add constraint tenant_suspended check ((suspended_at is null) = (suspension_reason is null));
  create index tenants_page on tenants (created_at desc, tenant_id desc);
  -- a suspension commits together with the event that tells of it, which is written behind the tenant's wall
  grant update (suspended_at, suspension_reason) on tenants to ${APP_ROLE};
`;

const WALLED = ['projects', 'works', 'work_revisions', 'metered_storage'];
const BY_DAY = 'group by 1, 2';
const ADD = `on conflict (tenant_id, day) do update
          set works = metered.works + excluded.works, bytes = metered.bytes + excluded.bytes`;
const DAY = "tenant_id, (created_at at time zone 'utc')::date";
const PROJECT_BYTES = `select ${DAY}, 0, sum(octet_length(script) + octet_length(description)
  + octet_length(dependencies::text) + octet_length(traits::text) + octet_length(metadata::text))`;
// A work's first metadata is its revision 0.
const WORK_BYTES = `select ${DAY}, count(*), sum(octet_length(document::text))`;
const REVISION_BYTES = `select ${DAY}, 0, sum(octet_length(metadata::text))`;

const METERS = `
  create index works_failed on works (tenant_id) where state = 'MINT_FAILED';

  -- which warnings about a quota went out: each once in its period
  create table quota_warnings (
    tenant_id uuid not null references tenants,
    quota text not null,
    -- a UTC day, or the limit that a total counts up to
    period text not null,
    percent int not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, quota, period, percent)
  );
  ${tenantWall('quota_warnings', 'select, insert')}

  -- works made, and bytes kept, in each UTC day: added up by whatever adds rows, which are never changed or removed
  create table metered_storage (
    tenant_id uuid not null references tenants,
    day date not null,
    works bigint not null,
    bytes bigint not null,
    primary key (tenant_id, day)
  );
  ${tenantWall('metered_storage', 'select, insert, update')}

  create function meter_storage() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'projects' then
        insert into metered_storage as metered (tenant_id, day, works, bytes) ${PROJECT_BYTES} from added ${BY_DAY}
        ${ADD};
      elsif tg_table_name = 'works' then
        insert into metered_storage as metered (tenant_id, day, works, bytes) ${WORK_BYTES} from added ${BY_DAY}
        ${ADD};
      else
        insert into metered_storage as metered (tenant_id, day, works, bytes) ${REVISION_BYTES} from added ${BY_DAY}
        ${ADD};
      end if;
      return null;
    end
  $$;
  ${['projects', 'works', 'work_revisions']
    .map(
      (table) => `
  create trigger ${table}_metered after insert on ${table}
    referencing new table as added for each statement execute function meter_storage();`,
    )
    .join('')}

  -- what there is already; the wall holds for the owner, too
  ${WALLED.map((table) => `alter table ${table} no force row level security;`).join(' ')}
  insert into metered_storage (tenant_id, day, works, bytes)
  select tenant_id, day, sum(works), sum(bytes) from (
    ${PROJECT_BYTES} from projects ${BY_DAY}
    union all ${WORK_BYTES} from works ${BY_DAY}
    union all ${REVISION_BYTES} from work_revisions ${BY_DAY}
  ) kept (tenant_id, day, works, bytes) group by 1, 2;
  ${WALLED.map((table) => `alter table ${table} force row level security;`).join(' ')}

  -- deliveries that were made, of those whose rows were removed since
  create table metered_deliveries (
    tenant_id uuid not null references tenants,
    day date not null,
    delivered bigint not null,
    primary key (tenant_id, day)
  );
  ${tenantWall('metered_deliveries', 'select, insert, update')}

  create function meter_webhook_deliveries() returns trigger language plpgsql as $$
    begin
      insert into metered_deliveries as metered (tenant_id, day, delivered)
      select tenant_id, (created_at at time zone 'utc')::date, count(*) from removed
       where state = 'DELIVERED' group by 1, 2 order by 1, 2
      on conflict (tenant_id, day) do update set delivered = metered.delivered + excluded.delivered;
      return null;
    end
  $$;
  create trigger webhook_deliveries_metered after delete on webhook_deliveries
    referencing old table as removed for each statement execute function meter_webhook_deliveries();
`;

const POOLS = `
  -- which workers serve which pools, as they say themselves every few seconds
  create table worker_pools (
    pool text not null,
    worker_id uuid not null,
    seen_at timestamptz not null,
    primary key (pool, worker_id)
  );
  grant select, insert, update, delete on worker_pools to ${SYSTEM_ROLE};
`;
