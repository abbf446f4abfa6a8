import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { ReplayWebhooks, WebhookDeliveryFilter } from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import type { WebhookDelivery, WebhookEndpoint } from '../../schema/types/webhook';
import { WEBHOOK_EVENT_TYPES, wantsEvent } from '../../schema/webhook-events';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { DeliveryLog } from './delivery-log';
import type { DeliveryRepository } from './delivery-repository';
import type { EndpointRepository } from './endpoint-repository';
import type { EventPublisher } from './event-publisher';
import { WebhookDisabledError, WebhookReplayTooLargeError } from './webhook-errors';

/** The most events that one replay sends. */
export const MAX_REPLAY = 10_000;

export interface DeliveryLogStores {
  readonly endpoints: EndpointRepository;
  readonly deliveries: DeliveryRepository;
  readonly deliveryLog: DeliveryLog;
}

/** What became of a tenant's webhooks, and sending them again. */
export class DeliveryLogService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: DeliveryLogStores,
    private readonly publisher: EventPublisher,
  ) {}

  /** @throws {@link NotFoundError} */
  async get(tenantId: TenantId, deliveryId: WebhookDeliveryId): Promise<WebhookDelivery> {
    return this.database.read(tenantId, (tx) => this.read(tx, deliveryId));
  }

  async findByIds(tenantId: TenantId, ids: readonly WebhookDeliveryId[]): Promise<WebhookDelivery[]> {
    return this.database.read(tenantId, (tx) => this.stores.deliveryLog.findByIds(tx, ids));
  }

  /** The deliveries of one endpoint, newest first. @throws {@link NotFoundError} if there is no such endpoint. */
  async page(
    tenantId: TenantId,
    endpointId: WebhookEndpointId,
    request: PageRequest,
    filter: WebhookDeliveryFilter,
  ): Promise<Page<WebhookDelivery>> {
    return this.database.read(tenantId, async (tx) => {
      await this.endpoint(tx, endpointId);
      return this.stores.deliveryLog.page(tx, endpointId, request, filter);
    });
  }

  /**
   * Sends a delivery's event to its endpoint once more, under the same id, behind what already waits.
   *
   * @throws {@link NotFoundError}, {@link WebhookDisabledError}
   */
  async redeliver(tenantId: TenantId, deliveryId: WebhookDeliveryId): Promise<WebhookDelivery> {
    return this.database.transaction(tenantId, async (tx) => {
      const { endpointId } = await this.read(tx, deliveryId);
      await this.enabledEndpoint(tx, endpointId);
      await this.publisher.wake(tx, [endpointId]);
      return this.read(tx, await this.stores.deliveries.insertAgain(tx, deliveryId));
    });
  }

  /**
   * Sends the events of a time range that the endpoint's types cover, oldest first, behind what already waits.
   * Events are kept for 30 days, from when the tenant made its first endpoint.
   *
   * @returns How many.
   * @throws {@link NotFoundError}, {@link WebhookDisabledError}, {@link WebhookReplayTooLargeError}
   */
  async replay(
    tenantId: TenantId,
    { endpointId, from, to, deadLettersOnly }: ReplayWebhooks,
  ): Promise<number> {
    return this.database.transaction(tenantId, async (tx) => {
      const { eventTypes } = await this.enabledEndpoint(tx, endpointId);
      // A test was meant for the endpoint that was tested.
      const types = WEBHOOK_EVENT_TYPES.filter(
        (type) => wantsEvent(eventTypes, type) && type !== 'tenant.webhook_test',
      );
      const replay = { types, from, to, deadLettersOnly };
      const count = await this.stores.deliveries.countReplayed(tx, endpointId, replay, MAX_REPLAY + 1);
      if (count > MAX_REPLAY) throw new WebhookReplayTooLargeError(MAX_REPLAY);
      await this.publisher.wake(tx, [endpointId]);
      return this.stores.deliveries.insertReplay(tx, endpointId, replay);
    });
  }

  private async enabledEndpoint(tx: TenantTx, endpointId: WebhookEndpointId): Promise<WebhookEndpoint> {
    const endpoint = await this.endpoint(tx, endpointId);
    if (!endpoint.enabled) throw new WebhookDisabledError();
    return endpoint;
  }

  private async endpoint(tx: TenantTx, endpointId: WebhookEndpointId): Promise<WebhookEndpoint> {
    const [endpoint] = await this.stores.endpoints.findByIds(tx, [endpointId]);
    if (endpoint === undefined) throw new NotFoundError('WebhookEndpoint', endpointId);
    return endpoint;
  }

  private async read(tx: TenantTx, deliveryId: WebhookDeliveryId): Promise<WebhookDelivery> {
    const [delivery] = await this.stores.deliveryLog.findByIds(tx, [deliveryId]);
    if (delivery === undefined) throw new NotFoundError('WebhookDelivery', deliveryId);
    return delivery;
  }
}
