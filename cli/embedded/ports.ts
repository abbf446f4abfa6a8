import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hasCode } from './system-errors';

const LOOPBACK = '127.0.0.1';
/**
 * Below what systems give to outgoing connections (Linux from 32768, IANA from 49152): a port that is
 * found free here is not taken by any program's next connection before our server listens.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_768;
const MAX_DRAWS = 100;

/**
 * Ports of 127.0.0.1, all different: each the preferred one if it is free, else one drawn at random, which no other
 * process draws as long as this one lives.
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

/**
 * The loopback port noted in `portFile` if it is free, else a new one, which is noted there. So addresses
 * stay the same over restarts wherever possible.
 */
export async function keptPort(portFile: string): Promise<number> {
  const noted = readNotedPort(portFile);
  const [port = 0] = await freePorts([noted]);
  if (port !== noted) writeFileSync(portFile, `${port}\n`);
  return port;
}

function readNotedPort(portFile: string): number | undefined {
  try {
    const port = Number(readFileSync(portFile, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

interface Listening {
  readonly server: Server;
  readonly port: number;
}

async function listenAnywhere(): Promise<Listening> {
  for (let draw = 0; draw < MAX_DRAWS; draw += 1) {
    const port = randomInt(FIRST_PORT, END_PORT);
    const listening = (await reserve(port)) ? await listen(port) : undefined;
    if (listening !== undefined) return listening;
  }
  throw new Error(`${MAX_DRAWS} ports of ${LOOPBACK} were drawn and none is free`);
}

/**
 * Keeps others who draw from this port until this process ends, while nobody listens on it yet: by the UDP port of the
 * same number, which none of our servers uses and which the system gives to one process only.
 */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', (error) => {
      socket.close();
      if (hasCode(error, 'EADDRINUSE', 'EACCES')) resolve(false);
      else reject(error);
    });
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => resolve(true));
  });
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
