import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import { TenantSuspendedError } from '../domain/tenancy/tenant-errors';
import { ErrorCode } from '../schema/error-codes';
import { isAllowedWhileSuspended } from './allowed-while-suspended';
import { CompiledQueries, executedBy } from './compiled-queries';
import { errorsOfRequests, requestOf } from './error-requests';
import { coded, httpError, publicError } from './graphql-errors';
import { idempotencyPlugin } from './idempotency/idempotency-plugin';
import { checkCost } from './limits/cost-limit';
import { LIMIT_RULES, PARSE_OPTIONS } from './limits/document-limits';
import type { TrustedDocuments } from './limits/trusted-documents';
import { measured } from './measured';
import type { RequestContext } from './request-context';
import { responseHead } from './response-head';
import type { Services } from './services';

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly trusted: TrustedDocuments | undefined;
  readonly idempotency: Services['idempotency'];
}

/** Builds the GraphQL engine of the HTTP endpoint, with its limits and its error codes. */
export function buildApollo(
  fastify: FastifyInstance,
  { schema, logger, introspection, trusted, idempotency }: ApolloParts,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: executedBy(new CompiledQueries(schema), schema),
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // The process's own signal handling drains and stops everything in order.
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    parseOptions: PARSE_OPTIONS,
    validationRules: [...LIMIT_RULES],
    ...(trusted && { persistedQueries: { cache: trusted } }),
    formatError: ({ extensions }, error) =>
      publicError(error, extensions?.['code'], { requestId: requestOf(error), logger }),
    plugins: [
      fastifyApolloDrainPlugin(fastify),
      ApolloServerPluginLandingPageDisabled(),
      // It would look at every field, for cache hints that we do not give.
      ApolloServerPluginCacheControlDisabled(),
      errorsOfRequests,
      responseHead,
      measured,
      idempotencyPlugin({
        idempotency,
        logger,
        async admit({ request: { variables }, document, operation, contextValue }) {
          // Apollo itself refuses a request that names no operation of its document.
          if (operation === undefined) return;
          if (operation.operation === OperationTypeNode.SUBSCRIPTION)
            throw coded('Subscribe over a WebSocket or /graphql/stream.', ErrorCode.TransportNotSupported, {
              status: 400,
            });
          checkCost({ schema, document, operation, variables });
          if (operation.operation === OperationTypeNode.MUTATION) await contextValue.confirm();
          // Before an `Idempotency-Key` is looked at: the refusal is not kept as its answer.
          if (contextValue.caller?.standing.isSuspended && !isAllowedWhileSuspended(schema, operation))
            throw httpError(new TenantSuspendedError(), 403);
        },
      }),
    ],
  });
}
