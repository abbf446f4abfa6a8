import type { WebhookDeliveryId, WebhookEndpointId, WebhookEventId } from '../../schema/ids';
import type { WebhookAttempt, WebhookDeliveryOrigin, WebhookDeliveryState } from '../../schema/types/webhook';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { TraceParent } from '../../tenants/trace';
import type { PostResult } from './webhook-client';

/** An event that an endpoint is to get. */
export interface NewDelivery {
  readonly endpointId: WebhookEndpointId;
  readonly event: {
    readonly id: WebhookEventId;
    readonly type: WebhookEventType;
    readonly orderKey: string;
  };
  readonly origin: WebhookDeliveryOrigin;
}

/** A delivery that may go out as soon as those before it with its key have. */
export interface DueDelivery {
  readonly id: WebhookDeliveryId;
  /** Its place among the deliveries of its endpoint. */
  readonly sequence: number;
  readonly orderKey: string;
  readonly eventId: WebhookEventId;
  readonly body: string;
  readonly traceParent: TraceParent | null;
  /** Tries so far. */
  readonly attempts: number;
}

/** One try, and what follows from it. */
export interface TriedDelivery {
  readonly delivery: DueDelivery;
  readonly startedAt: Date;
  readonly result: PostResult;
  readonly state: WebhookDeliveryState;
  /** How long until the next try, in milliseconds, while it is PENDING. */
  readonly delayMs: number;
}

export interface Replay {
  readonly types: readonly WebhookEventType[];
  readonly from: Date;
  /** Exclusive; undefined: up to now. */
  readonly to: Date | undefined;
  readonly deadLettersOnly: boolean;
}

// A key whose head waits for its next try is passed over as a whole: what follows must not overtake it.
const DUE = `
  select d.id, d.sequence::float8 as sequence, d.order_key as "orderKey", d.event_id as "eventId", e.body, d.attempts,
         e.trace_parent as "traceParent"
    from webhook_deliveries d
    join webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
   where d.tenant_id = $1 and d.endpoint_id = $2 and d.state = 'PENDING' and d.sequence > $3
     and not exists (
       select from webhook_deliveries head
        where head.tenant_id = $1 and head.endpoint_id = $2 and head.order_key = d.order_key
          and head.state = 'PENDING' and head.attempts > 0 and head.next_try_at > now()
     )
   order by d.sequence limit $4`;

// Compares and sets on the number of tries: one that an overlapping run has recorded meanwhile changes nothing.
const RECORD = `
  update webhook_deliveries d
     set state = t.state, attempts = d.attempts + 1, tries = d.tries || t.try,
         next_try_at = now() + t.delay_ms * interval '1 ms',
         finished_at = case when t.state = 'PENDING' then null else now() end
    from unnest($2::uuid[], $3::int[], $4::text[], $5::float8[], $6::jsonb[]) as t (id, attempts, state, delay_ms, try)
   where d.tenant_id = $1 and d.id = t.id and d.state = 'PENDING' and d.attempts = t.attempts`;

const REPLAYED = `
  from webhook_events e
  where e.tenant_id = $1 and e.type = any($3) and e.created_at >= $4 and e.created_at < coalesce($5, now())
    and (not $6 or (
      select d.state from webhook_deliveries d
       where d.tenant_id = $1 and d.event_id = e.id and d.endpoint_id = $2 order by d.sequence desc limit 1
    ) = 'DEAD')`;

/** The deliveries of events to endpoints: what is to be sent, and what became of it. */
export class DeliveryRepository {
  /** In the order given. @returns Their ids. */
  async insert(tx: TenantTx, deliveries: readonly NewDelivery[]): Promise<WebhookDeliveryId[]> {
    const rows: { id: WebhookDeliveryId }[] = await tx.manager.query(
      `insert into webhook_deliveries (tenant_id, endpoint_id, event_id, origin, order_key, event_type)
       select $1, endpoint_id, event_id, origin, order_key, event_type
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
              with ordinality as new (endpoint_id, event_id, origin, order_key, event_type, place)
        order by place returning id`,
      [
        tx.tenantId,
        deliveries.map(({ endpointId }) => endpointId),
        deliveries.map(({ event }) => event.id),
        deliveries.map(({ origin }) => origin),
        deliveries.map(({ event }) => event.orderKey),
        deliveries.map(({ event }) => event.type),
      ],
    );
    return rows.map(({ id }) => id);
  }

  /** Deliveries that may go out, by sequence, from after `afterSequence`; at most `limit`. */
  async due(
    tx: TenantTx,
    endpointId: WebhookEndpointId,
    afterSequence: number,
    limit: number,
  ): Promise<DueDelivery[]> {
    return tx.manager.query(DUE, [tx.tenantId, endpointId, afterSequence, limit]);
  }

  /** Writes down how tries ended. */
  async record(tx: TenantTx, tried: readonly TriedDelivery[]): Promise<void> {
    await tx.manager.query(RECORD, [
      tx.tenantId,
      tried.map(({ delivery }) => delivery.id),
      tried.map(({ delivery }) => delivery.attempts),
      tried.map(({ state }) => state),
      tried.map(({ delayMs }) => delayMs),
      tried.map((one) => JSON.stringify(tryOf(one))),
    ]);
  }

  /** How long until the next retry to this endpoint, in milliseconds; undefined when none waits. */
  async untilNextTry(tx: TenantTx, endpointId: WebhookEndpointId): Promise<number | undefined> {
    const rows: { ms: number | null }[] = await tx.manager.query(
      `select (extract(epoch from min(next_try_at) - now()) * 1000)::float as ms from webhook_deliveries
        where tenant_id = $1 and endpoint_id = $2 and state = 'PENDING' and attempts > 0`,
      [tx.tenantId, endpointId],
    );
    const ms = rows[0]?.ms ?? undefined;
    return ms === undefined ? undefined : Math.max(0, ms);
  }

  /** Makes dead letters of all that is still to be sent to an endpoint. */
  async bury(tx: TenantTx, endpointId: WebhookEndpointId): Promise<void> {
    await tx.manager.query(
      `update webhook_deliveries set state = 'DEAD', finished_at = now()
        where tenant_id = $1 and endpoint_id = $2 and state = 'PENDING'`,
      [tx.tenantId, endpointId],
    );
  }

  /** Counts what a replay would send, up to `limit`. */
  async countReplayed(
    tx: TenantTx,
    endpointId: WebhookEndpointId,
    replay: Replay,
    limit: number,
  ): Promise<number> {
    const rows: { count: number }[] = await tx.manager.query(
      `select count(*)::int as count from (select e.id ${REPLAYED} limit $7) replayed`,
      [...replayParameters(tx, endpointId, replay), limit],
    );
    return rows[0]?.count ?? 0;
  }

  /** Has events sent again, oldest first. @returns How many. */
  async insertReplay(tx: TenantTx, endpointId: WebhookEndpointId, replay: Replay): Promise<number> {
    const rows: { count: number }[] = await tx.manager.query(
      `with replayed as (
         insert into webhook_deliveries (tenant_id, endpoint_id, event_id, origin, order_key, event_type)
         select $1, $2, e.id, 'REPLAY', e.order_key, e.type ${REPLAYED} order by e.sequence returning id
       ) select count(*)::int as count from replayed`,
      replayParameters(tx, endpointId, replay),
    );
    return rows[0]?.count ?? 0;
  }

  /** Has the event of a delivery sent again. @returns The new delivery's id. */
  async insertAgain(tx: TenantTx, deliveryId: WebhookDeliveryId): Promise<WebhookDeliveryId> {
    const rows: { id: WebhookDeliveryId }[] = await tx.manager.query(
      `insert into webhook_deliveries (tenant_id, endpoint_id, event_id, origin, order_key, event_type)
       select tenant_id, endpoint_id, event_id, 'REDELIVERY', order_key, event_type from webhook_deliveries
        where tenant_id = $1 and id = $2 returning id`,
      [tx.tenantId, deliveryId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`the delivery ${deliveryId} is gone`);
    return row.id;
  }
}

function tryOf({ delivery, startedAt, result }: TriedDelivery): WebhookAttempt {
  return {
    number: delivery.attempts + 1,
    startedAt,
    durationMs: result.durationMs,
    statusCode: result.statusCode,
    responseExcerpt: result.excerpt,
    error: result.error,
  };
}

function replayParameters(
  { tenantId }: TenantTx,
  endpointId: WebhookEndpointId,
  { types, from, to, deadLettersOnly }: Replay,
): unknown[] {
  return [tenantId, endpointId, types, from, to ?? null, deadLettersOnly];
}
