import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { hasCode } from '../../cli/embedded/system-errors';

const LOOPBACK = '127.0.0.1';
/**
 * Below what systems give to outgoing connections (Linux from 32768, IANA from 49152): a port that is
 * found free here is not taken by any program's next connection before our server listens.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_768;
const MAX_DRAWS = 100;

/**
 * Ports of 127.0.0.1, all different: each the preferred one if it is free, else one drawn at random.
 * @throws Error when none is free.
 */
export async function freePorts(preferred: readonly (number | undefined)[]): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  try {
    for (const wish of preferred) {
      const wished = wish === undefined ? undefined : await listen(wish);
      const { server, port } = wished ?? (await listenAnywhere());
      held.push(server);
      ports.push(port);
    }
  } finally {
    await Promise.all(held.map(close));
  }
  return ports;
}

/** True when a server could listen on this loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  const listening = await listen(port);
  if (listening === undefined) return false;
  await close(listening.server);
  return true;
}

interface Listening {
  readonly server: Server;
  readonly port: number;
}

async function listenAnywhere(): Promise<Listening> {
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const listening = await listen(randomInt(FIRST_PORT, END_PORT));
    if (listening !== undefined) return listening;
  }
  throw new Error(`${MAX_DRAWS} ports of ${LOOPBACK} were drawn and none is free`);
}

/** Undefined when somebody else has the port. */
function listen(port: number): Promise<Listening | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE', 'EACCES')) resolve(undefined);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => resolve({ server, port }));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
