import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Authenticator } from './auth/authenticator';
import { formatError } from './graphql-errors';
import { type LoaderServices, makeLoaders } from './loaders';
import { queryLimits } from './query-limits';
import { RequestContext } from './request-context';

export interface ServerParts {
  readonly schema: GraphQLSchema;
  readonly authenticator: Authenticator;
  readonly services: LoaderServices;
  readonly logger: Logger;
}

export interface ApiServer {
  /** e.g. `http://127.0.0.1:4000/graphql` */
  readonly url: string;
  stop(): Promise<void>;
}

/** A request's body: a script and a JSON document of 1 MiB each, escaped, with room to spare. */
const BODY_LIMIT_BYTES = 4 * 1_048_576;

/** Starts GraphQL over HTTP and over WebSocket (graphql-transport-ws) on one port; `port` 0 takes a free one. */
export async function startServer(
  parts: ServerParts,
  { host, port }: { host: string; port: number },
): Promise<ApiServer> {
  const fastify = Fastify({ bodyLimit: BODY_LIMIT_BYTES, genReqId: () => randomUUID() });
  const identify = contextFactory(parts);
  const apollo = new ApolloServer<RequestContext>({
    schema: parts.schema,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    formatError: (formatted, error) => formatError(formatted, error, parts.logger),
    plugins: [fastifyApolloDrainPlugin(fastify), queryLimits(parts.schema)],
  });
  await apollo.start();
  await fastify.register(fastifyApollo(apollo), {
    context: async (request) => identify(request.headers.authorization, request.id),
  });
  fastify.get('/healthz', async () => ({ status: 'ok' }));
  const closeWebSockets = acceptWebSockets(fastify, parts, identify);
  await fastify.listen({ host, port });

  return {
    url: `http://${host}:${boundPort(fastify)}/graphql`,
    async stop() {
      await closeWebSockets();
      await apollo.stop();
      await fastify.close();
    },
  };
}

type Identify = (authorization: string | undefined, requestId: string) => Promise<RequestContext>;

function contextFactory({ authenticator, services }: ServerParts): Identify {
  return async (authorization, requestId) => {
    const { caller, isOperator } = await authenticator.identify(authorization);
    return new RequestContext(requestId, caller, isOperator, (tenantId) => makeLoaders(services, tenantId));
  };
}

/** Subscriptions send the key as `connectionParams.authorization`: browsers cannot set headers on a WebSocket. */
function acceptWebSockets(
  fastify: FastifyInstance,
  { schema, logger }: ServerParts,
  identify: Identify,
): () => Promise<void> {
  const sockets = new WebSocketServer({ server: fastify.server, path: '/graphql' });
  const { dispose } = useServer(
    {
      schema,
      context: async ({ connectionParams }) => {
        const authorization = connectionParams?.['authorization'];
        return identify(typeof authorization === 'string' ? authorization : undefined, randomUUID());
      },
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => formatError(error.toJSON(), error, logger)),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors && {
          ...result,
          errors: result.errors.map((error) => formatError(error.toJSON(), error, logger)),
        },
    },
    sockets,
  );
  return async () => dispose();
}

function boundPort({ server }: FastifyInstance): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a TCP port');
  return address.port;
}
