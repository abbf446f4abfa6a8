import type { Logger } from 'pino';
import { ChangeListener } from '../domain/events/change-listener';
import { Authenticator } from './auth/authenticator';
import type { ServeConfig } from './config';
import { buildGraphqlSchema } from './graphql-schema';
import { makeLoaders } from './loaders';
import { RequestContext } from './request-context';
import { makeResolvers } from './resolvers';
import { type ApiServer, startServer } from './server';
import type { Services } from './services';
import { ChangeFeed } from './subscriptions/change-feed';
import { Watcher } from './subscriptions/watcher';

/** Serves the API over services that are already composed. */
export async function serve(
  config: ServeConfig,
  services: Services,
  { logger, checkReady }: { logger: Logger; checkReady(): Promise<void> },
): Promise<ApiServer> {
  const authenticator = new Authenticator(services.tenancy, config.OPERATOR_KEY);
  const feed = new ChangeFeed();
  const watcher = new Watcher(feed, services);
  const schema = await buildGraphqlSchema(makeResolvers(services));
  const listener = await ChangeListener.start(config.SYSTEM_DATABASE_URL, {
    onChange: (change) => feed.onChange(change),
    onGap: () => feed.onGap(),
    onError: (error) => logger.warn({ err: error }, 'hearing of changes failed'),
  });
  try {
    const server = await startServer(
      {
        schema,
        logger,
        introspection: config.GRAPHQL_INTROSPECTION,
        idempotency: services.idempotency,
        createContext: (authorization) =>
          RequestContext.create({
            identify: () => authenticator.identify(authorization),
            makeLoaders: (tenantId) => makeLoaders(services, tenantId),
            watcher,
          }),
        checkReady,
      },
      { host: config.HOST, port: config.PORT },
    );
    return {
      url: server.url,
      async stop() {
        await server.stop();
        await listener.stop();
      },
    };
  } catch (error) {
    await listener.stop();
    throw error;
  }
}
