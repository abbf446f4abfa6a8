import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { asGraphQLError } from './graphql-errors';
import type { RequestContext } from './request-context';

/** Apollo formats errors without their context: by the error itself, the id of the request that it is of. */
const requests = new WeakMap<GraphQLError, string>();

/** The request that an error is of; `none` for what went wrong where Apollo tells nobody. */
export function requestOf(error: unknown): string {
  // CAST: whatever has no entry has none, also what could never have one.
  return requests.get(error as GraphQLError) ?? 'none';
}

/** @returns the error by itself, as others may be thrown the same one. */
export function ofRequest(error: unknown, requestId: string): GraphQLError {
  const own = asGraphQLError(error);
  requests.set(own, requestId);
  return own;
}

/** Notes which request the errors of an operation are of. */
export const errorsOfRequests: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue }) {
        for (const error of errors) requests.set(error, contextValue.requestId);
      },
    };
  },
};
