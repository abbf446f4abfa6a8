import type { ApolloServerPlugin } from '@apollo/server';
import type { RequestContext } from './request-context';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * GraphQL over HTTP, draft of 2025, section 6.4.1: a well-formed request that is answered as
 * `application/json` gets status 200 even when its document fails, because such clients tell the failure
 * of a document from that of a server in between only by it. The newer media type says 400.
 */
export const mediaTypeStatus: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response }) {
        const accepted = request.http?.headers.get('accept') ?? '*/*';
        if (response.http.status === 400 && !accepted.includes(GRAPHQL_RESPONSE)) response.http.status = 200;
      },
    };
  },
};
