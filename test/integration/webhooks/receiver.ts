import http, { type IncomingHttpHeaders } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';

/** A request as a receiver got it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The CloudEvent. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape that they sent.
  readonly event: any;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Answer = (received: Received, nth: number) => Reply | Promise<Reply>;

/** A real HTTP server that is sent webhooks; answers 204 unless told otherwise. */
export class Receiver {
  readonly received: Received[] = [];
  answer: Answer = () => ({});

  private constructor(private readonly server: http.Server) {}

  static async start(): Promise<Receiver> {
    const server = http.createServer();
    const receiver = new Receiver(server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const received = { headers: request.headers, body, event: JSON.parse(body) };
      receiver.received.push(received);
      const {
        status = 204,
        headers = {},
        body: text,
      } = await receiver.answer(received, receiver.received.length);
      response.writeHead(status, headers).end(text);
    });
    await listen(server);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}/hook`;
  }

  /** The n of each event's data, in the order of arrival. */
  get numbers(): number[] {
    return this.received.map(({ event }) => event.data.n);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A TCP server that does to a connection what the test wants. */
export class RawReceiver {
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: net.Server) {}

  static async start(onConnection: (socket: Socket) => void): Promise<RawReceiver> {
    const server = net.createServer();
    const receiver = new RawReceiver(server);
    server.on('connection', (socket) => {
      receiver.connections += 1;
      receiver.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      onConnection(socket);
    });
    await listen(server);
    return receiver;
  }

  get port(): number {
    return portOf(this.server);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function listen(server: net.Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: net.Server): number {
  // CAST: it listens on TCP.
  return (server.address() as AddressInfo).port;
}
