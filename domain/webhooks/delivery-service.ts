import { setMaxListeners } from 'node:events';
import { SpanKind } from '@opentelemetry/api';
import type { TenantId, WebhookEndpointId } from '../../schema/ids';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { inSpan } from '../../tenants/trace';
import { GroupCommit } from '../group-commit';
import { CLOUD_EVENT_MEDIA_TYPE } from './cloud-event';
import { DeliveryLanes } from './delivery-lanes';
import type { DeliveryRepository, DueDelivery, TriedDelivery } from './delivery-repository';
import { DeliveryRun, isSuccess, type RunEnd } from './delivery-run';
import type { EndpointHealth, EndpointRepository } from './endpoint-repository';
import type { EventPublisher } from './event-publisher';
import type { WebhookEventRepository } from './event-repository';
import { endpointPauseMs } from './retry-schedule';
import type { WebhookSecretRepository } from './secret-repository';
import { webhookDisabled } from './tenant-events';
import type { PostResult, WebhookClient } from './webhook-client';
import { signatureHeaders } from './webhook-signer';

/** Deliveries that are read at once. */
const WINDOW = 500;
/** An endpoint that has failed for so long without a success is disabled, in milliseconds. */
const DISABLE_AFTER_MS = 5 * 24 * 3_600_000;
/** How long events and their deliveries are kept, in milliseconds. */
const RETENTION_MS = 30 * 24 * 3_600_000;
const PRUNE_BATCH = 500;

const USER_AGENT = 'Colophon-Webhooks/1.0';

export interface DeliveryStores {
  readonly endpoints: EndpointRepository;
  readonly webhookSecrets: WebhookSecretRepository;
  readonly webhookEvents: WebhookEventRepository;
  readonly deliveries: DeliveryRepository;
}

interface Target extends EndpointHealth {
  readonly tenantId: TenantId;
  readonly endpointId: WebhookEndpointId;
  readonly keys: readonly Buffer[];
}

/**
 * Sends what is due to an endpoint: at least once, in order per key, keys side by side.
 *
 * Every try is written down before the next delivery of its key goes out. After a crash the try that was not
 * written down is made again, under the same id.
 */
export class DeliveryService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: DeliveryStores,
    private readonly publisher: EventPublisher,
    private readonly client: WebhookClient,
  ) {}

  /**
   * @returns In how many milliseconds to call again; undefined when there is nothing more to send.
   * @throws The reason of `signal` when it aborts.
   */
  async deliver(
    tenantId: TenantId,
    endpointId: WebhookEndpointId,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const target = await this.database.transaction(tenantId, (tx) => this.target(tx, endpointId));
    if (target === undefined || !target.enabled) return undefined;
    if (target.pausedMs > 0) return target.pausedMs;
    const end = await this.run(target, signal);
    return this.database.transaction(tenantId, (tx) => this.conclude(tx, target, end));
  }

  private async target(tx: TenantTx, endpointId: WebhookEndpointId): Promise<Target | undefined> {
    const health = await this.stores.endpoints.health(tx, endpointId);
    if (health === undefined) return undefined;
    const keys = await this.stores.webhookSecrets.valid(tx, endpointId);
    return { ...health, tenantId: tx.tenantId, endpointId, keys };
  }

  private async run(target: Target, signal: AbortSignal): Promise<RunEnd> {
    const { tenantId, endpointId } = target;
    // Every post on its way listens to it.
    setMaxListeners(0, signal);
    const lanes = new DeliveryLanes((afterSequence) =>
      this.database.transaction(tenantId, (tx) =>
        this.stores.deliveries.due(tx, endpointId, afterSequence, WINDOW),
      ),
    );
    let isFailing = target.failingSince !== null;
    const commit = new GroupCommit<TriedDelivery, void>((tried) =>
      this.database.transaction(tenantId, async (tx) => {
        isFailing = await this.record(tx, endpointId, tried, isFailing);
        return tried.map(() => undefined);
      }),
    );
    const ports = {
      post: (delivery: DueDelivery) => this.post(target, delivery, signal),
      record: (tried: TriedDelivery) => commit.add(tried),
    };
    return new DeliveryRun(lanes, ports, target.pauses > 0, signal).go();
  }

  private async post(
    { tenantId, url, keys }: Target,
    delivery: DueDelivery,
    signal: AbortSignal,
  ): Promise<PostResult> {
    const { eventId: id, body, traceParent } = delivery;
    const headers = {
      'content-type': CLOUD_EVENT_MEDIA_TYPE,
      'user-agent': USER_AGENT,
      ...signatureHeaders({ id, at: new Date(), body }, keys),
    };
    const send = () => this.client.post(url, headers, body, signal);
    if (traceParent === null) return send();
    // Whoever receives it may go on with the trace.
    const attributes = { 'colophon.tenant_id': tenantId, 'colophon.event_id': id };
    return inSpan('webhook', traceParent, { kind: SpanKind.PRODUCER, attributes }, send);
  }

  /** @returns Whether the endpoint counts as failing from here on. */
  private async record(
    tx: TenantTx,
    endpointId: WebhookEndpointId,
    tried: readonly TriedDelivery[],
    isFailing: boolean,
  ): Promise<boolean> {
    await this.stores.deliveries.record(tx, tried);
    const failed = tried.some(({ result }) => !isSuccess(result.statusCode));
    const succeeded = tried.some(({ result }) => isSuccess(result.statusCode));
    if (succeeded && isFailing) await this.stores.endpoints.markWorking(tx, endpointId);
    if (failed && (succeeded || !isFailing)) await this.stores.endpoints.markFailing(tx, endpointId);
    return failed;
  }

  private async conclude(tx: TenantTx, { endpointId }: Target, end: RunEnd): Promise<number | undefined> {
    await this.stores.webhookEvents.prune(tx, new Date(Date.now() - RETENTION_MS), PRUNE_BATCH);
    const health = await this.stores.endpoints.health(tx, endpointId);
    if (health === undefined || !health.enabled) return undefined;
    if (end.kind === 'gone')
      return this.disable(tx, endpointId, 'The receiver answered 410: it wants no more.');
    const failingMs = health.failingSince === null ? 0 : Date.now() - health.failingSince.getTime();
    if (failingMs >= DISABLE_AFTER_MS)
      return this.disable(tx, endpointId, 'Every delivery has failed for 5 days.');
    if (end.kind === 'pause') {
      const pauseMs = Math.max(end.askedMs, endpointPauseMs(health.pauses, Math.random()));
      await this.stores.endpoints.pause(tx, endpointId, pauseMs);
      return pauseMs;
    }
    return end.kind === 'more' ? 0 : this.stores.deliveries.untilNextTry(tx, endpointId);
  }

  /** Stops sending to an endpoint, and tells the tenant's others. */
  private async disable(tx: TenantTx, endpointId: WebhookEndpointId, reason: string): Promise<undefined> {
    if (!(await this.stores.endpoints.disable(tx, endpointId, reason))) return;
    await this.stores.deliveries.bury(tx, endpointId);
    await this.publisher.publish(tx, [webhookDisabled(tx.tenantId, endpointId, reason)]);
  }
}
