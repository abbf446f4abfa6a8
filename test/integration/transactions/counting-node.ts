import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What only the tenant and its provider know. */
export const RPC_KEY = 'k3y-0f-the-pr0vider';

/** How the node answers a method; as the chain behind it does, without any. */
export type Reply = { readonly result: unknown } | { readonly status: number } | 'hang';

/** A tenant's provider: a proxy of a node that counts what it is asked, and can be made to fail or lie. */
export class CountingNode {
  /** The methods that it was asked for, the check of its chain aside. */
  readonly asked: string[] = [];
  /** How many connections were opened to it. */
  connections = 0;
  /** By method, or `*` for all. */
  readonly replies = new Map<string, Reply>();
  private readonly hanging: ServerResponse[] = [];

  private constructor(
    private readonly server: Server,
    private readonly behind: string,
  ) {}

  static async start(behind: string): Promise<CountingNode> {
    const server = createServer((request, response) => {
      node.answer(request, response).catch((error: Error) => response.destroy(error));
    });
    const node = new CountingNode(server, behind);
    server.on('connection', () => {
      node.connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return node;
  }

  /** Its URL holds the key in path and query, as those of providers do. */
  get url(): string {
    return `http://${this.host}/v2/${RPC_KEY}?token=${RPC_KEY}`;
  }

  get host(): string {
    // CAST: a server that listens on a port has such an address.
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** As if it had just been started. */
  reset(): void {
    this.asked.length = 0;
    this.connections = 0;
    this.replies.clear();
    for (const response of this.hanging.splice(0)) response.destroy();
  }

  async stop(): Promise<void> {
    this.reset();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { id, method } = JSON.parse(body);
    if (method !== 'eth_chainId') this.asked.push(method);
    const reply = this.replies.get(method) ?? this.replies.get('*');
    if (reply === 'hang') {
      this.hanging.push(response);
    } else if (reply === undefined) {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(this.behind, { method: 'POST', headers, body });
      response.end(await answer.text());
    } else if ('status' in reply) {
      response.writeHead(reply.status, { location: this.behind }).end();
    } else {
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: reply.result }));
    }
  }
}
