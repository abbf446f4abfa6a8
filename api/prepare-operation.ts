import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { ErrorCode } from '../schema/error-codes';
import { coded } from './graphql-errors';
import { checkCost } from './limits/cost-limit';
import { LIMIT_RULES, PARSE_OPTIONS } from './limits/document-limits';
import { checkNesting } from './limits/nesting-limit';
import type { TrustedDocuments } from './limits/trusted-documents';
import type { RequestContext } from './request-context';

export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly trusted: TrustedDocuments | undefined;
  /** Says who is calling, and counts the call. */
  createContext(authorization: string | undefined): Promise<RequestContext>;
}

/** An operation as WebSockets and event streams bring it. */
export interface AskedOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * Does for streams what Apollo does for HTTP: parses, validates, limits and authenticates. Mutations are
 * refused: they go over HTTP, where `Idempotency-Key` protects them.
 *
 * @throws GraphQLError with a code, or a DomainError.
 */
export async function prepareOperation(
  { schema, introspection, trusted, createContext }: OperationParts,
  { query, operationName, variables }: AskedOperation,
  authorization: string | undefined,
): Promise<ExecutionArgs & { contextValue: RequestContext }> {
  trusted?.check(query);
  checkNesting(query);
  const document = parseDocument(query);
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const [invalid] = validate(schema, document, [...rules, ...LIMIT_RULES], {
    maxErrors: 1,
    hideSuggestions: !introspection,
  });
  if (invalid !== undefined)
    throw coded(invalid.message, ErrorCode.GraphqlValidationFailed, { from: invalid });
  const operation = getOperationAST(document, operationName);
  if (operation == null)
    throw coded('The operation is not in the document.', ErrorCode.GraphqlValidationFailed);
  if (operation.operation === OperationTypeNode.MUTATION)
    throw coded('Send mutations by HTTP POST to /graphql.', ErrorCode.TransportNotSupported);
  checkCost({ schema, document, operation, variables });
  return {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: await createContext(authorization),
  };
}

function parseDocument(query: string): DocumentNode {
  try {
    return parse(query, PARSE_OPTIONS);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw coded(error.message, ErrorCode.GraphqlParseFailed);
  }
}
