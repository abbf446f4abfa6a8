import type { WebhookEndpointId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { WebhookEndpointFilter } from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import type { WebhookEndpoint } from '../../schema/types/webhook';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface EndpointRow {
  id: WebhookEndpointId;
  url: string;
  description: string;
  event_types: string[];
  enabled: boolean;
  disabled_reason: string | null;
  failing_since: Date | null;
  created_at: Date;
}

const COLUMNS = 'id, url, description, event_types, enabled, disabled_reason, failing_since, created_at';

/** What an endpoint wants to hear. */
export type Subscription = Pick<WebhookEndpoint, 'id' | 'enabled' | 'eventTypes'>;

/** An endpoint as its deliveries are sent by. */
export interface EndpointHealth {
  readonly url: string;
  readonly enabled: boolean;
  readonly failingSince: Date | null;
  /** Pauses since the last success. */
  readonly pauses: number;
  /** How long nothing may be sent, in milliseconds; 0 or less when it may. */
  readonly pausedMs: number;
}

export type EndpointChange = Partial<Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes' | 'enabled'>>;

/** The webhook endpoints of tenants. */
export class EndpointRepository {
  async insert(
    tx: TenantTx,
    { url, description, eventTypes }: Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>,
  ): Promise<WebhookEndpoint> {
    const rows: EndpointRow[] = await tx.manager.query(
      `insert into webhook_endpoints (tenant_id, url, description, event_types)
       values ($1, $2, $3, $4) returning ${COLUMNS}`,
      [tx.tenantId, url, description, eventTypes],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an insert returns its row');
    return toEndpoint(row);
  }

  /** How many endpoints there are; until the transaction ends, nobody else of this tenant counts. */
  async lockedCount(tx: TenantTx): Promise<number> {
    await lockNamed(tx, 'webhook endpoints');
    const rows: { count: number }[] = await tx.manager.query(
      'select count(*)::int as count from webhook_endpoints where tenant_id = $1',
      [tx.tenantId],
    );
    return rows[0]?.count ?? 0;
  }

  /** Changes an endpoint. One that is enabled begins without a record of failures. */
  async update(tx: TenantTx, endpointId: WebhookEndpointId, change: EndpointChange): Promise<void> {
    await tx.manager.query(
      `update webhook_endpoints
          set url = coalesce($3, url), description = coalesce($4, description),
              event_types = coalesce($5, event_types), enabled = coalesce($6, enabled),
              disabled_reason = case when $6 then null else disabled_reason end,
              failing_since = case when $6 then null else failing_since end,
              pauses = case when $6 then 0 else pauses end,
              paused_until = case when $6 then null else paused_until end
        where tenant_id = $1 and id = $2`,
      [
        tx.tenantId,
        endpointId,
        change.url ?? null,
        change.description ?? null,
        change.eventTypes ?? null,
        change.enabled ?? null,
      ],
    );
  }

  /** @returns False if the tenant has no such endpoint. */
  async delete(tx: TenantTx, endpointId: WebhookEndpointId): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `with deleted as (delete from webhook_endpoints where tenant_id = $1 and id = $2 returning id)
       select id from deleted`,
      [tx.tenantId, endpointId],
    );
    return rows.length === 1;
  }

  async findByIds(
    tx: TenantTx,
    ids: readonly WebhookEndpointId[],
    lock: 'for update' | '' = '',
  ): Promise<WebhookEndpoint[]> {
    const rows: EndpointRow[] = await tx.manager.query(
      `select ${COLUMNS} from webhook_endpoints where tenant_id = $1 and id = any($2) order by id ${lock}`,
      [tx.tenantId, ids],
    );
    return rows.map(toEndpoint);
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: WebhookEndpointFilter,
  ): Promise<Page<WebhookEndpoint>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'webhook_endpoints',
      where: { enabled: filter?.enabled, url: filter?.url },
      toNode: toEndpoint,
    });
  }

  /** All endpoints of the tenant, disabled ones too. */
  async subscriptions(tx: TenantTx): Promise<Subscription[]> {
    const rows: EndpointRow[] = await tx.manager.query(
      'select id, enabled, event_types from webhook_endpoints where tenant_id = $1',
      [tx.tenantId],
    );
    return rows.map(({ id, enabled, event_types }) => ({ id, enabled, eventTypes: event_types }));
  }

  async health(tx: TenantTx, endpointId: WebhookEndpointId): Promise<EndpointHealth | undefined> {
    const rows: EndpointHealth[] = await tx.manager.query(
      `select url, enabled, failing_since as "failingSince", pauses,
              coalesce(extract(epoch from paused_until - now()) * 1000, 0)::float as "pausedMs"
         from webhook_endpoints where tenant_id = $1 and id = $2`,
      [tx.tenantId, endpointId],
    );
    return rows[0];
  }

  /** Forgets the failures before a success. */
  async markWorking(tx: TenantTx, endpointId: WebhookEndpointId): Promise<void> {
    await tx.manager.query(
      `update webhook_endpoints set failing_since = null, pauses = 0, paused_until = null
        where tenant_id = $1 and id = $2`,
      [tx.tenantId, endpointId],
    );
  }

  /** Notes a failure, the first since the last success. */
  async markFailing(tx: TenantTx, endpointId: WebhookEndpointId): Promise<void> {
    await tx.manager.query(
      'update webhook_endpoints set failing_since = now() where tenant_id = $1 and id = $2',
      [tx.tenantId, endpointId],
    );
  }

  async pause(tx: TenantTx, endpointId: WebhookEndpointId, pauseMs: number): Promise<void> {
    await tx.manager.query(
      `update webhook_endpoints set pauses = pauses + 1, paused_until = now() + $3 * interval '1 ms'
        where tenant_id = $1 and id = $2`,
      [tx.tenantId, endpointId, pauseMs],
    );
  }

  /** @returns False if it was disabled before, or is gone. */
  async disable(tx: TenantTx, endpointId: WebhookEndpointId, reason: string): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `with disabled as (
         update webhook_endpoints set enabled = false, disabled_reason = $3
          where tenant_id = $1 and id = $2 and enabled returning id
       ) select id from disabled`,
      [tx.tenantId, endpointId, reason],
    );
    return rows.length === 1;
  }
}

function toEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    eventTypes: row.event_types,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
    createdAt: row.created_at,
  };
}
