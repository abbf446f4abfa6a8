import { randomBytes } from 'node:crypto';
import { OutboxRepository } from '../../domain/outbox/outbox-repository';
import { DeliveryLogService } from '../../domain/webhooks/delivery-log-service';
import { DeliveryService } from '../../domain/webhooks/delivery-service';
import { EndpointService } from '../../domain/webhooks/endpoint-service';
import { WebhookClient, type WebhookClientOptions } from '../../domain/webhooks/webhook-client';
import { composeWebhookStores } from '../../domain/webhooks/webhook-stores';
import { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantDatabase } from '../../tenants/tenant-database';

/** The webhook services over a database, as the domain composes them. */
export function webhookServices(
  tenants: TenantDatabase,
  options: WebhookClientOptions = { allowLoopback: false },
) {
  const stores = composeWebhookStores(new SecretBox([randomBytes(32)]), new OutboxRepository());
  const { publisher } = stores;
  const client = new WebhookClient(options);
  return {
    publisher,
    quotas: stores.quotas,
    webhookEndpoints: new EndpointService(tenants, stores, publisher, client.policy),
    webhookDeliveries: new DeliveryLogService(tenants, stores, publisher),
    webhooks: new DeliveryService(tenants, stores, publisher, client),
  };
}
