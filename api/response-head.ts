import type { ApolloServerPlugin } from '@apollo/server';
import { rateLimitHeaders } from './limits/rate-limits';
import type { RequestContext } from './request-context';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/**
 * Status and fields of an answer.
 *
 * GraphQL over HTTP, draft of 2025, section 6.4.1: a well-formed request that is answered as
 * `application/json` gets status 200 even when its document fails, because such clients tell the failure
 * of a document from that of a server in between only by it. The newer media type says 400.
 *
 * What the limits leave was told when the request was counted; here it is told by the caller as he turned out to be.
 */
export const responseHead: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, contextValue }) {
        const { http } = response;
        if (http.status === 400 && request.http?.headers.get('accept')?.includes(GRAPHQL_RESPONSE) !== true)
          http.status = 200;
        for (const [name, value] of rateLimitHeaders(contextValue.requoted)) http.headers.set(name, value);
      },
    };
  },
};
