import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { ErrorCode } from '../schema/error-codes';
import { DatabaseAwayError } from '../tenants/database-away';

export interface Problem {
  readonly status: number;
  /** For people; no secrets. */
  readonly detail: string;
  readonly code: ErrorCode;
}

/** Answers outside GraphQL with problem details (RFC 9457). */
export function sendProblem(
  reply: FastifyReply,
  requestId: string,
  { status, detail, code }: Problem,
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: STATUS_CODES[status], status, detail, code, requestId });
}

/** Makes problems of whatever fails outside GraphQL: the client's own mistakes keep their text, bugs do not. */
export function answerProblems(fastify: FastifyInstance, logger: Logger): void {
  fastify.setNotFoundHandler((request, reply) =>
    sendProblem(reply, request.id, {
      status: 404,
      detail: 'There is nothing here. The API is at /graphql.',
      code: ErrorCode.NotFound,
    }),
  );
  fastify.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const { statusCode: status = 500 } = error;
    if (status < 500)
      return sendProblem(reply, request.id, { status, detail: error.message, code: ErrorCode.BadUserInput });
    if (error instanceof DatabaseAwayError) {
      const { message: detail, code, cause } = error;
      logger.warn({ requestId: request.id, err: cause }, 'the database does not serve');
      return sendProblem(reply, request.id, { status: 503, detail, code });
    }
    logger.error({ requestId: request.id, err: error }, 'unexpected error');
    return sendProblem(reply, request.id, {
      status: 500,
      detail: 'Something went wrong on our side.',
      code: ErrorCode.Internal,
    });
  });
}
