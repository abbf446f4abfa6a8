import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What every contestant asks first of all when it indexes, and never before. */
const FIRST_READ = 'eth_getLogs';

/**
 * Passes bytes on to an RPC endpoint and notices when logs are asked for: the one sign of a beginning that looks the
 * same whoever indexes. All contestants go through one.
 */
export class Doorman {
  /** When logs were first asked for, on `performance.now()`'s clock. */
  firstReadAt: number | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(target: string): Promise<Doorman> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port: own } = server.address() as AddressInfo; // CAST: it listens on TCP
    const doorman = new Doorman(server, `http://127.0.0.1:${own}`);
    server.on('connection', (client) => doorman.welcome(client, connect(Number(port), hostname)));
    return doorman;
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private welcome(client: Socket, endpoint: Socket): void {
    client.on('data', (chunk) => {
      if (this.firstReadAt === undefined && chunk.includes(FIRST_READ)) this.firstReadAt = performance.now();
    });
    for (const [from, to] of [
      [client, endpoint],
      [endpoint, client],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      // A contestant that is stopped resets its connections.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
