import type { Logger } from 'pino';
import { ProjectRepository } from '../domain/registry/project-repository';
import { ProjectService } from '../domain/registry/project-service';
import { TenancyService } from '../domain/tenancy/tenancy-service';
import { TenantService } from '../domain/tenancy/tenant-service';
import { openDataSource } from '../tenants/data-source';
import { SystemDatabase } from '../tenants/system-database';
import { TenantDatabase } from '../tenants/tenant-database';
import { Authenticator } from './auth/authenticator';
import type { ApiConfig } from './config';
import { buildGraphqlSchema } from './graphql-schema';
import { NodeResolver } from './resolvers/node-resolver';
import { ProjectResolver } from './resolvers/project-resolver';
import { ViewerResolver } from './resolvers/viewer-resolver';
import { type ApiServer, startServer } from './server';

/** Composes and starts the API process. `stop` drains requests, then closes the database pools. */
export async function startApi(config: ApiConfig, logger: Logger): Promise<ApiServer> {
  const app = await openDataSource({
    url: config.APP_DATABASE_URL,
    poolSize: 20,
    applicationName: 'colophon-api',
  });
  const system = await openDataSource({
    url: config.SYSTEM_DATABASE_URL,
    poolSize: 4,
    applicationName: 'colophon-api',
  });
  const database = new TenantDatabase(app);
  const tenancy = new TenancyService(new SystemDatabase(system));
  const projects = new ProjectService(database, new ProjectRepository());

  const schema = await buildGraphqlSchema([
    new NodeResolver(),
    new ProjectResolver(projects),
    new ViewerResolver(new TenantService(database), tenancy),
  ]);
  const server = await startServer(
    {
      schema,
      authenticator: new Authenticator(tenancy, config.OPERATOR_KEY),
      services: { projects },
      logger,
    },
    { host: config.HOST, port: config.PORT },
  );
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await Promise.all([app.destroy(), system.destroy()]);
    },
  };
}
