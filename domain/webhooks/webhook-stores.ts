import type { SecretBox } from '../../tenants/secrets/secret-box';
import { TransactionRepository } from '../chain-state/transaction-repository';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { QuotaGuard } from '../tenancy/quota-guard';
import { QuotaRepository } from '../tenancy/quota-repository';
import { DeliveryLog } from './delivery-log';
import { DeliveryRepository } from './delivery-repository';
import { EndpointRepository } from './endpoint-repository';
import { EventPublisher } from './event-publisher';
import { WebhookEventRepository } from './event-repository';
import { WebhookSecretRepository } from './secret-repository';

export type WebhookStores = ReturnType<typeof composeWebhookStores>;

/** The tables of webhooks, the publisher that writes to them, and the guard of quotas, which warns through it. */
export function composeWebhookStores(secrets: SecretBox, outbox: OutboxRepository) {
  const stores = {
    endpoints: new EndpointRepository(),
    webhookSecrets: new WebhookSecretRepository(secrets),
    webhookEvents: new WebhookEventRepository(),
    deliveries: new DeliveryRepository(),
    deliveryLog: new DeliveryLog(),
  };
  const publisher = new EventPublisher({ ...stores, outbox, transactions: new TransactionRepository() });
  return { ...stores, publisher, quotas: new QuotaGuard(new QuotaRepository(), publisher) };
}
