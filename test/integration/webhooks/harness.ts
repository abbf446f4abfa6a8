import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { pollUntil } from '../../../cli/embedded/poll';
import type { Announcement } from '../../../domain/webhooks/announcement';
import type { WebhookClientOptions } from '../../../domain/webhooks/webhook-client';
import type { TenantId, WebhookEndpointId } from '../../../schema/ids';
import type { WebhookDelivery } from '../../../schema/types/webhook';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { bindJob } from '../../../workers/jobs/define-job';
import { deliverWebhooksJob } from '../../../workers/jobs/deliver-webhooks';
import type { JobQueue } from '../../../workers/queue/job-queue';
import { WorkerRuntime } from '../../../workers/worker-runtime';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { webhookServices } from '../../support/webhook-services';
import { QUICK, silent } from '../queue/harness';

/** An endpoint of a test's own, with what its receiver needs to know. */
export interface TestEndpoint {
  readonly tenantId: TenantId;
  readonly endpointId: WebhookEndpointId;
  readonly secret: string;
}

/** Webhooks on a real database, towards receivers on this machine. */
export class WebhookHarness {
  readonly admin: Pool;
  readonly services: ReturnType<typeof webhookServices>;
  private readonly runtimes: WorkerRuntime[] = [];

  private constructor(
    private readonly database: TestDatabase,
    private readonly sources: readonly DataSource[],
    readonly tenants: TenantDatabase,
    private readonly system: SystemDatabase,
    options: WebhookClientOptions,
  ) {
    this.admin = new Pool({ connectionString: database.adminUrl, max: 3 });
    this.services = webhookServices(tenants, options);
  }

  static async create(options: WebhookClientOptions = { allowLoopback: true }): Promise<WebhookHarness> {
    const database = await createTestDatabase();
    const app = await openDataSource({ url: database.appUrl, poolSize: 10, applicationName: 'test' });
    const system = await openDataSource({ url: database.systemUrl, poolSize: 8, applicationName: 'test' });
    return new WebhookHarness(
      database,
      [app, system],
      new TenantDatabase(app),
      new SystemDatabase(system),
      options,
    );
  }

  async destroy(): Promise<void> {
    await this.stopWorkers();
    for (const source of this.sources) await source.destroy();
    await this.admin.end();
    await this.database.drop();
  }

  async tenant(): Promise<TenantId> {
    const { rows } = await this.admin.query<{ tenant_id: TenantId }>(
      "insert into tenants (name) values ('t') returning tenant_id",
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no tenant was made');
    return row.tenant_id;
  }

  async endpoint(tenantId: TenantId, url: string, eventTypes = ['*']): Promise<TestEndpoint> {
    const { endpoint, secret } = await this.services.webhookEndpoints.create(tenantId, {
      url,
      eventTypes,
      description: '',
    });
    return { tenantId, endpointId: endpoint.id, secret };
  }

  /** Publishes one event per number, each in a transaction of its own. */
  async publish(tenantId: TenantId, orderKey: string, ...numbers: number[]): Promise<void> {
    for (const n of numbers) await this.announce(tenantId, plain(orderKey, n));
  }

  async announce(tenantId: TenantId, ...announcements: Announcement[]): Promise<void> {
    await this.tenants.transaction(tenantId, (tx) => this.services.publisher.publish(tx, announcements));
  }

  /** One run of the endpoint's job. @returns As the service does. */
  async deliver({ tenantId, endpointId }: TestEndpoint, signal = new AbortController().signal) {
    return this.services.webhooks.deliver(tenantId, endpointId, signal);
  }

  /** Lets the time pass that retries and pauses wait for. */
  async pass({ endpointId }: TestEndpoint): Promise<void> {
    await this.admin.query('update webhook_deliveries set next_try_at = now() where endpoint_id = $1', [
      endpointId,
    ]);
    await this.admin.query('update webhook_endpoints set paused_until = null where id = $1', [endpointId]);
  }

  /** All deliveries of an endpoint, oldest first. */
  async log({ tenantId, endpointId }: TestEndpoint): Promise<WebhookDelivery[]> {
    const { rows } = await this.admin.query(
      'select id from webhook_deliveries where endpoint_id = $1 order by sequence',
      [endpointId],
    );
    const ids = rows.map(({ id }) => id);
    const found = await this.services.webhookDeliveries.findByIds(tenantId, ids);
    return ids.flatMap((id) => found.find((delivery) => delivery.id === id) ?? []);
  }

  async states(endpoint: TestEndpoint): Promise<string[]> {
    return (await this.log(endpoint)).map(({ state }) => state);
  }

  /** A worker process's share: relay, sweeper and the delivery job. */
  startWorker(queue: JobQueue, settings = QUICK): void {
    const runtime = new WorkerRuntime({
      database: this.system,
      databaseUrl: this.database.systemUrl,
      queue,
      jobs: [bindJob(deliverWebhooksJob, this.services)],
      pools: ['shared'],
      settings,
      log: silent,
    });
    this.runtimes.push(runtime);
    runtime.start();
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.runtimes.splice(0).map((runtime) => runtime.stop()));
  }

  async until(what: string, condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
    if (!(await pollUntil(condition, timeoutMs))) throw new Error(`never happened: ${what}`);
  }
}

/** An event that carries a number. */
export function plain(orderKey: string, n: number): Announcement {
  return { type: 'work.minted', subject: orderKey, orderKey, data: { n } };
}

export function workKey(): string {
  return randomUUID();
}
