import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Archive } from '../domain/export/export-service';
import { NotFoundError } from '../domain/not-found-error';
import { actorId } from '../domain/tenancy/caller';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';
import { exportGlobalIdSchema } from '../schema/inputs/ids';
import { EXPORTS_PATH } from '../schema/types/tenant-export';
import { parseRange } from './byte-range';
import { RateLimitedError, type RateLimits, rateLimitHeaders } from './limits/rate-limits';
import { sendProblem } from './problem';
import { type ContextParts, RequestContext, type RequestOrigin } from './request-context';
import type { Services } from './services';

export interface DownloadParts {
  readonly exports: Pick<Services['exports'], 'download'>;
  readonly rateLimits: Pick<RateLimits, 'charge'>;
  context(authorization: string | undefined, origin: RequestOrigin): ContextParts;
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  [ErrorCode.Unauthenticated]: 401,
  [ErrorCode.Forbidden]: 403,
  [ErrorCode.NotFound]: 404,
  [ErrorCode.ExportNotReady]: 409,
  [ErrorCode.ExportOver]: 410,
  [ErrorCode.RateLimited]: 429,
};

/** Serves the archives of exports: whole or a range of bytes, so that a download that broke off can go on. */
export function addExportDownloads(fastify: FastifyInstance, parts: DownloadParts): void {
  fastify.get<{ Params: { id: string } }>(
    `${EXPORTS_PATH}/:id`,
    { exposeHeadRoute: false },
    async (request, reply) => {
      try {
        return send(request, reply, await open(parts, request, reply));
      } catch (error) {
        const status = error instanceof DomainError ? STATUS[error.code] : undefined;
        if (!(error instanceof DomainError) || status === undefined) throw error;
        if (error instanceof RateLimitedError)
          reply.headers({
            ...Object.fromEntries(rateLimitHeaders(error.quotas)),
            'retry-after': String(error.retryAfterSeconds),
          });
        return sendProblem(reply, request.id, { status, detail: error.message, code: error.code });
      }
    },
  );
}

/** @throws DomainError with a code of {@link STATUS}. */
async function open(
  { exports, rateLimits, context: contextParts }: DownloadParts,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<Archive> {
  const origin = { requestId: request.id, clientAddress: request.ip };
  const context = await RequestContext.create(contextParts(request.headers.authorization, origin));
  reply.headers(Object.fromEntries(rateLimitHeaders(await rateLimits.charge(context.caller))));
  const { tenantId, caller, audit, requestId } = context;
  context.requireScope('tenant:export');
  const id = exportGlobalIdSchema.safeParse(request.params.id);
  if (!id.success) throw new NotFoundError('TenantExport', request.params.id);
  if (caller === undefined) throw new Error('a request that speaks for a tenant has a caller');
  const action = {
    tenantId,
    actor: actorId(caller),
    scopes: caller.scopes,
    operation: 'downloadExport',
    requestId,
    args: { input: { exportId: request.params.id } },
  };
  return audit.within(action, () => exports.download(tenantId, id.data));
}

function send(request: FastifyRequest, reply: FastifyReply, archive: Archive): FastifyReply {
  const { sizeBytes, sha256, fileName } = archive;
  const etag = `"${sha256}"`;
  const { range: asked, 'if-range': condition } = request.headers;
  const range = condition === undefined || condition === etag ? parseRange(asked, sizeBytes) : 'whole';
  reply.headers({ etag, 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' });
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${sizeBytes}`);
    const detail = `The archive has ${sizeBytes} bytes.`;
    return sendProblem(reply, request.id, { status: 416, detail, code: ErrorCode.BadUserInput });
  }
  const { start, end } = range === 'whole' ? { start: 0, end: sizeBytes - 1 } : range;
  if (range !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${sizeBytes}`);
  return reply
    .headers({
      'content-type': 'application/gzip',
      'content-length': end - start + 1,
      'content-disposition': `attachment; filename="${fileName}"`,
    })
    .send(Readable.from(archive.read(start, end), { objectMode: false }));
}
