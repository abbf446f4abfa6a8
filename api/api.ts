import type { Logger } from 'pino';
import { ProjectRepository } from '../domain/registry/project-repository';
import { ProjectService } from '../domain/registry/project-service';
import { TenancyService } from '../domain/tenancy/tenancy-service';
import { TenantService } from '../domain/tenancy/tenant-service';
import { openDataSource } from '../tenants/data-source';
import { SystemDatabase } from '../tenants/system-database';
import { TenantDatabase } from '../tenants/tenant-database';
import type { ApiConfig } from './config';
import { serve } from './serve';
import type { ApiServer } from './server';
import type { Services } from './services';

export interface Databases {
  readonly tenants: TenantDatabase;
  readonly system: SystemDatabase;
}

/** Builds the services that reach chains as well as the database; they are shared with the workers. */
export type ComposeDomain = (databases: Databases) => Omit<Services, 'tenancy' | 'tenants' | 'projects'>;

/** Composes and starts the API process. `stop` drains requests, then closes the database pools. */
export async function startApi(
  config: ApiConfig,
  logger: Logger,
  composeDomain: ComposeDomain,
): Promise<ApiServer> {
  const pools = await openPools(config);
  const closePools = async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
  };
  try {
    const [app, system] = pools;
    const databases = { tenants: new TenantDatabase(app), system: new SystemDatabase(system) };
    const services: Services = {
      ...composeDomain(databases),
      tenancy: new TenancyService(databases.system),
      tenants: new TenantService(databases.tenants),
      projects: new ProjectService(databases.tenants, new ProjectRepository()),
    };
    const checkReady = async () => {
      await Promise.all(pools.map((pool) => pool.query('select 1')));
    };
    const server = await serve(config, services, { logger, checkReady });
    return {
      url: server.url,
      async stop() {
        await server.stop();
        await closePools();
      },
    };
  } catch (error) {
    await closePools();
    throw error;
  }
}

async function openPools({ APP_DATABASE_URL, SYSTEM_DATABASE_URL }: ApiConfig) {
  const applicationName = 'colophon-api';
  const app = await openDataSource({ url: APP_DATABASE_URL, poolSize: 20, applicationName });
  try {
    return [app, await openDataSource({ url: SYSTEM_DATABASE_URL, poolSize: 4, applicationName })] as const;
  } catch (error) {
    await app.destroy();
    throw error;
  }
}
