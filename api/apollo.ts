import type { AsyncLocalStorage } from 'node:async_hooks';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { depthLimit } from './depth-limit';
import { publicError } from './graphql-errors';
import { idempotencyPlugin } from './idempotency/idempotency-plugin';
import { checkCost } from './query-limits';
import type { RequestContext } from './request-context';
import type { Services } from './services';

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly introspection: boolean;
  readonly idempotency: Services['idempotency'];
  /** The id of the HTTP request that is being answered: Apollo formats errors without their context. */
  readonly requestIds: AsyncLocalStorage<string>;
}

/** Builds the GraphQL engine of the HTTP endpoint, with its limits and its error codes. */
export function buildApollo(
  fastify: FastifyInstance,
  { schema, logger, introspection, idempotency, requestIds }: ApolloParts,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    schema,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    // The process's own signal handling drains and stops everything in order.
    stopOnTerminationSignals: false,
    validationRules: [depthLimit],
    formatError: ({ extensions }, error) =>
      publicError(error, extensions?.['code'], { requestId: requestIds.getStore() ?? 'none', logger }),
    plugins: [
      fastifyApolloDrainPlugin(fastify),
      ApolloServerPluginLandingPageDisabled(),
      idempotencyPlugin({
        idempotency,
        logger,
        admit({ request: { variables }, document, operation }) {
          // Apollo itself refuses a request that names no operation of its document.
          if (operation !== undefined) checkCost({ schema, document, operation, variables });
        },
      }),
    ],
  });
}
