import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody } from './control-server';
import { post, RpcReplyError, rpc } from './json-rpc';
import type { RpcFault } from './rpc-faults';
import {
  alteredLogsView,
  forkedView,
  laggingView,
  limitedLogsView,
  omittedLogsView,
  type RpcView,
  wrongBlockHashView,
} from './rpc-view';

interface JsonRpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** A second JSON-RPC endpoint of one chain, honest until told otherwise. */
export class RpcProxy {
  private fault: RpcFault = { kind: 'none' };
  private view: RpcView | undefined;
  private readonly hanging = new Set<ServerResponse>();

  constructor(private readonly upstreamUrl: string) {}

  get currentFault(): RpcFault {
    return this.fault;
  }

  /** Takes effect for the next request; connections that hang are closed. */
  setFault(fault: RpcFault): void {
    this.fault = fault;
    this.view = viewOf(fault);
    for (const response of this.hanging) response.destroy();
    this.hanging.clear();
  }

  listen(port: number): Promise<Server> {
    const server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        console.error(`proxy of ${this.upstreamUrl}`, error);
        response.writeHead(502).end();
      });
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { fault, view } = this;
    switch (fault.kind) {
      case 'hang':
        this.hanging.add(response);
        return;
      case 'down':
        response.destroy();
        return;
      case 'rateLimit':
        response.writeHead(429, { 'retry-after': String(fault.retryAfterSeconds) }).end();
        return;
      case 'slow':
        await delay(fault.delayMs);
        break;
      default:
        break;
    }
    const answer =
      view === undefined
        ? await post(this.upstreamUrl, body)
        : JSON.stringify(await this.falsify(body, view));
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  }

  private async falsify(body: string, view: RpcView): Promise<unknown> {
    const request: JsonRpcRequest | JsonRpcRequest[] = JSON.parse(body);
    if (Array.isArray(request)) return Promise.all(request.map((call) => this.answer(call, view)));
    return this.answer(request, view);
  }

  private async answer({ id, method, params = [] }: JsonRpcRequest, view: RpcView): Promise<unknown> {
    const upstream = (name: string, values: readonly unknown[]) => rpc(this.upstreamUrl, name, values);
    try {
      return { jsonrpc: '2.0', id, result: await view({ method, params }, upstream) };
    } catch (error) {
      if (!(error instanceof RpcReplyError)) throw error;
      return { jsonrpc: '2.0', id, error: error.reply };
    }
  }
}

function viewOf(fault: RpcFault): RpcView | undefined {
  switch (fault.kind) {
    case 'lag':
      return laggingView(fault.blocks);
    case 'wrongBlockHash':
      return wrongBlockHashView(fault.fromBlock);
    case 'alterLogs':
      return alteredLogsView();
    case 'omitLogs':
      return omittedLogsView(fault.address);
    case 'limitLogs':
      return limitedLogsView(fault.blocks);
    case 'fork':
      return forkedView(fault.fromBlock);
    case 'wrongChainId':
      return wrongChainIdView(fault.eip155);
    default:
      return undefined;
  }
}

function wrongChainIdView(eip155: number): RpcView {
  return async ({ method, params }, upstream) => {
    if (method === 'eth_chainId') return `0x${eip155.toString(16)}`;
    if (method === 'net_version') return String(eip155);
    return upstream(method, params);
  };
}
