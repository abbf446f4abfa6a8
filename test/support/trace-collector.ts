import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(z.object({ traceId: z.string(), spanId: z.string(), name: z.string() })),
        }),
      ),
    }),
  ),
});

export type CollectedSpan = z.output<
  typeof exportSchema
>['resourceSpans'][number]['scopeSpans'][number]['spans'][number];

/** Takes traces as an OpenTelemetry collector does: OTLP in JSON over HTTP. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** All that came, as it came. */
  readonly bodies: string[] = [];
  private readonly server = createServer((request, response) => {
    json(request).then((body) => {
      this.bodies.push(JSON.stringify(body));
      const { resourceSpans } = exportSchema.parse(body);
      this.spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }, console.error);
  });

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get endpoint(): string {
    // CAST: it listens on a TCP port.
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Names of the spans of a trace. */
  namesOf(traceId: string | undefined): ReadonlySet<string> {
    return new Set(this.spans.filter((span) => span.traceId === traceId).map(({ name }) => name));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
