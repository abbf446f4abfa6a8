import type { TenantId, WebhookEventId } from '../../schema/ids';
import type { Finality, WebhookEventType } from '../../schema/webhook-events';
import type { TraceParent } from '../../tenants/trace';

/** The media type of a CloudEvent in JSON (CloudEvents 1.0.2, JSON event format §3). */
export const CLOUD_EVENT_MEDIA_TYPE = 'application/cloudevents+json; charset=utf-8';

/** The largest body that goes out, in bytes of UTF-8. */
const MAX_BODY_BYTES = 65_536;

/** What an event says, before it has an id. */
export interface EventContent {
  readonly type: WebhookEventType;
  readonly finality: Finality;
  /** The global id of what it is about, as the API knows it. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of the request that it goes back to, if that was traced. */
  readonly traceParent?: TraceParent | undefined;
  /** Where that is not known: the transaction on a chain that it rests on. It may be the platform's, or anybody's. */
  readonly transactionHash?: string | null | undefined;
}

export interface EventIdentity {
  readonly tenantId: TenantId;
  readonly id: WebhookEventId;
  readonly at: Date;
  /** The event that this one makes final or takes back. */
  readonly priorId: WebhookEventId | undefined;
}

/**
 * An event as a CloudEvent 1.0 in structured JSON. `finality` and `priorid` are extension attributes, whose
 * names CloudEvents confines to lower-case letters and digits; `traceparent` is that of its Distributed Tracing extension.
 *
 * Data beyond the size limit is left out, and said to be: its subject can be asked for through the API.
 */
export function cloudEventBody(content: EventContent, identity: EventIdentity): string {
  const body = JSON.stringify(cloudEvent(content, identity));
  if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return body;
  return JSON.stringify(cloudEvent({ ...content, data: { omitted: true } }, identity));
}

function cloudEvent(
  { type, finality, subject, data, traceParent }: EventContent,
  { tenantId, id, at, priorId }: EventIdentity,
): Record<string, unknown> {
  return {
    specversion: '1.0',
    id,
    source: `/tenants/${tenantId}`,
    type,
    subject,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    finality,
    ...(priorId !== undefined && { priorid: priorId }),
    ...(traceParent !== undefined && { traceparent: traceParent }),
    data,
  };
}
