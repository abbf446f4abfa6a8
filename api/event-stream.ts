import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionResult, execute, type GraphQLError, getOperationAST, subscribe } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { Logger } from 'pino';
import { ErrorCode } from '../schema/error-codes';
import { asGraphQLError, publicError } from './graphql-errors';
import { type OperationParts, prepareOperation } from './prepare-operation';
import { sendProblem } from './problem';

export interface EventStreamParts extends OperationParts {
  readonly logger: Logger;
}

/**
 * Serves GraphQL over server-sent events at `/graphql/stream`: the distinct connections mode of the
 * graphql-sse protocol, with the limits and error codes of HTTP.
 */
export function addEventStream(fastify: FastifyInstance, parts: EventStreamParts): void {
  const { logger } = parts;
  const handle = createHandler({
    // No token: the single connection mode would keep operations in this process between requests.
    authenticate: () => null,
    onSubscribe: async ({ raw: { id, headers } }, params) => {
      const results = new Results(id, logger);
      try {
        return results.of(await run(parts, params, headers.authorization));
      } catch (error) {
        return results.failure(error);
      }
    },
  });
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql/stream',
    handler: async (request, reply) => {
      if (!isDeliberate(request)) {
        const detail = 'Send a JSON body, or the header apollo-require-preflight with a GET request.';
        return sendProblem(reply, request.id, { status: 400, detail, code: ErrorCode.BadUserInput });
      }
      return stream(request, reply);
    },
  });

  async function stream(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.hijack();
    try {
      await handle(request, reply);
    } catch (error) {
      logger.error({ requestId: request.id, err: error }, 'an event stream broke off');
      reply.raw.destroy();
    }
  }
}

type Stream = AsyncGenerator<ExecutionResult, void, void>;
type Running = ExecutionResult | Stream;

async function run(
  parts: OperationParts,
  params: Parameters<typeof prepareOperation>[1],
  authorization: string | undefined,
): Promise<Running> {
  const args = await prepareOperation(parts, params, authorization);
  const operation = getOperationAST(args.document, args.operationName)?.operation;
  // CAST: without incremental delivery, graphql-js answers one result or a generator of them.
  return (await (operation === 'subscription' ? subscribe(args) : execute(args))) as Running;
}

/** What clients get to see of results: errors with their codes, bugs masked. */
class Results {
  constructor(
    private readonly requestId: string,
    private readonly logger: Logger,
  ) {}

  of(running: Running): Running {
    return Symbol.asyncIterator in running ? this.stream(running) : this.format(running);
  }

  /** Passes `return` on at once: a generator of our own would wait with it for the next result. */
  private stream(source: Stream): Stream {
    let failed = false;
    const stream: Stream = {
      next: async () => {
        if (failed) return { done: true, value: undefined };
        try {
          const step = await source.next();
          return step.done === true ? step : { done: false, value: this.format(step.value) };
        } catch (error) {
          // The protocol has no event for a subscription that fails: its last result says so.
          failed = true;
          return { done: false, value: this.failure(error) };
        }
      },
      return: () => source.return(),
      throw: (error) => source.throw(error),
      [Symbol.asyncIterator]: () => stream,
      [Symbol.asyncDispose]: async () => {
        await source.return();
      },
    };
    return stream;
  }

  failure(error: unknown): ExecutionResult {
    return this.format({ errors: [asGraphQLError(error)] });
  }

  private format(result: ExecutionResult): ExecutionResult {
    if (result.errors === undefined) return result;
    const { requestId, logger } = this;
    const errors = result.errors.map((error) =>
      publicError(error, error.extensions['code'], { requestId, logger }),
    );
    // The library takes only what has data for a result. CAST: what is sent of an error is its formatted form.
    return { data: null, ...result, errors: errors as readonly object[] as readonly GraphQLError[] };
  }
}

/** Whether a foreign page could not have made a browser send it without asking first (CORS preflight). */
function isDeliberate({ method, headers }: FastifyRequest): boolean {
  if (method === 'POST') return headers['content-type']?.startsWith('application/json') === true;
  return headers.authorization !== undefined || headers['apollo-require-preflight'] !== undefined;
}
