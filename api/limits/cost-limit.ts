import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import {
  type ComplexityEstimatorArgs,
  fieldExtensionsEstimator,
  getComplexity,
  simpleEstimator,
} from 'graphql-query-complexity';
import { ErrorCode } from '../../schema/error-codes';
import { coded } from '../graphql-errors';

/** The most that one operation may cost: each field counts 1, a page's fields count once per row asked for. */
export const MAX_COMPLEXITY = 10_000;

const BAD_REQUEST = { status: 400 };

export interface LimitedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Refuses an operation over the cost limit, before any resolver runs.
 *
 * @throws GraphQLError with a code and HTTP status 400: too complex, or variables that do not fit.
 */
export function checkCost(limited: LimitedOperation): void {
  const complexity = known.get(limited.operation) ?? measure(limited);
  // Without variables it costs the same each time: a document that comes again has the same nodes.
  if (limited.operation.variableDefinitions?.length === 0) known.set(limited.operation, complexity);
  if (complexity > MAX_COMPLEXITY) {
    throw coded(
      `The operation costs ${complexity}; the limit is ${MAX_COMPLEXITY}. Ask for fewer rows or fields.`,
      ErrorCode.QueryTooComplex,
      BAD_REQUEST,
    );
  }
}

const known = new WeakMap<OperationDefinitionNode, number>();

function measure({ schema, document, operation, variables }: LimitedOperation): number {
  const query = { ...document, definitions: document.definitions.filter(isPartOf(operation)) };
  const estimators = [fieldExtensionsEstimator(), pageEstimator, simpleEstimator({ defaultComplexity: 1 })];
  try {
    return getComplexity({ schema, query, variables: { ...variables }, estimators });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const unfit = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables }).errors;
    throw coded(
      error.message,
      unfit === undefined ? ErrorCode.QueryTooComplex : ErrorCode.BadUserInput,
      BAD_REQUEST,
    );
  }
}

function isPartOf(operation: OperationDefinitionNode) {
  return (definition: DocumentNode['definitions'][number]) =>
    definition === operation || definition.kind === Kind.FRAGMENT_DEFINITION;
}

function pageEstimator({ args, childComplexity }: ComplexityEstimatorArgs): number | undefined {
  const first: unknown = args['first'];
  return typeof first === 'number' ? 1 + Math.max(first, 0) * childComplexity : undefined;
}
