import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { ErrorCode } from '../schema/error-codes';
import { depthLimit } from './depth-limit';
import { publicError } from './graphql-errors';
import { checkCost } from './query-limits';
import type { RequestContext } from './request-context';

export interface WebSocketParts {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly introspection: boolean;
  /** The largest message that a client may send. */
  readonly maxPayloadBytes: number;
  createContext(authorization: string | undefined): Promise<RequestContext>;
}

/** How many operations one connection may run at a time. */
const MAX_OPERATIONS = 100;

/**
 * Serves GraphQL over graphql-transport-ws, with the limits and error codes of HTTP. A client sends
 * its key as `connectionParams.authorization`: browsers cannot set headers on a WebSocket.
 *
 * @returns Ends all subscriptions and closes all connections.
 */
export function acceptWebSockets(server: Server, parts: WebSocketParts): () => Promise<void> {
  const { logger, maxPayloadBytes } = parts;
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: maxPayloadBytes });
  const hide = (errors: readonly GraphQLError[]) =>
    errors.map((error) => publicError(error, error.extensions['code'], { requestId: randomUUID(), logger }));
  const { dispose } = useServer(
    {
      onSubscribe: async ({ connectionParams, subscriptions }, _id, payload) => {
        try {
          return await prepare(parts, payload, {
            authorization: connectionParams?.['authorization'],
            running: Object.keys(subscriptions).length,
          });
        } catch (error) {
          return [asGraphQLError(error)];
        }
      },
      onError: (_context, _id, _payload, errors) => hide(errors),
      onNext: (_context, _id, _payload, _args, { data = null, errors }) =>
        errors === undefined ? undefined : { data, errors: hide(errors) },
      // Keeps messages of bugs out of what the connection is closed with.
      isProd: true,
    },
    sockets,
  );
  return async () => dispose();
}

/** Does what Apollo does for HTTP: parses, validates, limits and authenticates. */
async function prepare(
  { schema, introspection, createContext }: WebSocketParts,
  { query, operationName, variables }: SubscribePayload,
  { authorization, running }: { authorization: unknown; running: number },
): Promise<ExecutionArgs> {
  if (running > MAX_OPERATIONS)
    throw coded(`A connection runs at most ${MAX_OPERATIONS} operations.`, ErrorCode.QueryTooComplex);
  const document = parseDocument(query);
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const [invalid] = validate(schema, document, [...rules, depthLimit], {
    maxErrors: 1,
    hideSuggestions: !introspection,
  });
  if (invalid !== undefined) throw coded(invalid.message, ErrorCode.GraphqlValidationFailed, invalid);
  const operation = getOperationAST(document, operationName);
  if (operation == null)
    throw coded('The operation is not in the document.', ErrorCode.GraphqlValidationFailed);
  checkCost({ schema, document, operation, variables });
  return {
    schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables ?? null,
    contextValue: await createContext(typeof authorization === 'string' ? authorization : undefined),
  };
}

function parseDocument(query: string) {
  try {
    return parse(query);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw coded(error.message, ErrorCode.GraphqlParseFailed);
  }
}

function coded(message: string, code: ErrorCode, { nodes, originalError }: Partial<GraphQLError> = {}) {
  return new GraphQLError(message, {
    ...(nodes && { nodes }),
    ...(originalError && { originalError }),
    extensions: { code },
  });
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
