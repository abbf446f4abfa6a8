import type { WebhookEventId } from '../../schema/ids';
import type { Finality, WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TraceParent } from '../../tenants/trace';
import type { SaidBefore } from './announcement';

/** An event as it is kept. */
export interface StoredEvent {
  readonly id: WebhookEventId;
  readonly type: WebhookEventType;
  readonly factKey: string | null;
  readonly finality: Finality;
  readonly orderKey: string;
  readonly body: string;
  readonly traceParent: TraceParent | undefined;
}

/** The events of tenants that have, or had, an endpoint. They are never changed, and removed when they are old. */
export class WebhookEventRepository {
  /** In the order given, which is the order that they go out in. */
  async insert(tx: TenantTx, events: readonly StoredEvent[]): Promise<void> {
    await tx.manager.query(
      `insert into webhook_events (tenant_id, id, type, fact_key, finality, order_key, body, trace_parent)
       select $1, id, type, fact_key, finality, order_key, body, trace_parent
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
              with ordinality as event (id, type, fact_key, finality, order_key, body, trace_parent, place)
        order by place`,
      [
        tx.tenantId,
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ factKey }) => factKey),
        events.map(({ finality }) => finality),
        events.map(({ orderKey }) => orderKey),
        events.map(({ body }) => body),
        events.map(({ traceParent }) => traceParent ?? null),
      ],
    );
  }

  /** The last event about each of these facts, by fact. */
  async lastOf(tx: TenantTx, factKeys: readonly string[]): Promise<Map<string, SaidBefore>> {
    if (factKeys.length === 0) return new Map();
    const rows: { id: WebhookEventId; fact_key: string; finality: Finality }[] = await tx.manager.query(
      `select distinct on (fact_key) id, fact_key, finality from webhook_events
        where tenant_id = $1 and fact_key = any($2) order by fact_key, sequence desc`,
      [tx.tenantId, factKeys],
    );
    return new Map(rows.map(({ id, fact_key, finality }) => [fact_key, { eventId: id, finality }]));
  }

  /**
   * Removes events from before `olderThan`, with their deliveries, but for those that still have to go out.
   * At most `limit`.
   */
  async prune(tx: TenantTx, olderThan: Date, limit: number): Promise<void> {
    await tx.manager.query(
      `delete from webhook_events where tenant_id = $1 and id in (
         select id from webhook_events e where tenant_id = $1 and created_at < $2
            and not exists (select from webhook_deliveries d
                             where d.tenant_id = $1 and d.event_id = e.id and d.state = 'PENDING')
          order by created_at limit $3)`,
      [tx.tenantId, olderThan, limit],
    );
  }
}
