import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import fastifyApollo from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { ErrorCode } from '../schema/error-codes';
import { buildApollo } from './apollo';
import { addHealthRoutes } from './health';
import type { RequestContext } from './request-context';
import type { Services } from './services';
import { acceptWebSockets } from './websocket';

export interface ServerParts {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly idempotency: Services['idempotency'];
  /** Makes the context of a request from its `Authorization` header. */
  createContext(authorization: string | undefined): Promise<RequestContext>;
  /** Rejects when something that requests need is out of reach. */
  checkReady(): Promise<void>;
}

export interface ApiServer {
  /** e.g. `http://127.0.0.1:4000/graphql` */
  readonly url: string;
  /** Ends subscriptions, answers the requests that have begun, takes no more. */
  stop(): Promise<void>;
}

/** A request's body: a script and a JSON document of 1 MiB each, escaped, with room to spare. */
const BODY_LIMIT_BYTES = 4 * 1_048_576;

/** Starts GraphQL over HTTP and over WebSocket on one port; `port` 0 takes a free one. */
export async function startServer(
  parts: ServerParts,
  { host, port }: { host: string; port: number },
): Promise<ApiServer> {
  const fastify = Fastify({ bodyLimit: BODY_LIMIT_BYTES, genReqId: () => randomUUID() });
  const requestIds = new AsyncLocalStorage<string>();
  fastify.addHook('preHandler', (request, _reply, done) => requestIds.run(request.id, done));
  hideBugs(fastify, parts.logger);
  addHealthRoutes(fastify, parts.checkReady, parts.logger);

  const apollo = buildApollo(fastify, { ...parts, requestIds });
  await apollo.start();
  await fastify.register(fastifyApollo(apollo), {
    context: async ({ headers }) => parts.createContext(headers.authorization),
  });
  const closeWebSockets = acceptWebSockets(fastify.server, { ...parts, maxPayloadBytes: BODY_LIMIT_BYTES });
  await fastify.listen({ host, port });

  return {
    url: `http://${host}:${boundPort(fastify)}/graphql`,
    async stop() {
      await closeWebSockets();
      await apollo.stop();
    },
  };
}

/** What fails outside GraphQL: the client's own mistakes (a body that is no JSON) keep their text. */
function hideBugs(fastify: FastifyInstance, logger: Logger): void {
  fastify.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode < 500) return reply.send(error);
    logger.error({ requestId: request.id, err: error }, 'unexpected error');
    return reply.code(500).send({ code: ErrorCode.Internal, requestId: request.id });
  });
}

function boundPort({ server }: FastifyInstance): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a TCP port');
  return address.port;
}
