import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Logger } from 'pino';
import { collectDefaultMetrics, register } from 'prom-client';
import { z } from 'zod';

/** Where a process shows its metrics. */
export const metricsConfigShape = {
  /** Where `/metrics` answers, in the format of Prometheus; without a port it does not. Not for the internet. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free one. */
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional(),
} as const;

export type MetricsConfig = z.output<z.ZodObject<typeof metricsConfigShape>>;

export interface MetricsServer {
  /** Where it listens; undefined if it does not. */
  readonly port: number | undefined;
  stop(): Promise<void>;
}

/** Shows what all parts of this process count, and what Node.js itself does, at `/metrics` if a port is set. */
export async function startMetrics(
  { METRICS_HOST, METRICS_PORT }: MetricsConfig,
  logger: Logger,
): Promise<MetricsServer> {
  if (METRICS_PORT === undefined) return { port: undefined, stop: async () => undefined };
  if (register.getSingleMetric('process_cpu_seconds_total') === undefined) collectDefaultMetrics();
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    register.metrics().then(
      (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
      (error: unknown) => {
        logger.warn({ err: error }, 'metrics could not be collected');
        response.writeHead(503).end();
      },
    );
  });
  // A process that cannot start, or has nothing left to do, ends: whoever looks at it must not keep it alive.
  server.unref();
  server.listen(METRICS_PORT, METRICS_HOST);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
