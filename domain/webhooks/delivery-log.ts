import type { WebhookDeliveryId, WebhookEndpointId, WebhookEventId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { WebhookDeliveryFilter } from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import {
  type WebhookAttempt,
  type WebhookDelivery,
  type WebhookDeliveryOrigin,
  WebhookDeliveryState,
} from '../../schema/types/webhook';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

type AttemptJson = Omit<WebhookAttempt, 'startedAt'> & { readonly startedAt: string };

interface LogRow {
  id: WebhookDeliveryId;
  endpoint_id: WebhookEndpointId;
  event_id: WebhookEventId;
  event_type: string;
  body: string;
  origin: WebhookDeliveryOrigin;
  state: WebhookDeliveryState;
  next_try_at: Date;
  created_at: Date;
  finished_at: Date | null;
  tries: AttemptJson[];
}

const COLUMNS =
  'id, endpoint_id, event_id, event_type, body, origin, state, next_try_at, created_at, finished_at, tries';

const LOG = `(
  select d.*, e.body from webhook_deliveries d join webhook_events e on e.tenant_id = d.tenant_id and e.id = d.event_id
) delivery`;

/** The deliveries as tenants see them: each with its event's body and its tries. */
export class DeliveryLog {
  async findByIds(tx: TenantTx, ids: readonly WebhookDeliveryId[]): Promise<WebhookDelivery[]> {
    const rows: LogRow[] = await tx.manager.query(
      `select ${COLUMNS} from ${LOG} where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return rows.map(toDelivery);
  }

  /** The deliveries of one endpoint, newest first. */
  async page(
    tx: TenantReads,
    endpointId: WebhookEndpointId,
    request: PageRequest,
    filter: WebhookDeliveryFilter,
  ): Promise<Page<WebhookDelivery>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: LOG,
      where: {
        endpoint_id: endpointId,
        state: filter?.state ?? undefined,
        event_type: filter?.eventType ?? undefined,
      },
      toNode: toDelivery,
    });
  }
}

function toDelivery(row: LogRow): WebhookDelivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    body: row.body,
    origin: row.origin,
    state: row.state,
    attempts: row.tries.map((attempt) => ({ ...attempt, startedAt: new Date(attempt.startedAt) })),
    nextTryAt: row.state === WebhookDeliveryState.PENDING ? row.next_try_at : null,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
