import { encodeGlobalId } from '../../schema/global-id';
import type { TenantId, WebhookEndpointId } from '../../schema/ids';
import type { PlainAnnouncement } from './announcement';
import type { EventContent } from './cloud-event';

/** Tells a tenant's other endpoints that one was disabled by the platform. */
export function webhookDisabled(
  tenantId: TenantId,
  endpointId: WebhookEndpointId,
  reason: string,
): PlainAnnouncement {
  const id = encodeGlobalId('WebhookEndpoint', endpointId);
  return {
    type: 'tenant.webhook_disabled',
    subject: id,
    orderKey: tenantId,
    data: { endpointId: id, reason },
  };
}

/** An event that says nothing but that the way to the endpoint works. */
export function webhookTest(endpointId: WebhookEndpointId): EventContent {
  const id = encodeGlobalId('WebhookEndpoint', endpointId);
  return { type: 'tenant.webhook_test', finality: 'final', subject: id, data: { endpointId: id } };
}
