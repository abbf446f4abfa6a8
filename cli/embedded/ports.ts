import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hasCode } from './system-errors';

const LOOPBACK = '127.0.0.1';

/** Listens for a moment; answers the port, or undefined when somebody else has it. Port 0 lets the system choose. */
async function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (hasCode(error, 'EADDRINUSE', 'EACCES')) resolve(undefined);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      // CAST: a server that listens on a TCP port has an AddressInfo.
      const { port: boundPort } = server.address() as AddressInfo;
      server.close(() => resolve(boundPort));
    });
  });
}

/** True when a server could listen on this loopback port now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryPort(port)) !== undefined;
}

/** A loopback port that is free now, chosen by the system. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new Error('the system offers no free port');
  return port;
}

/**
 * The port noted in `portFile` if it is free, else a new one, which is noted there. So addresses
 * stay the same over restarts wherever possible.
 */
export async function keptPort(portFile: string): Promise<number> {
  const noted = readNotedPort(portFile);
  if (noted !== undefined && (await isPortFree(noted))) return noted;
  const port = await freePort();
  writeFileSync(portFile, `${port}\n`);
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
