import { createServer, type Server } from 'node:net';

/**
 * Ports of 127.0.0.1, all different: each the preferred one if it is free, else one that the system chooses.
 */
export async function freePorts(preferred: readonly (number | undefined)[]): Promise<number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  for (const wish of preferred) {
    const server = (wish === undefined ? undefined : await listen(wish)) ?? (await listen(0));
    const address = server?.address();
    if (server === undefined || typeof address !== 'object' || address === null) {
      throw new Error('the system has no free port on 127.0.0.1');
    }
    held.push(server);
    ports.push(address.port);
  }
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
