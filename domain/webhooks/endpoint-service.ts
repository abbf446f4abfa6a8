import type { TenantId, WebhookEndpointId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type {
  CreateWebhookEndpoint,
  RotateWebhookSecret,
  UpdateWebhookEndpoint,
  WebhookEndpointFilter,
} from '../../schema/inputs/webhook';
import type { Page } from '../../schema/types/connection';
import type { WebhookDelivery, WebhookEndpoint } from '../../schema/types/webhook';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { QuotaGuard } from '../tenancy/quota-guard';
import type { DeliveryLog } from './delivery-log';
import type { DeliveryRepository } from './delivery-repository';
import type { EndpointRepository } from './endpoint-repository';
import type { EventPublisher } from './event-publisher';
import { type ReceiverPolicy, ReceiverRefusedError } from './receiver-policy';
import type { WebhookSecretRepository } from './secret-repository';
import { webhookTest } from './tenant-events';
import { WebhookDisabledError, WebhookLimitReachedError, WebhookUrlRefusedError } from './webhook-errors';
import { encodeWebhookSecret, generateWebhookKey } from './webhook-signer';

/** What a tenant's endpoints may take of the workers together: each runs at most one delivery job. */
export const MAX_ENDPOINTS = 20;

const HOUR_MS = 3_600_000;

export interface EndpointStores {
  readonly endpoints: EndpointRepository;
  readonly webhookSecrets: WebhookSecretRepository;
  readonly deliveries: DeliveryRepository;
  readonly deliveryLog: DeliveryLog;
  readonly quotas: QuotaGuard;
}

/** An endpoint with a secret that is readable this once. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** A tenant's webhook endpoints. */
export class EndpointService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: EndpointStores,
    private readonly publisher: EventPublisher,
    private readonly policy: ReceiverPolicy,
  ) {}

  /** @throws {@link WebhookUrlRefusedError}, {@link WebhookLimitReachedError}, {@link QuotaExceededError} */
  async create(tenantId: TenantId, input: CreateWebhookEndpoint): Promise<EndpointWithSecret> {
    this.checkUrl(input.url);
    return this.database.transaction(tenantId, (tx) =>
      this.stores.quotas.within(tx, ['webhookEndpoints'], async () => {
        if ((await this.stores.endpoints.lockedCount(tx)) >= MAX_ENDPOINTS)
          throw new WebhookLimitReachedError(MAX_ENDPOINTS);
        const endpoint = await this.stores.endpoints.insert(tx, input);
        return { endpoint, secret: await this.newSecret(tx, endpoint.id) };
      }),
    );
  }

  /**
   * Changes what is given. Disabling makes dead letters of what is still to be sent: an endpoint that comes
   * back after months must not be flooded; whoever wants the gap replays it.
   *
   * @throws {@link WebhookUrlRefusedError}, {@link NotFoundError}
   */
  async update(
    tenantId: TenantId,
    { endpointId, url, description, eventTypes, enabled }: UpdateWebhookEndpoint,
  ): Promise<WebhookEndpoint> {
    if (url != null) this.checkUrl(url);
    return this.database.transaction(tenantId, async (tx) => {
      await this.lock(tx, endpointId);
      await this.stores.endpoints.update(tx, endpointId, {
        ...(url != null && { url }),
        ...(description != null && { description }),
        ...(eventTypes != null && { eventTypes }),
        ...(enabled != null && { enabled }),
      });
      if (enabled === false) await this.stores.deliveries.bury(tx, endpointId);
      return this.read(tx, endpointId);
    });
  }

  /** Removes an endpoint with its deliveries. @throws {@link NotFoundError} */
  async delete(tenantId: TenantId, endpointId: WebhookEndpointId): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      if (!(await this.stores.endpoints.delete(tx, endpointId)))
        throw new NotFoundError('WebhookEndpoint', endpointId);
    });
  }

  /** Makes a new secret; the one before signs as well for the overlap. @throws {@link NotFoundError} */
  async rotateSecret(
    tenantId: TenantId,
    { endpointId, overlapHours }: RotateWebhookSecret,
  ): Promise<EndpointWithSecret> {
    return this.database.transaction(tenantId, async (tx) => {
      const endpoint = await this.lock(tx, endpointId);
      await this.stores.webhookSecrets.retire(tx, endpointId, overlapHours * HOUR_MS);
      return { endpoint, secret: await this.newSecret(tx, endpointId) };
    });
  }

  /** Sends a test event. @throws {@link NotFoundError}, {@link WebhookDisabledError} */
  async sendTest(tenantId: TenantId, endpointId: WebhookEndpointId): Promise<WebhookDelivery> {
    return this.database.transaction(tenantId, async (tx) => {
      const { enabled } = await this.lock(tx, endpointId);
      if (!enabled) throw new WebhookDisabledError();
      const id = await this.publisher.publishTo(tx, endpointId, webhookTest(endpointId));
      const [delivery] = await this.stores.deliveryLog.findByIds(tx, [id]);
      if (delivery === undefined) throw new Error('the delivery was just made');
      return delivery;
    });
  }

  /** @throws {@link NotFoundError} */
  async get(tenantId: TenantId, endpointId: WebhookEndpointId): Promise<WebhookEndpoint> {
    return this.database.read(tenantId, (tx) => this.read(tx, endpointId));
  }

  async findByIds(tenantId: TenantId, ids: readonly WebhookEndpointId[]): Promise<WebhookEndpoint[]> {
    return this.database.read(tenantId, (tx) => this.stores.endpoints.findByIds(tx, ids));
  }

  /** Newest first. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter?: WebhookEndpointFilter,
  ): Promise<Page<WebhookEndpoint>> {
    return this.database.read(tenantId, (tx) => this.stores.endpoints.page(tx, request, filter));
  }

  private checkUrl(url: string): void {
    try {
      this.policy.parse(url);
    } catch (error) {
      if (error instanceof ReceiverRefusedError)
        throw new WebhookUrlRefusedError(error.message, { cause: error });
      throw error;
    }
  }

  private async newSecret(tx: TenantTx, endpointId: WebhookEndpointId): Promise<string> {
    const key = generateWebhookKey();
    await this.stores.webhookSecrets.insert(tx, endpointId, key);
    return encodeWebhookSecret(key);
  }

  private async lock(tx: TenantTx, endpointId: WebhookEndpointId): Promise<WebhookEndpoint> {
    return this.read(tx, endpointId, 'for update');
  }

  private async read(
    tx: TenantTx,
    endpointId: WebhookEndpointId,
    lock: 'for update' | '' = '',
  ): Promise<WebhookEndpoint> {
    const [endpoint] = await this.stores.endpoints.findByIds(tx, [endpointId], lock);
    if (endpoint === undefined) throw new NotFoundError('WebhookEndpoint', endpointId);
    return endpoint;
  }
}
