import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { z } from 'zod';

/** Where a process sends its traces. The names are those of OpenTelemetry's specification. */
export const tracingConfigShape = {
  /** Base URL of a collector that takes OTLP over HTTP, e.g. `http://127.0.0.1:4318`; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Which share of requests is traced, from 0 to 1, where the caller does not say. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
} as const;

export type TracingConfig = z.output<z.ZodObject<typeof tracingConfigShape>>;

export interface Tracing {
  /** Sends what has ended so far. */
  flush(): Promise<void>;
  /** Sends what is left, and traces no more. */
  stop(): Promise<void>;
}

/** Traces this process from here on, if it is told where to send traces. Once per process at a time. */
export function startTracing(config: TracingConfig, role: string): Tracing {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  if (endpoint === undefined) return { flush: async () => undefined, stop: async () => undefined };
  return traceTo(new OTLPTraceExporter({ url: new URL('v1/traces', withSlash(endpoint)).href }), role, ratio);
}

/** As {@link startTracing}, to whatever takes spans. */
export function traceTo(exporter: SpanExporter, role: string, ratio: number): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'colophon', 'service.name': role }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    flush: () => provider.forceFlush(),
    async stop() {
      trace.disable();
      propagation.disable();
      context.disable();
      await provider.shutdown();
    },
  };
}

/** For a logger's `mixin`: lines name the trace that they belong to. */
export function traceOfLine(): { readonly traceId?: string } {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return traceId === undefined ? {} : { traceId };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
