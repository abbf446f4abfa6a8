import type { Logger } from 'pino';
import { ChangeListener } from '../domain/events/change-listener';
import { Loop } from '../domain/loop';
import { Authenticator } from './auth/authenticator';
import type { ServeConfig } from './config';
import type { CursorSigner } from './cursors/cursor-signer';
import { buildGraphqlSchema } from './graphql-schema';
import { Limiters } from './limits/limiters';
import { RateLimits } from './limits/rate-limits';
import { SignInLimits } from './limits/sign-in-limits';
import { TrustedDocuments } from './limits/trusted-documents';
import { makeLoaders } from './loaders';
import { RequestMeter } from './request-meter';
import { makeResolvers } from './resolvers';
import { type ApiServer, startServer } from './server';
import type { Services } from './services';
import { ChangeFeed } from './subscriptions/change-feed';
import { Watcher } from './subscriptions/watcher';

export interface Surroundings {
  readonly logger: Logger;
  /** Rejects when something that requests need is out of reach. */
  checkReady(): Promise<void>;
  /** Signs cursors: the same in every API process. */
  readonly cursors: CursorSigner;
}

/** What a process that is killed may lose of what it counted. */
const FLUSH_USAGE_EVERY_MS = 5_000;

/** Serves the API over services that are already composed. */
export async function serve(
  config: ServeConfig,
  services: Services,
  { logger, checkReady, cursors }: Surroundings,
): Promise<ApiServer> {
  const authenticator = new Authenticator(
    services.tenancy,
    services.sessions,
    services.authorityEpochs,
    config.OPERATOR_KEY,
  );
  const feed = new ChangeFeed();
  const watcher = new Watcher(feed, services);
  const schema = await buildGraphqlSchema(makeResolvers(services));
  const { TRUSTED_DOCUMENTS_FILE: trustedFile } = config;
  const trusted = trustedFile === undefined ? undefined : TrustedDocuments.load(trustedFile);
  const listener = await ChangeListener.start(config.SYSTEM_DATABASE_URL, {
    onChange: (change) => feed.onChange(change),
    onGap: () => feed.onGap(),
    onError: (error) => logger.warn({ err: error }, 'hearing of changes failed'),
  });
  const limiters = Limiters.open(config.REDIS_URL, logger);
  const meter = new RequestMeter((counted) => services.usage.addRequests(counted));
  const metering = new Loop({
    name: 'usage',
    everyMs: FLUSH_USAGE_EVERY_MS,
    pass: () => meter.flush(),
    log: logger,
  });
  const rateLimits = new RateLimits(
    limiters,
    { perTenant: config.RATE_LIMIT_TENANT, perKey: config.RATE_LIMIT_KEY },
    meter,
  );
  const signInLimits = new SignInLimits(limiters, config.RATE_LIMIT_SIGN_IN);
  const close = async () => {
    limiters.close();
    await listener.stop();
    await metering.stop();
    await meter.flush().catch((error: unknown) => {
      logger.error({ err: error }, 'what was counted of requests last is not kept');
    });
  };
  metering.start();
  try {
    const server = await startServer(
      {
        schema,
        logger,
        introspection: config.GRAPHQL_INTROSPECTION,
        trusted,
        rateLimits,
        idempotency: services.idempotency,
        exports: services.exports,
        context: (authorization, { requestId, clientAddress }) => ({
          authorization,
          requestId,
          clientAddress,
          authenticator,
          signInLimits,
          rateLimits,
          audit: services.audit,
          makeLoaders: (tenantId) => makeLoaders(services, tenantId),
          watcher,
          cursors,
        }),
        checkReady,
      },
      {
        host: config.HOST,
        port: config.PORT,
        bodyLimitBytes: config.BODY_LIMIT_BYTES,
        trustedProxies: config.TRUSTED_PROXIES,
      },
    );
    return {
      url: server.url,
      async stop() {
        feed.close();
        await server.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
