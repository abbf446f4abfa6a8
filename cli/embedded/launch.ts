import { EmbeddedServiceError } from './embedded-errors';
import { pollUntil } from './poll';
import { isPortFree, keptPort } from './ports';
import type { SpawnedServer } from './spawned-server';

const MAX_PORT_TRIES = 3;

interface Launch {
  /** The product's name, for messages. */
  readonly service: string;
  /** Keeps the port over restarts. */
  readonly portFile: string;
  readonly readyTimeoutMs: number;
  spawn(port: number): SpawnedServer;
  isReady(server: SpawnedServer, port: number): boolean | Promise<boolean>;
}

/**
 * Starts a server on its kept port and waits until it is ready. Another program may take the port
 * between our look and the server's; then another port is tried.
 *
 * @throws {@link EmbeddedServiceError} with the end of the server's log.
 */
export async function launchOnKeptPort({
  service,
  portFile,
  readyTimeoutMs,
  spawn,
  isReady,
}: Launch): Promise<{ server: SpawnedServer; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await keptPort(portFile);
    const server = spawn(port);
    let ready = false;
    await pollUntil(async () => {
      ready = await isReady(server, port);
      return ready || server.hasExited();
    }, readyTimeoutMs);
    if (ready && !server.hasExited()) return { server, port };

    const portWasTaken = server.hasExited() && !(await isPortFree(port));
    await server.stop();
    if (portWasTaken && attempt < MAX_PORT_TRIES) continue;
    throw new EmbeddedServiceError(
      `${service} did not start: it ${await server.exited}. Its log (${server.logFile}) ends with:\n${server.logTail()}`,
    );
  }
}
