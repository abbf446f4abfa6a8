import {
  type ApolloServerPlugin,
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLRequestListener,
  HeaderMap,
} from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import { IdempotencyKeyReusedError } from '../../domain/idempotency/idempotency-errors';
import { InputError } from '../../schema/inputs/parse-input';
import { IdempotencyInProgressError } from '../../tenants/idempotency-in-progress-error';
import { httpError } from '../graphql-errors';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import { IdempotentRequest } from './idempotent-request';

type Resolved = GraphQLRequestContextDidResolveOperation<RequestContext>;

export interface IdempotencyParts {
  readonly idempotency: Services['idempotency'];
  readonly logger: Logger;
  /** Throws when an operation is over a limit: then it is not begun. */
  admit(resolved: Resolved): Promise<void>;
}

/**
 * Carries mutations with an `Idempotency-Key` header out once, in this one place for all of them
 * (draft-ietf-httpapi-idempotency-key-header-07): sent again they get the same answer, with
 * `Idempotency-Replayed: true`.
 */
export function idempotencyPlugin({
  idempotency,
  logger,
  admit,
}: IdempotencyParts): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart(): Promise<GraphQLRequestListener<RequestContext>> {
      let request: IdempotentRequest | undefined;
      return {
        // Hooks of several plugins run at the same time; what must come first is called from here.
        async didResolveOperation(resolved) {
          await admit(resolved);
          request = await begin(idempotency, resolved);
        },
        async responseForOperation() {
          if (request?.answer === undefined) return null;
          return {
            http: { headers: new HeaderMap([['idempotency-replayed', 'true']]) },
            body: { kind: 'single', singleResult: request.answer },
          };
        },
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          await request?.end(response.body.singleResult).catch((error: unknown) => {
            // What was done is recorded step by step: sent again, it answers from there.
            logger.error({ err: error }, 'an answer was not kept for its Idempotency-Key');
          });
        },
      };
    },
  };
}

async function begin(
  idempotency: Services['idempotency'],
  { request, operation, contextValue, queryHash, operationName }: Resolved,
): Promise<IdempotentRequest | undefined> {
  const header = request.http?.headers.get('idempotency-key');
  if (header === undefined || operation?.operation !== OperationTypeNode.MUTATION) return undefined;
  try {
    const { variables } = request;
    return await IdempotentRequest.begin(idempotency, contextValue, header, {
      queryHash,
      operationName,
      variables,
    });
  } catch (error) {
    // Statuses as the draft has them.
    if (error instanceof InputError) throw httpError(error, 400);
    if (error instanceof IdempotencyKeyReusedError) throw httpError(error, 422);
    if (error instanceof IdempotencyInProgressError)
      throw httpError(error, 409, [['retry-after', String(error.retryAfterSeconds)]]);
    throw error;
  }
}
