import { context, isSpanContextValid, propagation, SpanKind, trace } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers a request as a span of the caller's trace, if he sent a `traceparent`, or of a new one. A stream's ends with
 * the stream.
 */
export function traceRequest(request: FastifyRequest, reply: FastifyReply, answer: () => void): void {
  const origin = propagation.extract(context.active(), request.headers);
  const span = trace
    .getTracer('colophon')
    .startSpan(
      `${request.method} ${request.routeOptions.url ?? 'nowhere'}`,
      { kind: SpanKind.SERVER, attributes: { 'colophon.request_id': request.id } },
      origin,
    );
  if (!isSpanContextValid(span.spanContext())) {
    // Nothing is traced in this process.
    answer();
    return;
  }
  reply.raw.once('close', () => {
    span.setAttribute('http.response.status_code', reply.raw.statusCode);
    span.end();
  });
  context.with(trace.setSpan(origin, span), answer);
}
