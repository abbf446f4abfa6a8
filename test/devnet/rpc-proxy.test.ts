import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../cli/embedded/ports';
import { AccountIndex, accountAt } from './accounts';
import { anvilUrl, startAnvil } from './anvil';
import type { Child } from './child-process';
import { quantity, rpc } from './json-rpc';
import { ProcessRegistry } from './process-registry';
import { RpcProxy } from './rpc-proxy';

interface Block {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
}
interface Entry {
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly data: string;
  readonly logs: Entry[];
}

const EVERYTHING = { fromBlock: '0x0', toBlock: 'latest' };
const HEAD = 20;
/** Creates a contract that logs one word, 1, whenever it is called. */
const LOGGER = '0x6860015f5260205fa0005f5260096017f3';

let dir: string;
let anvil: Child;
let server: Server;
let proxy: RpcProxy;
let direct: string;
let proxied: string;
let transaction: string;
let logger: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'rpc-proxy-'));
  const registry = await ProcessRegistry.claim(dir);
  const [port = 0, proxyPort = 0] = await freePorts([undefined, undefined]);
  anvil = await startAnvil({ registry, logDir: dir, children: [] }, { eip155: 31337, port, cacheDir: dir });
  direct = anvilUrl(port);
  proxied = `http://127.0.0.1:${proxyPort}`;
  proxy = new RpcProxy(direct);
  server = await proxy.listen(proxyPort);
  const from = accountAt(AccountIndex.Deployer).address;
  const creation = await rpc(direct, 'eth_sendTransaction', [{ from, data: LOGGER }]);
  await rpc(direct, 'evm_mine');
  // CAST: the field of a receipt of a creation.
  const receipt = (await rpc(direct, 'eth_getTransactionReceipt', [creation])) as { contractAddress: string };
  logger = receipt.contractAddress;
  await rpc(direct, 'anvil_mine', [quantity(HEAD - 3)]);
  // CAST: eth_sendTransaction returns a hash.
  transaction = (await rpc(direct, 'eth_sendTransaction', [{ from, to: logger, gas: '0x186a0' }])) as string;
  await rpc(direct, 'anvil_mine', ['0x2']);
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await anvil.stop();
  rmSync(dir, { recursive: true, force: true });
});

afterEach(() => proxy.setFault({ kind: 'none' }));

// CAST (all below): the results of these methods as JSON-RPC defines them.
const head = async (url: string) => Number(await rpc(url, 'eth_blockNumber'));
const block = async (url: string, tag: string) =>
  (await rpc(url, 'eth_getBlockByNumber', [tag, false])) as Block;
const logs = async (url: string, filter: object) => (await rpc(url, 'eth_getLogs', [filter])) as Entry[];
const receipt = async (url: string) => (await rpc(url, 'eth_getTransactionReceipt', [transaction])) as Entry;

test('without a fault both endpoints answer alike', async () => {
  expect(await block(proxied, 'latest')).toEqual(await block(direct, 'latest'));
  expect(await logs(proxied, EVERYTHING)).toEqual(await logs(direct, EVERYTHING));
  expect(await logs(direct, EVERYTHING)).toHaveLength(1);
  expect(await head(direct)).toBe(HEAD);
});

test('a lagging endpoint knows nothing above its head, by number, tag, hash, log, receipt or state', async () => {
  const latest = await block(direct, 'latest');
  proxy.setFault({ kind: 'lag', blocks: 3 });
  expect(await head(proxied)).toBe(HEAD - 3);
  expect(Number((await block(proxied, 'latest')).number)).toBe(HEAD - 3);
  expect(Number((await block(proxied, 'finalized')).number)).toBe(HEAD - 8 - 3);
  expect(await block(proxied, quantity(HEAD - 2))).toBeNull();
  expect(await rpc(proxied, 'eth_getBlockByHash', [latest.hash, false])).toBeNull();
  expect(await logs(proxied, EVERYTHING)).toEqual([]);
  expect(await logs(proxied, { fromBlock: quantity(HEAD - 2), toBlock: quantity(HEAD) })).toEqual([]);
  expect(await receipt(proxied)).toBeNull();
  const sender = accountAt(AccountIndex.Deployer).address;
  expect(await rpc(proxied, 'eth_getTransactionCount', [sender, 'latest'])).toBe('0x1');
  expect(await rpc(direct, 'eth_getTransactionCount', [sender, 'latest'])).toBe('0x2');
});

test('a wrong block hash leaves a chain that does not hold together', async () => {
  proxy.setFault({ kind: 'wrongBlockHash', fromBlock: 10 });
  const [parent, child] = [await block(proxied, '0xa'), await block(proxied, '0xb')];
  expect(parent.hash).not.toBe((await block(direct, '0xa')).hash);
  expect(child.parentHash).not.toBe(parent.hash);
  expect(await block(proxied, '0x9')).toEqual(await block(direct, '0x9'));
});

test('a fork holds together, and is another chain from its first block on', async () => {
  const truth = await block(direct, '0xb');
  proxy.setFault({ kind: 'fork', fromBlock: 10 });
  const [before, first, second] = [
    await block(proxied, '0x9'),
    await block(proxied, '0xa'),
    await block(proxied, '0xb'),
  ];
  expect([first.parentHash, second.parentHash]).toEqual([before.hash, first.hash]);
  expect(before).toEqual(await block(direct, '0x9'));
  expect(second.hash).not.toBe(truth.hash);
  expect(await rpc(proxied, 'eth_getBlockByHash', [second.hash, false])).toEqual(second);
  expect(await rpc(proxied, 'eth_getBlockByHash', [truth.hash, false])).toBeNull();
  const [log] = await logs(proxied, EVERYTHING);
  const forked = await block(proxied, log?.blockNumber ?? '');
  expect(log?.blockHash).toBe(forked.hash);
  expect((await receipt(proxied)).blockHash).toBe(forked.hash);
  expect(await logs(proxied, { blockHash: forked.hash })).toEqual([log]);
});

test('altered logs differ in their data alone, in logs and receipts alike', async () => {
  const [truth] = await logs(direct, EVERYTHING);
  proxy.setFault({ kind: 'alterLogs' });
  const [lie] = await logs(proxied, EVERYTHING);
  expect(lie).toEqual({ ...truth, data: lie?.data });
  expect(lie?.data).not.toBe(truth?.data);
  expect((await receipt(proxied)).logs).toEqual([lie]);
});

test('omitted logs are missing from eth_getLogs only, and of the named address only', async () => {
  proxy.setFault({ kind: 'omitLogs' });
  expect(await logs(proxied, EVERYTHING)).toEqual([]);
  expect((await receipt(proxied)).logs).toHaveLength(1);
  proxy.setFault({ kind: 'omitLogs', address: logger });
  expect(await logs(proxied, EVERYTHING)).toEqual([]);
  proxy.setFault({ kind: 'omitLogs', address: accountAt(AccountIndex.Deployer).address });
  expect(await logs(proxied, EVERYTHING)).toHaveLength(1);
});

test('logs of more blocks than the endpoint bears are refused with -32005, of as many given', async () => {
  proxy.setFault({ kind: 'limitLogs', blocks: 3 });
  const range = (from: number) => ({ fromBlock: quantity(from), toBlock: quantity(HEAD) });
  await expect(logs(proxied, range(HEAD - 3))).rejects.toThrow('at most 3 blocks at a time (-32005)');
  expect(await logs(proxied, range(HEAD - 2))).toHaveLength(1);
});

test('a limited endpoint answers 429 with the time to wait', async () => {
  proxy.setFault({ kind: 'rateLimit', retryAfterSeconds: 7 });
  const { status, headers } = await fetch(proxied, { method: 'POST', body: '{}' });
  expect([status, headers.get('retry-after')]).toEqual([429, '7']);
});

test('a hanging endpoint answers nothing until the fault ends', async () => {
  proxy.setFault({ kind: 'hang' });
  const waiting = expect(head(proxied)).rejects.toThrow('socket hang up');
  const signal = AbortSignal.timeout(300);
  await expect(fetch(proxied, { method: 'POST', body: '{}', signal })).rejects.toThrow('timeout');
  proxy.setFault({ kind: 'none' });
  await waiting;
  expect(await head(proxied)).toBe(HEAD);
});

test('an endpoint that is down closes the connection, and a slow one answers late', async () => {
  proxy.setFault({ kind: 'down' });
  await expect(head(proxied)).rejects.toThrow('socket hang up');
  proxy.setFault({ kind: 'slow', delayMs: 200 });
  const asked = Date.now();
  expect(await head(proxied)).toBe(HEAD);
  expect(Date.now() - asked).toBeGreaterThanOrEqual(195);
});

test('an endpoint of another chain says so in both methods', async () => {
  proxy.setFault({ kind: 'wrongChainId', eip155: 5 });
  expect(await rpc(proxied, 'eth_chainId')).toBe('0x5');
  expect(await rpc(proxied, 'net_version')).toBe('5');
});

test("the node's own errors pass unchanged through a false view", async () => {
  const refusal = await rpc(direct, 'eth_nonsense').catch(String);
  proxy.setFault({ kind: 'alterLogs' });
  expect(await rpc(proxied, 'eth_nonsense').catch(String)).toBe(refusal);
});
