import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';

/** The most that one operation may cost: each field counts 1, a page's fields count once per row asked for. */
const MAX_COMPLEXITY = 10_000;

/** The operation asks for more than one request may. */
export class QueryTooComplexError extends DomainError {
  readonly code = ErrorCode.QueryTooComplex;

  constructor(complexity: number) {
    super(`The operation costs ${complexity}; the limit is ${MAX_COMPLEXITY}. Ask for fewer rows or fields.`);
  }
}

/** Refuses operations over the cost limit before any resolver runs. */
export function queryLimits(schema: GraphQLSchema): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, document }) {
          const complexity = getComplexity({
            schema,
            query: document,
            ...(request.operationName && { operationName: request.operationName }),
            variables: request.variables ?? {},
            estimators: [
              fieldExtensionsEstimator(),
              pageEstimator,
              simpleEstimator({ defaultComplexity: 1 }),
            ],
          });
          if (complexity > MAX_COMPLEXITY) throw new QueryTooComplexError(complexity);
        },
      };
    },
  };
}

function pageEstimator({
  args,
  childComplexity,
}: {
  args: Record<string, unknown>;
  childComplexity: number;
}): number | undefined {
  const { first } = args;
  return typeof first === 'number' ? 1 + Math.max(first, 0) * childComplexity : undefined;
}
