import { AsyncLocalStorage } from 'node:async_hooks';
import type { TenantId } from '../schema/ids';

const tenants = new AsyncLocalStorage<TenantId>();

/** Runs `work` on behalf of a tenant, to whom what it uses of shared resources is charged. It grants no access. */
export function actingFor<T>(tenantId: TenantId, work: () => T): T {
  return tenants.run(tenantId, work);
}

/** The tenant on whose behalf this code runs; undefined for what is done for all, such as following a chain. */
export function actingTenant(): TenantId | undefined {
  return tenants.getStore();
}
