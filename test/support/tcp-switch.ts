import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/**
 * One address that clients keep, before a server that may be replaced: what a Service or a pooler is to a deployment.
 * While nothing is behind it, connections are accepted and dropped.
 */
export class TcpSwitch {
  private readonly clients = new Set<Socket>();
  private target: number | undefined;

  private constructor(private readonly server: Server) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /** Listens on a free port of loopback, or on the given one. */
  static async open(port = 0): Promise<TcpSwitch> {
    const server = createServer();
    server.listen(port, HOST);
    await once(server, 'listening');
    return new TcpSwitch(server);
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the switch listens on a port');
    return address.port;
  }

  /** Leads new connections to that port of loopback, to none if undefined, and drops those that there are. */
  pointTo(target: number | undefined): void {
    this.target = target;
    for (const client of this.clients) client.destroy();
  }

  /** The URL with the switch's address in place of its own. */
  before(url: string): string {
    const behind = new URL(url);
    behind.host = `${HOST}:${this.port}`;
    return behind.href;
  }

  async close(): Promise<void> {
    this.pointTo(undefined);
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    if (this.target === undefined) {
      client.destroy();
      return;
    }
    const server = connect({ host: HOST, port: this.target, noDelay: true });
    client.setNoDelay(true);
    this.clients.add(client);
    client.pipe(server).pipe(client);
    // Either end may break at any time, which is what the switch is for: the other one then breaks, too.
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    client.on('close', () => this.clients.delete(client));
  }
}
