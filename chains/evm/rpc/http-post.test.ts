import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { evmChainId } from '../../../schema/caip';
import { RpcEndpoint } from './rpc-endpoint';
import { EndpointFailure } from './rpc-errors';

const CALL = { method: 'eth_blockNumber', params: [] };
const AT_ONCE = 4;

let server: Server;
let endpoint: RpcEndpoint;
/** How many requests a connection has brought. */
const requestsOn = new Map<Socket, number>();
/** Says whether the server closes a connection in place of answering its nth request. */
let closes: (nth: number) => boolean;

beforeEach(async () => {
  closes = () => false;
  requestsOn.clear();
  server = createServer((request, response) => {
    const { socket } = request;
    const nth = (requestsOn.get(socket) ?? 0) + 1;
    requestsOn.set(socket, nth);
    request.resume().once('end', () => {
      if (closes(nth)) socket.destroy();
      else response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x1' }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // CAST: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  const limits = { timeoutMs: 10_000, tenantCallsPerSecond: 1_000 };
  endpoint = new RpcEndpoint(evmChainId(1), `http://127.0.0.1:${port}`, 0, limits);
});

afterEach(async () => {
  endpoint.close();
  server.close();
  await once(server, 'close');
});

test('calls on connections that the server closed while they lay idle are answered over new ones, however many were kept', async () => {
  await endpoint.request(CALL);
  await Promise.all(Array.from({ length: AT_ONCE }, () => endpoint.request(CALL)));
  const kept = requestsOn.size;
  expect(kept).toBe(AT_ONCE);
  // Each that is kept now has brought a request already, and answers no further one.
  closes = (nth) => nth > 1;

  await expect(endpoint.request(CALL)).resolves.toBe('0x1');
  expect(requestsOn.size).toBe(kept + 1);
  expect(endpoint.isHealthy).toBe(true);
});

test('a server that closes a connection made for the call has failed, is told why, and is not asked again', async () => {
  await endpoint.request(CALL);
  closes = () => true;

  const failure = endpoint.request(CALL);
  await expect(failure).rejects.toThrow(EndpointFailure);
  await expect(failure).rejects.toThrow('endpoint #0 (127.0.0.1): socket hang up');
  // The kept connection, and the one made after it.
  expect(requestsOn.size).toBe(2);
  expect(endpoint.isHealthy).toBe(false);
});
