import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eip155Number } from '../../../schema/caip';
import type { Life } from './life';
import { HOME, MIRROR } from './registry';
import { type LogFilter, SyntheticChain } from './synthetic-chain';

/** Blocks that a chain keeps once they are made: two endpoints ask for each, in ranges of up to 2,000. */
const KEPT_BLOCKS = 5_000;
const METHOD_NOT_FOUND = -32_601;

interface Call {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** Answers one call as a node does. @throws UnknownMethodError. */
function answer(chain: SyntheticChain, { method, params = [] }: Call): unknown {
  const [first, second] = params;
  switch (method) {
    case 'eth_chainId':
      return `0x${chain.eip155.toString(16)}`;
    case 'eth_blockNumber':
      return `0x${chain.head.toString(16)}`;
    case 'eth_getBlockByNumber':
      return chain.at(numberOf(chain, first))?.header ?? null;
    case 'eth_getBlockReceipts':
      return chain.at(numberOf(chain, first))?.receipts ?? null;
    case 'eth_getLogs':
      // CAST: what the follower asks.
      return chain.logs(first as LogFilter);
    // Of this server alone, as `anvil_mine` is of anvil: blocks up to this number are there.
    case 'growth_advance':
      chain.head = Number(first);
      return null;
    case 'growth_prepare':
      chain.prepare(Number(first), Number(second));
      return null;
    default:
      throw new UnknownMethodError(method);
  }
}

class UnknownMethodError extends Error {
  constructor(method: string) {
    super(`the method ${method} does not exist`);
  }
}

function numberOf(chain: SyntheticChain, block: unknown): number {
  switch (block) {
    case 'latest':
    case 'pending':
      return chain.head;
    case 'finalized':
    case 'safe':
      return Math.max(0, chain.head - FINALITY_DEPTH);
    case 'earliest':
      return 0;
    default:
      return Number(block);
  }
}

/** Anvil's: two epochs of 32 slots. */
const FINALITY_DEPTH = 64;

function reply(chain: SyntheticChain, call: Call): object {
  try {
    return { jsonrpc: '2.0', id: call.id, result: answer(chain, call) };
  } catch (error) {
    if (!(error instanceof UnknownMethodError)) throw error;
    return { jsonrpc: '2.0', id: call.id, error: { code: METHOD_NOT_FOUND, message: error.message } };
  }
}

/** Each chain under a path of its own. */
async function handle(
  chains: Readonly<Record<string, SyntheticChain>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chain = chains[request.url ?? ''];
  if (chain === undefined) {
    response.writeHead(404).end();
    return;
  }
  // CAST: JSON-RPC 2.0, of which only our own programs ask.
  const asked = JSON.parse(await text(request)) as Call | Call[];
  const told = Array.isArray(asked) ? asked.map((call) => reply(chain, call)) : reply(chain, asked);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
}

export interface SyntheticServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves both chains, on all of this machine's loopback addresses. */
export async function serveSynthetic(life: Life): Promise<SyntheticServer> {
  const chains = {
    '/home': new SyntheticChain(eip155Number(HOME), 'home', life, KEPT_BLOCKS),
    '/mirror': new SyntheticChain(eip155Number(MIRROR), 'mirror', life, KEPT_BLOCKS),
  };
  const server = createServer((request, response) => {
    handle(chains, request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0);
  await once(server, 'listening');
  return {
    // CAST: a TCP server's address is one.
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
