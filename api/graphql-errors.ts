import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { BaseError } from 'viem';
import { QuotaExceededError } from '../domain/tenancy/quota-errors';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import { InputError } from '../schema/inputs/parse-input';
import { DatabaseAwayError } from '../tenants/database-away';
import { graphqlErrors } from './metrics';

/** The code that Apollo gives to whatever carries none: to bugs. */
const APOLLO_UNEXPECTED = 'INTERNAL_SERVER_ERROR';

/**
 * Turns whatever went wrong into what the client may know. Expected failures keep their code and
 * public message, as do GraphQL's own (syntax, validation); a database that does not answer is told so, and that it
 * pays to ask again; anything else is a bug: it is logged in full under the request id and leaves as `INTERNAL` with
 * that id.
 *
 * @param code - GraphQL's own code, for an error that is no {@link DomainError}.
 */
export function publicError(
  error: unknown,
  code: unknown,
  request: { requestId: string; logger: Logger },
): GraphQLFormattedError {
  const told = toldError(error, code, request);
  graphqlErrors.inc({ code: String(told.extensions?.['code']) });
  return told;
}

function toldError(
  error: unknown,
  code: unknown,
  { requestId, logger }: { requestId: string; logger: Logger },
): GraphQLFormattedError {
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  const expected = findDomainError(error);
  if (expected !== undefined) {
    if (expected instanceof DatabaseAwayError)
      logger.warn({ requestId, err: expected.cause, ...place }, 'the database does not serve');
    else logger.debug({ requestId, code: expected.code, context: expected.context }, expected.message);
    return { message: expected.message, ...place, extensions: extensionsOf(expected) };
  }
  if (error instanceof GraphQLError && typeof code === 'string' && code !== APOLLO_UNEXPECTED) {
    return { message: error.message, ...place, extensions: { code } };
  }
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  logger.error({ requestId, err: cause, ...place }, 'unexpected error');
  return {
    message: 'Something went wrong on our side.',
    ...place,
    extensions: { code: ErrorCode.Internal, requestId },
  };
}

/** An expected failure of a whole request, with the HTTP status and headers that belong to it. */
export function httpError(
  originalError: DomainError,
  status: number,
  headers: readonly (readonly [name: string, value: string])[] = [],
): GraphQLError {
  return new GraphQLError(originalError.message, {
    originalError,
    extensions: { http: { status, headers: new HeaderMap(headers) } },
  });
}

/**
 * An error of the operation itself, with its code.
 *
 * @param status - For HTTP.
 * @param from - The error that it stands for: tells the place, and the expected failure behind it.
 */
export function coded(
  message: string,
  code: ErrorCode,
  { status, from }: { status?: number; from?: GraphQLError } = {},
): GraphQLError {
  return new GraphQLError(message, {
    ...(from?.nodes && { nodes: from.nodes }),
    ...(from?.originalError && { originalError: from.originalError }),
    extensions: { code, ...(status !== undefined && { http: { status } }) },
  });
}

/** Whatever was thrown, as an error of the operation: the codes of expected failures are found in its original. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function placeOf({ locations, path }: GraphQLError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return { ...(locations && { locations }), ...(path && { path }) };
}

function extensionsOf(error: DomainError): Record<string, unknown> {
  const { code, retryable } = error;
  return {
    code,
    retryable,
    ...(error instanceof InputError && { field: error.field }),
    ...(error instanceof QuotaExceededError && error.details),
  };
}

/**
 * GraphQL wraps what a resolver or a scalar throws, a scalar's more than once; viem wraps what its
 * transport throws, an unreachable chain for one. Other causes are not looked into: an error that
 * wraps an expected failure by itself is a bug all the same.
 */
function findDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (error instanceof BaseError) return findDomainError(error.cause);
  return error instanceof GraphQLError ? findDomainError(error.originalError) : undefined;
}
