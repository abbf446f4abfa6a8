import type { TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { AssignPool, SuspendTenant, TenantFilter } from '../../schema/inputs/tenant';
import type { Page } from '../../schema/types/connection';
import type { ManagedTenant, WorkerPool } from '../../schema/types/managed-tenant';
import type { SystemDatabase, SystemTx } from '../../tenants/system-database';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { EventPublisher } from '../webhooks/event-publisher';
import { tenantResumed, tenantSuspended } from '../webhooks/tenant-events';
import type { ManagedTenantRepository } from './managed-tenant-repository';
import { PoolNotServedError } from './tenant-errors';
import type { WorkerPoolRepository } from './worker-pool-repository';

/** The pool of every tenant that is given no other. */
const SHARED_POOL = 'shared';

export interface Databases {
  readonly tenants: TenantDatabase;
  readonly system: SystemDatabase;
}

/** What the platform's operator does with tenants. For no tenant's key. */
export class ManagedTenantService {
  constructor(
    private readonly databases: Databases,
    private readonly managed: ManagedTenantRepository,
    private readonly pools: WorkerPoolRepository,
    private readonly publisher: EventPublisher,
  ) {}

  async page(request: PageRequest, filter: TenantFilter): Promise<Page<ManagedTenant>> {
    return this.databases.system.transaction((tx) => this.managed.page(tx, request, filter));
  }

  /** @throws {@link NotFoundError} */
  async get(tenantId: TenantId): Promise<ManagedTenant> {
    return this.databases.system.transaction((tx) => this.read(tx, tenantId));
  }

  /**
   * From now on the tenant's keys only read, and its workers begin nothing new on any chain: see JOBS_WHILE_SUSPENDED.
   * Jobs that run at this moment end. Suspending it again changes nothing, the reason included.
   *
   * @throws {@link NotFoundError}
   */
  async suspend({ tenantId, reason }: SuspendTenant): Promise<ManagedTenant> {
    await this.get(tenantId);
    await this.databases.tenants.transaction(tenantId, async (tx) => {
      if (await this.managed.suspend(tx, reason))
        await this.publisher.publish(tx, [tenantSuspended(tenantId, reason)]);
    });
    return this.get(tenantId);
  }

  /** Ends a suspension: what waited goes on where it stopped. Twice changes nothing. @throws {@link NotFoundError} */
  async resume(tenantId: TenantId): Promise<ManagedTenant> {
    await this.get(tenantId);
    await this.databases.tenants.transaction(tenantId, async (tx) => {
      if (await this.managed.resume(tx)) await this.publisher.publish(tx, [tenantResumed(tenantId)]);
    });
    return this.get(tenantId);
  }

  /**
   * Has a tenant's jobs run by the workers of a pool. Jobs that are queued already run where they were queued.
   *
   * @throws {@link NotFoundError}, {@link PoolNotServedError}
   */
  async assignPool(input: AssignPool): Promise<ManagedTenant> {
    return this.databases.system.transaction(async (tx) => {
      const tenant = await this.read(tx, input.tenantId);
      const isNew = input.pool !== tenant.pool && input.pool !== SHARED_POOL;
      if (isNew) await this.requireServed(tx, input.pool);
      await this.managed.assignPool(tx, input);
      return this.read(tx, input.tenantId);
    });
  }

  async workerPools(): Promise<WorkerPool[]> {
    return this.databases.system.transaction((tx) => this.pools.all(tx));
  }

  private async requireServed(tx: SystemTx, wanted: string): Promise<void> {
    const pools = await this.pools.all(tx);
    if (!pools.some(({ pool, workers }) => pool === wanted && workers > 0))
      throw new PoolNotServedError(wanted);
  }

  private async read(tx: SystemTx, tenantId: TenantId): Promise<ManagedTenant> {
    const tenant = await this.managed.find(tx, tenantId);
    if (tenant === undefined) throw new NotFoundError('Tenant', tenantId);
    return tenant;
  }
}
