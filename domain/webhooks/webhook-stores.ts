import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { DeliveryLog } from './delivery-log';
import { DeliveryRepository } from './delivery-repository';
import { EndpointRepository } from './endpoint-repository';
import { EventPublisher } from './event-publisher';
import { WebhookEventRepository } from './event-repository';
import { WebhookSecretRepository } from './secret-repository';

export type WebhookStores = ReturnType<typeof composeWebhookStores>;

/** The tables of webhooks, and the publisher that writes to them. */
export function composeWebhookStores(secrets: SecretBox, outbox: OutboxRepository) {
  const stores = {
    endpoints: new EndpointRepository(),
    webhookSecrets: new WebhookSecretRepository(secrets),
    webhookEvents: new WebhookEventRepository(),
    deliveries: new DeliveryRepository(),
    deliveryLog: new DeliveryLog(),
  };
  return { ...stores, publisher: new EventPublisher({ ...stores, outbox }) };
}
