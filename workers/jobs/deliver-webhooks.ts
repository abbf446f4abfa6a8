import type { DeliveryService } from '../../domain/webhooks/delivery-service';
import { deliverWebhooks } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/**
 * Sends what is due to one webhook endpoint. A slow receiver keeps its own job busy and no other's.
 *
 * Receivers may get an event twice, never out of order: each try is written down before the next of its key.
 */
export const deliverWebhooksJob = defineJob({
  contract: deliverWebhooks,
  // They wait for receivers most of the time.
  concurrency: 64,
  // Receivers' failures are counted with their deliveries; what fails here is the database.
  retry: { limit: 1_000, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, endpointId }, { webhooks }: { webhooks: DeliveryService }, { signal }) {
    const delayMs = await webhooks.deliver(tenantId, endpointId, signal);
    if (delayMs !== undefined) throw new RunAgainLater(delayMs);
  },
});
