import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { within } from '../domain/within';
import type { WorkerConfig } from './config';

/** How long the database may take to answer before the process counts as not ready. */
const READY_TIMEOUT_MS = 2_000;

export interface Health {
  /** Where it listens; undefined if it does not. */
  readonly port: number | undefined;
  stop(): Promise<void>;
}

/**
 * Answers `/healthz` (the process lives) and `/readyz` (it can work, which needs the database) if a port is set.
 *
 * @param checkReady - Rejects when something that jobs need is out of reach.
 */
export async function startHealth(
  { HEALTH_HOST, HEALTH_PORT }: Pick<WorkerConfig, 'HEALTH_HOST' | 'HEALTH_PORT'>,
  checkReady: () => Promise<void>,
  logger: Logger,
): Promise<Health> {
  if (HEALTH_PORT === undefined) return { port: undefined, stop: async () => undefined };
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return answer(response, 200, { status: 'ok' });
    if (request.url !== '/readyz') return answer(response, 404, { status: 'not found' });
    within(READY_TIMEOUT_MS, checkReady()).then(
      () => answer(response, 200, { status: 'ready' }),
      (error: unknown) => {
        logger.warn({ err: error }, 'not ready');
        answer(response, 503, { status: 'not ready', detail: 'The database does not answer.' });
      },
    );
  });
  server.listen(HEALTH_PORT, HEALTH_HOST);
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

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
