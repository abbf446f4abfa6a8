import { readFileSync, writeFileSync } from 'node:fs';
import { freePorts } from '../../test/devnet/ports';
import { hasCode } from './system-errors';

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
