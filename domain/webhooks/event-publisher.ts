import { randomUUID } from 'node:crypto';
import { type WebhookDeliveryId, type WebhookEndpointId, webhookEventIdSchema } from '../../schema/ids';
import { deliverWebhooks } from '../../schema/jobs';
import { wantsEvent } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import { currentTraceParent } from '../../tenants/trace';
import type { TransactionRepository } from '../chain-state/transaction-repository';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { type Announcement, type FactAnnouncement, statementsFor } from './announcement';
import { cloudEventBody, type EventContent } from './cloud-event';
import type { DeliveryRepository, NewDelivery } from './delivery-repository';
import type { EndpointRepository } from './endpoint-repository';
import type { StoredEvent, WebhookEventRepository } from './event-repository';

export interface PublisherStores {
  readonly endpoints: EndpointRepository;
  readonly webhookEvents: WebhookEventRepository;
  readonly deliveries: DeliveryRepository;
  readonly outbox: OutboxRepository;
  readonly transactions: Pick<TransactionRepository, 'traceParentsOf'>;
}

/** Tells a tenant's webhook endpoints what happened, in the transaction in which it happened. */
export class EventPublisher {
  constructor(private readonly stores: PublisherStores) {}

  /** False if the tenant has no endpoint, so that nothing would be written. */
  async hasAudience(tx: TenantTx): Promise<boolean> {
    return (await this.stores.endpoints.subscriptions(tx)).length > 0;
  }

  /**
   * Writes what is new among `announcements`, with a delivery for each endpoint that wants it; in order.
   * A tenant without endpoints has nothing written.
   */
  async publish(tx: TenantTx, announcements: readonly Announcement[]): Promise<void> {
    if (announcements.length === 0) return;
    const endpoints = await this.stores.endpoints.subscriptions(tx);
    if (endpoints.length === 0) return;
    const events = await this.eventsOf(tx, await this.traced(tx, announcements));
    if (events.length === 0) return;
    const deliveries = endpoints
      .filter(({ enabled }) => enabled)
      .flatMap(({ id: endpointId, eventTypes }) =>
        events
          .filter(({ type }) => wantsEvent(eventTypes, type))
          .map((event) => ({ endpointId, event, origin: 'EVENT' as const })),
      );
    await this.write(tx, events, deliveries);
  }

  /** Writes one event for one endpoint, whichever types that wants. */
  async publishTo(
    tx: TenantTx,
    endpointId: WebhookEndpointId,
    content: EventContent,
  ): Promise<WebhookDeliveryId> {
    const event = this.store(tx, content, randomUUID(), null);
    const [id] = await this.write(tx, [event], [{ endpointId, event, origin: 'TEST' }]);
    if (id === undefined) throw new Error('an insert returns its row');
    return id;
  }

  /** With the traces of the transactions that they rest on, as far as those are known. */
  private async traced(tx: TenantTx, announcements: readonly Announcement[]): Promise<Announcement[]> {
    const hashes = announcements.flatMap(({ transactionHash }) => transactionHash ?? []);
    const traceParents = await this.stores.transactions.traceParentsOf(tx, [...new Set(hashes)]);
    return announcements.map((announcement) => ({
      ...announcement,
      traceParent: announcement.traceParent ?? traceParents.get(announcement.transactionHash ?? ''),
    }));
  }

  private async write(
    tx: TenantTx,
    events: readonly StoredEvent[],
    deliveries: readonly NewDelivery[],
  ): Promise<WebhookDeliveryId[]> {
    await this.wake(
      tx,
      deliveries.map(({ endpointId }) => endpointId),
    );
    await this.stores.webhookEvents.insert(tx, events);
    return deliveries.length === 0 ? [] : this.stores.deliveries.insert(tx, deliveries);
  }

  /**
   * Has the endpoints' deliveries sent once this transaction commits. It must come before the deliveries are
   * numbered: it locks each endpoint's row of the outbox, so that whoever publishes next waits for this
   * commit, and numbers follow the order of commits.
   */
  async wake(tx: TenantTx, endpointIds: readonly WebhookEndpointId[]): Promise<void> {
    const { tenantId } = tx;
    // Sorted, so that two transactions take the locks in the same order.
    for (const endpointId of [...new Set(endpointIds)].sort()) {
      await this.stores.outbox.add(tx, deliverWebhooks, { tenantId, endpointId });
    }
  }

  private async eventsOf(tx: TenantTx, announcements: readonly Announcement[]): Promise<StoredEvent[]> {
    const factKeys = announcements.filter(isFact).map(({ factKey }) => factKey);
    const said = await this.stores.webhookEvents.lastOf(tx, factKeys);
    return announcements.flatMap((announcement) => {
      if (!isFact(announcement))
        return this.store(tx, { ...announcement, finality: 'final' }, announcement.orderKey, null);
      const { factKey, standing, orderKey } = announcement;
      const before = said.get(factKey);
      return statementsFor(standing, before?.finality).map(({ finality, takesUpPrior }) => {
        const prior = takesUpPrior ? before?.eventId : undefined;
        return this.store(tx, { ...announcement, finality }, orderKey, factKey, prior);
      });
    });
  }

  private store(
    { tenantId }: TenantTx,
    { traceParent = currentTraceParent(), ...content }: EventContent,
    orderKey: string,
    factKey: string | null,
    priorId?: StoredEvent['id'],
  ): StoredEvent {
    const id = webhookEventIdSchema.parse(randomUUID());
    const body = cloudEventBody({ ...content, traceParent }, { tenantId, id, at: new Date(), priorId });
    return { id, type: content.type, finality: content.finality, factKey, orderKey, body, traceParent };
  }
}

function isFact(announcement: Announcement): announcement is FactAnnouncement {
  return 'factKey' in announcement;
}
