import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { within } from '../domain/within';
import { ErrorCode } from '../schema/error-codes';
import { sendProblem } from './problem';

/** How long the database may take to answer before the process counts as not ready. */
const READY_TIMEOUT_MS = 2_000;

/**
 * `/healthz`: the process lives. `/readyz`: it can serve, which needs the database.
 *
 * @param checkReady - Rejects when something that requests need is out of reach.
 */
export function addHealthRoutes(
  fastify: FastifyInstance,
  checkReady: () => Promise<void>,
  logger: Logger,
): void {
  fastify.get('/healthz', async () => ({ status: 'ok' }));
  fastify.get('/readyz', async (request, reply) => {
    try {
      await within(READY_TIMEOUT_MS, checkReady());
      return { status: 'ready' };
    } catch (error) {
      logger.warn({ err: error }, 'not ready');
      const detail = 'The database does not answer.';
      return sendProblem(reply, request.id, { status: 503, detail, code: ErrorCode.NotReady });
    }
  });
}
