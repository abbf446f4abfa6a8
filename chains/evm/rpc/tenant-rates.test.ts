import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { evmChainId } from '../../../schema/caip';
import { tenantIdSchema } from '../../../schema/ids';
import { actingFor } from '../../../tenants/acting-tenant';
import { RpcEndpoint } from './rpc-endpoint';
import { RpcRateLimitedError } from './rpc-errors';

const CALL = { method: 'eth_blockNumber', params: [] };
const PER_SECOND = 20;
/** What a tenant may call at once after a pause: one second's calls. */
const BURST = PER_SECOND;

let server: Server;
let endpoint: RpcEndpoint;
/** Calls that have arrived at the node, but for the endpoint's own. */
let arrived = 0;

beforeEach(async () => {
  arrived = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.once('end', () => {
      const asked: { method: string } | { method: string; id: number }[] = JSON.parse(body);
      if (Array.isArray(asked)) {
        arrived += asked.length;
        response.end(JSON.stringify(asked.map(({ id }) => ({ jsonrpc: '2.0', id, result: '0x1' }))));
        return;
      }
      if (asked.method !== 'eth_chainId') arrived += 1;
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x1' }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // CAST: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  const limits = { timeoutMs: 10_000, tenantCallsPerSecond: PER_SECOND };
  endpoint = new RpcEndpoint(evmChainId(1), `http://127.0.0.1:${port}`, 0, limits);
  // The endpoint shows its chain once; that is not measured.
  await endpoint.request(CALL);
  arrived = 0;
});

afterEach(async () => {
  endpoint.close();
  server.close();
  await once(server, 'close');
});

const tenant = () => tenantIdSchema.parse(randomUUID());
const call = () => endpoint.request(CALL);

test('a tenant who floods an endpoint waits for itself; another one is answered at once', async () => {
  const [flooding, quiet] = [tenant(), tenant()];
  const waiting = Array.from({ length: 2 * BURST }, () => actingFor(flooding, call));
  await actingFor(quiet, call);

  // The flood's first second's worth may have gone before it, and no more than trickled through since.
  expect(arrived).toBeLessThanOrEqual(BURST + 1 + PER_SECOND / 2);
  await Promise.all(waiting);
  expect(arrived).toBe(2 * BURST + 1);
});

test('calls for all tenants, as of a follower, are never held up', async () => {
  const flood = Array.from({ length: 2 * BURST }, () => actingFor(tenant(), call));
  const begun = performance.now();
  await Promise.all(Array.from({ length: 3 * BURST }, call));
  expect(performance.now() - begun).toBeLessThan(2_000);
  await Promise.all(flood);
});

test('each call of a batch counts', async () => {
  const flooding = tenant();
  await actingFor(flooding, () => endpoint.batch(Array.from({ length: BURST }, () => CALL)));
  const begun = performance.now();
  await actingFor(flooding, () => endpoint.batch(Array.from({ length: PER_SECOND / 2 }, () => CALL)));
  expect(performance.now() - begun).toBeGreaterThan(200);
});

test('calls that would wait longer than five seconds are refused with a code that says so, and take nothing', async () => {
  const flooding = tenant();
  const many = Array.from({ length: 8 * PER_SECOND }, () => actingFor(flooding, call));
  const results = await Promise.allSettled(many.slice(6 * PER_SECOND + 2));

  for (const result of results) {
    expect(result).toMatchObject({
      status: 'rejected',
      reason: expect.any(RpcRateLimitedError),
    });
    expect(result).toMatchObject({ reason: { code: 'RATE_LIMITED', retryable: true } });
  }
  const taken = await Promise.allSettled(many);
  expect(taken.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(6 * PER_SECOND);
});
