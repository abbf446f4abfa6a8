import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { encodeAbiParameters, numberToHex, parseAbiParameters } from 'viem';
import type { Transport } from '../../../chains/transports';
import { withClient } from '../../../cli/database';
import { LaneQuoter } from '../../../domain/dispatch/lane-quoter';
import { evmChainId } from '../../../schema/caip';
import { projectIdSchema, type TenantId } from '../../../schema/ids';
import type { Lane } from '../../../schema/types/chain';
import type { RegistryContracts } from '../../../schema/types/registry';
import { tablesOfTenants } from '../../support/full-tenant';
import { sampleRegistry } from '../api/support/samples';
import { CountingNode, RPC_KEY } from './counting-node';
import { CHAIN_ID, TransactionHarness } from './harness';

const GWEI = 10n ** 9n;
/** What only whoever watches a transaction asks for. */
const WATCHING = ['eth_getTransactionReceipt', 'eth_getBlockByHash'];

let h: TransactionHarness;
let node: CountingNode;
beforeAll(async () => {
  h = await TransactionHarness.start();
  node = await CountingNode.start(h.url);
});
afterAll(async () => {
  await node.stop();
  await h.stop();
});
afterEach(() => {
  node.reset();
  h.problems.length = 0;
});

/** A process, and a tenant that has brought the node in it. */
async function withOwnNode(fallback: boolean) {
  const { tenantId } = await h.tenant();
  const { endpoints, chains } = h.rpc();
  await endpoints.set(tenantId, { chainId: CHAIN_ID, urls: [node.url], fallback });
  node.reset();
  return { tenantId, endpoints, chains, manager: h.manager({ maxRoundMs: 500 }, undefined, chains) };
}

const setting = (tenantId: TenantId, urls: string[], rpc = h.rpc()) =>
  rpc.endpoints.set(tenantId, { chainId: CHAIN_ID, urls, fallback: true });

test('what a tenant sends is priced, tried and broadcast over its endpoints, another tenant’s is not', async () => {
  const { tenantId, manager } = await withOwnNode(false);
  const other = await h.tenant();
  await manager.submit(h.payment(other.tenantId, 'other'));
  expect(node.asked).toEqual([]);

  await manager.submit(h.payment(tenantId, 'own'));
  expect(node.asked).toEqual(
    expect.arrayContaining([
      'eth_getBlockByNumber',
      'eth_maxPriorityFeePerGas',
      'eth_estimateGas',
      'eth_sendRawTransaction',
    ]),
  );
  await h.settle(manager);
  expect(await manager.find(tenantId, 'own')).toMatchObject({ state: 'final' });
});

test('a tenant’s endpoints neither say what became of its transactions nor what is final', async () => {
  const { tenantId, manager } = await withOwnNode(false);
  await manager.submit(h.payment(tenantId, 'watched'));
  node.asked.length = 0;
  // Whatever it says from now on.
  node.replies.set('*', { result: null });
  await h.settle(manager);
  expect(await manager.find(tenantId, 'watched')).toMatchObject({ state: 'final' });
  expect(node.asked.filter((method) => WATCHING.includes(method))).toEqual([]);
});

test('a price that one tenant’s endpoints make up is nobody else’s', async () => {
  const { tenantId, manager } = await withOwnNode(false);
  const other = await h.tenant();
  node.replies.set('eth_maxPriorityFeePerGas', { result: numberToHex(300n * GWEI) });
  const own = await manager.submit(h.payment(tenantId, 'made up'));
  const theirs = await manager.submit(h.payment(other.tenantId, 'as it is'));
  expect(own.attempts[0]?.maxPriorityFeePerGasWei).toBe(300n * GWEI);
  expect(theirs.attempts[0]?.maxPriorityFeePerGasWei).toBeLessThan(10n * GWEI);
  await h.settle(manager);
});

test('bridges are quoted for a tenant over its endpoints, and over the deployment’s for another', async () => {
  const { tenantId, chains } = await withOwnNode(false);
  const other = await h.tenant();
  const message = encodeAbiParameters(parseAbiParameters('uint256, bytes, uint256'), [1n, '0x', 1n]);
  node.replies.set('eth_call', { result: message });
  node.replies.set('eth_gasPrice', { result: numberToHex(7n) });
  // CAST: of a bridge, only its quotes are asked for here.
  const bridge = { quote: (_request, onSource) => onSource.getGasPrice() } as Transport;
  const quoter = new LaneQuoter(chains, { CCIP: bridge, LAYERZERO: bridge });
  const offers = (of: TenantId) => {
    const destinationChainId = evmChainId(1);
    // CAST: nothing else of them is read for a quote.
    const lane = { sourceChainId: CHAIN_ID, destinationChainId, transport: 'CCIP' } as Lane;
    const contracts = [CHAIN_ID, destinationChainId].map((chainId) => ({
      chainId,
      gateway: `0x${'44'.repeat(20)}`,
    })) as RegistryContracts[];
    const registry = sampleRegistry(projectIdSchema.parse(randomUUID()), { contracts });
    return quoter.offers(of, registry, [lane], { kind: 'STATE', destinationChainId, tokenId: 1n }, 'CCIP');
  };
  expect(await offers(tenantId)).toMatchObject([{ feeWei: 7n }]);
  expect(node.asked).toEqual(['eth_call', 'eth_gasPrice']);
  // There is no Gateway on the chain itself.
  await expect(offers(other.tenantId)).rejects.toThrow();
  expect(node.asked).toHaveLength(2);
});

test('with fallback the deployment’s endpoints step in, and the tenant reads that its own failed', async () => {
  const { tenantId, manager, endpoints } = await withOwnNode(true);
  node.replies.set('*', { status: 503 });
  expect(await manager.submit(h.payment(tenantId, 'stepped in'))).toMatchObject({ state: 'broadcast' });
  expect(await endpoints.all(tenantId)).toEqual([
    {
      chainId: CHAIN_ID,
      hosts: [node.host],
      fallback: true,
      lastErrorCode: 'RPC_UNAVAILABLE',
      lastErrorAt: expect.any(Date),
    },
  ]);
  await h.settle(manager);
});

test('without fallback the failure is told and nothing is kept; what waits is sent once they answer again', async () => {
  const { tenantId, manager } = await withOwnNode(false);
  node.replies.set('*', { status: 503 });
  const failure = await manager.submit(h.payment(tenantId, 'waiting')).catch((error: unknown) => error);
  expect(inspect(failure, { depth: 9 })).toContain('No RPC endpoint of chain');
  expect(inspect(failure, { depth: 9 })).not.toContain(RPC_KEY);
  expect(await manager.find(tenantId, 'waiting')).toBeUndefined();

  node.replies.clear();
  node.replies.set('eth_sendRawTransaction', { status: 503 });
  expect(await manager.submit(h.payment(tenantId, 'waiting'))).toMatchObject({ state: 'prepared' });
  expect(inspect(h.problems, { depth: 9 })).toContain('RPC_UNAVAILABLE');
  expect(inspect(h.problems, { depth: 9 })).not.toContain(RPC_KEY);

  node.reset();
  await h.settle(manager);
  expect(await manager.find(tenantId, 'waiting')).toMatchObject({ state: 'final' });
});

test('endpoints that hang hold up nobody else’s transactions', async () => {
  const { tenantId, manager } = await withOwnNode(false);
  const other = await h.tenant();
  node.replies.set('eth_sendRawTransaction', { status: 503 });
  await manager.submit(h.payment(tenantId, 'hanging'));
  await manager.submit(h.payment(other.tenantId, 'quick'));
  node.replies.set('eth_sendRawTransaction', 'hang');
  const begun = performance.now();
  for (let round = 0; round < 3; round += 1) {
    await h.mine(3);
    await manager.tick(CHAIN_ID);
  }
  expect(performance.now() - begun).toBeLessThan(8_000);
  expect(await manager.find(other.tenantId, 'quick')).toMatchObject({ state: 'final' });
  node.reset();
  await h.settle(manager);
});

test('once removed, they are asked for nothing', async () => {
  const { tenantId, manager, endpoints } = await withOwnNode(false);
  await manager.submit(h.payment(tenantId, 'before'));
  expect(node.asked).not.toEqual([]);
  node.reset();
  await endpoints.remove(tenantId, CHAIN_ID);
  await manager.submit(h.payment(tenantId, 'removed'));
  expect(node.asked).toEqual([]);
  expect(await endpoints.all(tenantId)).toEqual([]);
  await h.settle(manager);
});

describe('setting', () => {
  test.each([
    ['credentials', 'https://user:pass@node.example/'],
    ['http', 'http://node.example/'],
    ['a WebSocket', 'wss://node.example/'],
    ['a private address', 'https://10.0.0.1/'],
    ['a metadata address', 'https://169.254.169.254/'],
    ['a private address in another notation', 'https://0x0a000001/'],
  ])('%s is refused', async (_, url) => {
    const { tenantId } = await h.tenant();
    const rpc = h.rpc({ allowLoopback: false });
    await expect(setting(tenantId, [url], rpc)).rejects.toMatchObject({ code: 'RPC_URL_REFUSED' });
    expect(await rpc.endpoints.all(tenantId)).toEqual([]);
  });

  test('a name that leads to this machine is refused before anything is sent', async () => {
    const { tenantId } = await h.tenant();
    const url = node.url.replace('127.0.0.1', 'localhost').replace('http:', 'https:');
    await expect(setting(tenantId, [url], h.rpc({ allowLoopback: false }))).rejects.toMatchObject({
      code: 'RPC_URL_REFUSED',
      message: 'The URL does not lead to a public address.',
    });
  });

  test('what was let in is not asked where it would be refused now', async () => {
    const { tenantId } = await withOwnNode(false);
    const manager = h.manager({}, undefined, h.rpc({ allowLoopback: false }).chains);
    await expect(manager.submit(h.payment(tenantId, 'refused now'))).rejects.toThrow();
    expect(node.asked).toEqual([]);
  });

  test('no connection is opened to a name that leads elsewhere by now', async () => {
    const { tenantId } = await h.tenant();
    await h.keepRpcUrl(tenantId, `https://${node.host.replace('127.0.0.1', 'localhost')}/`);
    const manager = h.manager({}, undefined, h.rpc({ allowLoopback: false }).chains);
    await expect(manager.submit(h.payment(tenantId, 'elsewhere'))).rejects.toThrow();
    expect(node.connections).toBe(0);
  });

  test.each([
    ['another chain', { result: '0x1' }, 'RPC_WRONG_CHAIN'],
    ['a redirect', { status: 307 }, 'RPC_UNAVAILABLE'],
    ['an answer that is too large', { result: '0x7a69'.padEnd(5_000_000, ' ') }, 'RPC_UNAVAILABLE'],
  ])('one of two URLs with %s is refused, and nothing is stored', async (_, reply, code) => {
    const good = await CountingNode.start(h.url);
    try {
      const { tenantId } = await h.tenant();
      node.replies.set('eth_chainId', reply);
      const failure = await setting(tenantId, [good.url, node.url]).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code });
      expect(inspect(failure, { depth: 9 })).not.toContain(RPC_KEY);
      expect(await h.rpc().endpoints.all(tenantId)).toEqual([]);
    } finally {
      await good.stop();
    }
  });

  test('a chain that the deployment does not know is refused', async () => {
    const { tenantId } = await h.tenant();
    const input = { chainId: evmChainId(5), urls: [node.url], fallback: true };
    await expect(h.rpc().endpoints.set(tenantId, input)).rejects.toMatchObject({
      code: 'CHAIN_NOT_SUPPORTED',
    });
  });

  test('keys in URLs are in no answer, and in no row of the database', async () => {
    const { tenantId } = await h.tenant();
    const set = await setting(tenantId, [node.url]);
    expect(set.hosts).toEqual([node.host]);
    expect(JSON.stringify([set, await h.rpc().endpoints.all(tenantId)])).not.toContain(RPC_KEY);
    await withClient(h.database.adminUrl, async (client) => {
      for (const table of await tablesOfTenants(client)) {
        const { rows } = await client.query(`select t::text as row from ${table} t`);
        const text = rows.map(({ row }) => row).join('\n');
        expect(text).not.toContain(RPC_KEY);
        expect(text).not.toContain(Buffer.from(RPC_KEY).toString('hex'));
      }
    });
  });

  test('a tenant neither sees nor removes another’s', async () => {
    const { tenantId, endpoints } = await withOwnNode(true);
    const other = await h.tenant();
    expect(await endpoints.all(other.tenantId)).toEqual([]);
    await endpoints.remove(other.tenantId, CHAIN_ID);
    expect(await endpoints.all(tenantId)).toHaveLength(1);
  });
});
