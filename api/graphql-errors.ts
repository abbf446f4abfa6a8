import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';

/**
 * Turns whatever went wrong into what the client may know. Expected failures keep their code and
 * public message; GraphQL's own errors (syntax, validation) pass; anything else is a bug: it is
 * logged in full under a request id and leaves as `INTERNAL`.
 */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const original = unwrapResolverError(error);
  const place = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  };
  if (original instanceof DomainError) {
    logger.debug({ code: original.code, context: original.context }, original.message);
    return {
      message: original.message,
      ...place,
      extensions: { code: original.code, retryable: original.retryable },
    };
  }
  if (original instanceof GraphQLError) {
    const { stacktrace: _hidden, ...extensions } = formatted.extensions ?? {};
    return { ...formatted, extensions };
  }
  logger.error({ err: original, path: formatted.path }, 'unexpected error');
  return { message: 'Something went wrong on our side.', ...place, extensions: { code: ErrorCode.Internal } };
}
