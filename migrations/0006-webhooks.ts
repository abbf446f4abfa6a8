import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tenantWall } from './sql';

/** Webhooks: a tenant's endpoints with their secrets, the events, and what was delivered of them. */
export class Webhooks1700000000006 implements MigrationInterface {
  readonly name = 'Webhooks1700000000006';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ENDPOINTS);
    await queryRunner.query(EVENTS);
    await queryRunner.query(DELIVERIES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'drop table webhook_deliveries, webhook_events, webhook_secrets, webhook_endpoints;',
    );
  }
}

const ENDPOINTS = `
  create table webhook_endpoints (
    tenant_id uuid not null references tenants,
    id uuid not null default gen_random_uuid(),
    url text not null,
    description text not null,
    -- exact types, families such as 'work.*', or '*'
    event_types text[] not null,
    enabled boolean not null default true,
    -- why it is not enabled, when the platform disabled it
    disabled_reason text,
    -- the first failure since the last success; null while it works
    failing_since timestamptz,
    -- after failures in a row nothing is sent before then, and each pause is longer than the one before
    pauses int not null default 0,
    paused_until timestamptz,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
  );
  create index webhook_endpoints_page on webhook_endpoints (tenant_id, created_at desc, id desc);
  ${tenantWall('webhook_endpoints')}

  create table webhook_secrets (
    tenant_id uuid not null,
    endpoint_id uuid not null,
    id uuid not null,
    key_id text not null,
    sealed bytea not null,
    created_at timestamptz not null default now(),
    -- null for the current one; a rotated one signs as well until then
    expires_at timestamptz,
    primary key (tenant_id, endpoint_id, id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints on delete cascade
  );
  create unique index one_current_webhook_secret on webhook_secrets (tenant_id, endpoint_id) where expires_at is null;
  ${tenantWall('webhook_secrets')}
`;

const EVENTS = `
  create table webhook_events (
    tenant_id uuid not null references tenants,
    id uuid not null,
    sequence bigint not null generated always as identity,
    type text not null,
    -- names the fact that the event tells of, if it can still fall or become final
    fact_key text,
    finality text not null check (finality in ('provisional', 'final', 'reverted')),
    -- deliveries with the same key to one endpoint go out one after the other
    order_key text not null,
    -- the whole CloudEvent, as it goes out at each try
    body text not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id)
  );
  create index webhook_events_by_fact on webhook_events (tenant_id, fact_key, sequence desc) where fact_key is not null;
  create index webhook_events_by_time on webhook_events (tenant_id, created_at);
  ${tenantWall('webhook_events', 'select, insert, delete')}
`;

const DELIVERIES = `
  create table webhook_deliveries (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    endpoint_id uuid not null,
    event_id uuid not null,
    -- grows in the order in which deliveries to one endpoint were committed
    sequence bigint not null generated always as identity,
    origin text not null check (origin in ('EVENT', 'TEST', 'REDELIVERY', 'REPLAY')),
    order_key text not null,
    event_type text not null,
    state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'DEAD')),
    attempts int not null default 0,
    -- every attempt with its answer, as domain/webhooks/delivery-log.ts reads it
    tries jsonb not null default '[]',
    next_try_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, endpoint_id) references webhook_endpoints on delete cascade,
    foreign key (tenant_id, event_id) references webhook_events on delete cascade,
    constraint webhook_delivery_finished check ((finished_at is not null) = (state <> 'PENDING'))
  );
  create index webhook_deliveries_of_event on webhook_deliveries (tenant_id, event_id);
  create index webhook_deliveries_page on webhook_deliveries (tenant_id, endpoint_id, created_at desc, id desc);
  create index webhook_deliveries_pending on webhook_deliveries (tenant_id, endpoint_id, sequence)
    where state = 'PENDING';
  create index webhook_deliveries_retrying on webhook_deliveries (tenant_id, endpoint_id, order_key, next_try_at)
    where state = 'PENDING' and attempts > 0;
  create index webhook_deliveries_dead on webhook_deliveries (tenant_id, endpoint_id, created_at)
    where state = 'DEAD';
  alter table webhook_deliveries set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
  ${tenantWall('webhook_deliveries')}
`;
