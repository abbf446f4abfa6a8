import { type Attributes, context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** Where a piece of work belongs: a `traceparent` of W3C Trace Context. Work of no trace, or of one not kept, has none. */
export type TraceParent = string;

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;

/** What to hand on to whoever goes on with the present work; undefined unless it is traced. */
export function currentTraceParent(): TraceParent | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  const { traceparent } = carrier;
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}

export interface SpanOptions {
  readonly kind?: SpanKind;
  /** Ids and names only: whoever may read traces may read them. */
  readonly attributes: Attributes;
}

/** Runs `work` as a span of the trace that `parent` is of, or of a new one; costs next to nothing while nothing is traced. */
export async function inSpan<T>(
  name: string,
  parent: TraceParent | null | undefined,
  { kind = SpanKind.INTERNAL, attributes }: SpanOptions,
  work: () => Promise<T>,
): Promise<T> {
  const origin = parent ? propagation.extract(context.active(), { traceparent: parent }) : context.active();
  const tracer = trace.getTracer('colophon');
  return tracer.startActiveSpan(name, { kind, attributes }, origin, async (span) => {
    try {
      return await work();
    } catch (error) {
      // Not the message: it may hold what a tenant wrote.
      span.setStatus({ code: SpanStatusCode.ERROR, ...(error instanceof Error && { message: error.name }) });
      throw error;
    } finally {
      span.end();
    }
  });
}
