import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { ErrorCode } from '../schema/error-codes';
import { asGraphQLError, coded, publicError } from './graphql-errors';
import { type OperationParts, prepareOperation } from './prepare-operation';

export interface WebSocketParts extends OperationParts {
  readonly logger: Logger;
  /** The largest message that a client may send. */
  readonly maxPayloadBytes: number;
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
          if (Object.keys(subscriptions).length > MAX_OPERATIONS)
            throw coded(`A connection runs at most ${MAX_OPERATIONS} operations.`, ErrorCode.QueryTooComplex);
          const authorization = connectionParams?.['authorization'];
          return await prepareOperation(
            parts,
            payload,
            typeof authorization === 'string' ? authorization : undefined,
          );
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
  sockets.on('connection', (socket) => {
    // The library would write a client's mistakes (a message over the limit) to the console, as our own errors.
    socket.removeAllListeners('error');
    socket.on('error', (error) => logger.debug({ err: error }, 'a WebSocket broke off'));
  });
  return async () => dispose();
}
