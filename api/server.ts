import { randomUUID } from 'node:crypto';
import fastifyApollo from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { buildApollo } from './apollo';
import { ofRequest } from './error-requests';
import { addEventStream } from './event-stream';
import { addExportDownloads } from './export-download';
import { httpError } from './graphql-errors';
import { addHealthRoutes } from './health';
import { checkNesting } from './limits/nesting-limit';
import {
  type Quota,
  RateLimitedError,
  type RateLimits,
  rateLimitedResponse,
  rateLimitHeaders,
} from './limits/rate-limits';
import { DocumentNotTrustedError } from './limits/trusted-documents';
import type { OperationParts } from './prepare-operation';
import { answerProblems } from './problem';
import { type ContextParts, RequestContext, type RequestOrigin } from './request-context';
import type { Services } from './services';
import { traceRequest } from './trace-request';
import { acceptWebSockets } from './websocket';

export interface ServerParts extends Omit<OperationParts, 'createContext'> {
  /** What a request's context is made of. */
  context(authorization: string | undefined, origin: RequestOrigin): ContextParts;
  readonly logger: Logger;
  readonly idempotency: Services['idempotency'];
  readonly exports: Pick<Services['exports'], 'download'>;
  readonly rateLimits: Pick<RateLimits, 'charge' | 'judge'>;
  /** Rejects when something that requests need is out of reach. */
  checkReady(): Promise<void>;
}

export interface ServerSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The largest body, and the largest message over a WebSocket. */
  readonly bodyLimitBytes: number;
  /** How many proxies in front of us may say by X-Forwarded-For whom they ask for. */
  readonly trustedProxies: number;
}

export interface ApiServer {
  /** e.g. `http://127.0.0.1:4000/graphql` */
  readonly url: string;
  /** Ends subscriptions, answers the requests that have begun, takes no more. */
  stop(): Promise<void>;
}

/** Streams carry no mutations, so nobody signs in over them. */
const streamOrigin = () => ({ requestId: randomUUID(), clientAddress: 'stream' });

/** Starts GraphQL over HTTP, over WebSocket and over event streams on one port. */
export async function startServer(
  parts: ServerParts,
  { host, port, bodyLimitBytes, trustedProxies }: ServerSettings,
): Promise<ApiServer> {
  const fastify = Fastify({
    bodyLimit: bodyLimitBytes,
    trustProxy: (_address, hop) => hop < trustedProxies,
    genReqId: () => randomUUID(),
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('preHandler', traceRequest);
  answerProblems(fastify, parts.logger);
  addHealthRoutes(fastify, parts.checkReady, parts.logger);

  const apollo = buildApollo(fastify, parts);
  await apollo.start();
  await fastify.register(fastifyApollo(apollo), {
    context: (request, reply) => admitRequest(parts, request, reply),
  });
  const streams: OperationParts = {
    ...parts,
    createContext: async (authorization) => {
      const context = await RequestContext.create(parts.context(authorization, streamOrigin()));
      await parts.rateLimits.charge(context.caller);
      return context;
    },
  };
  addExportDownloads(fastify, parts);
  addEventStream(fastify, { ...streams, logger: parts.logger });
  const closeWebSockets = acceptWebSockets(fastify.server, {
    ...streams,
    logger: parts.logger,
    maxPayloadBytes: bodyLimitBytes,
  });
  await fastify.listen({ host, port });

  return {
    url: `http://${host}:${boundPort(fastify)}/graphql`,
    async stop() {
      await closeWebSockets();
      await apollo.stop();
    },
  };
}

/** Says who is calling, and whether the call fits the caller's limits and the documents that may run. */
async function admitRequest(
  { trusted, context: contextParts, rateLimits }: ServerParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RequestContext> {
  try {
    const origin = { requestId: request.id, clientAddress: request.ip };
    const context = await RequestContext.recall(contextParts(request.headers.authorization, origin));
    context.quotas = await charge(rateLimits, context);
    for (const [name, value] of rateLimitHeaders(context.quotas)) reply.header(name, value);
    const document = documentOf(request);
    if (document !== undefined) {
      trusted?.check(document);
      checkNesting(document);
    }
    return context;
  } catch (error) {
    throw ofRequest(refusalOf(error), request.id);
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof DocumentNotTrustedError) return httpError(error, 400);
  if (error instanceof RateLimitedError) return rateLimitedResponse(error);
  return error;
}

/** Counts a request. A caller who is only recalled may have been given a higher limit since. */
async function charge(
  rateLimits: ServerParts['rateLimits'],
  context: RequestContext,
): Promise<readonly Quota[]> {
  try {
    return await rateLimits.charge(context.caller);
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    await context.confirm();
    return rateLimits.judge(context.caller, error.quotas);
  }
}

function documentOf({ method, body, query }: FastifyRequest): string | undefined {
  const source: unknown = method === 'GET' ? query : body;
  if (typeof source !== 'object' || source === null || !('query' in source)) return undefined;
  return typeof source.query === 'string' ? source.query : undefined;
}

function boundPort({ server }: FastifyInstance): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a TCP port');
  return address.port;
}
