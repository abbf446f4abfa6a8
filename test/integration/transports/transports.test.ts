import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getAddress, stringToHex, type TransactionReceipt } from 'viem';
import { createCcipClient } from '../../../chains/ccip/ccip-js';
import { CcipTransport } from '../../../chains/ccip/ccip-transport';
import { ChainTable } from '../../../chains/chain-table';
import { EvmClients } from '../../../chains/evm/rpc/evm-clients';
import { LayerZeroTransport } from '../../../chains/layerzero/layer-zero-transport';
import type { ExecutionCall, MessageState, Transport, TransportMessage } from '../../../chains/transports';
import { AccountIndex, accountAt } from '../../devnet/accounts';
import { attest } from '../../devnet/attest';
import { type Devnet, startDevnet } from '../../devnet/devnet';
import type { BridgeNetwork } from '../../devnet/devnet-controls';
import { until } from '../../devnet/polling';
import { Probe } from '../../devnet/probe';

const RECEIVE_GAS = 200_000n;
const anyone = accountAt(AccountIndex.Test + 1);
jest.setTimeout(60_000);

let dataDir: string;
let devnet: Devnet;
let clients: EvmClients;
let home: Probe;
let base: Probe;
let transports: Record<BridgeNetwork, Transport>;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'colophon-transports-'));
  devnet = await startDevnet({ dataDir, blockTimeMs: 200 });
  const table = new ChainTable(devnet.chains);
  clients = new EvmClients(table);
  const [first, second] = await Promise.all(devnet.chains.slice(0, 2).map((chain) => Probe.deploy(chain)));
  if (first === undefined || second === undefined) throw new Error('two chains expected');
  [home, base] = [first, second];
  transports = {
    ccip: new CcipTransport(table, clients, createCcipClient()),
    layerZero: new LayerZeroTransport(table, clients),
  };
});
afterAll(async () => {
  clients.close();
  await devnet.stop();
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(() => base.setBroken(false));

async function send(network: BridgeNetwork, text: string): Promise<TransportMessage> {
  const receipt = await (network === 'ccip' ? home.sendCcip(base, text) : home.sendLayerZero(base, text));
  return messageIn(network, receipt);
}

function messageIn(network: BridgeNetwork, receipt: TransactionReceipt): TransportMessage {
  const [message, ...more] = transports[network].messagesIn(home.chain.chainId, receipt);
  if (message === undefined || more.length > 0) throw new Error('one message expected');
  return message;
}

async function reach(network: BridgeNetwork, message: TransportMessage, state: MessageState): Promise<void> {
  await until(`${network} message to be ${state}`, async () => {
    const status = await transports[network].status(message);
    return status.state === state;
  });
}

/** Anyone's wallet on the destination, not the platform's. */
async function execute(call: ExecutionCall | undefined): Promise<void> {
  if (call === undefined) throw new Error('nothing to execute');
  const { public: client } = clients.get(base.chain.chainId);
  const hash = await client.request({
    method: 'eth_sendRawTransaction',
    params: [
      await anyone.signTransaction({
        chainId: await client.getChainId(),
        type: 'eip1559',
        to: call.to,
        data: call.data,
        gas:
          call.gas ?? (await client.estimateGas({ account: anyone.address, ...call, prepare: false })) * 2n,
        nonce: await client.getTransactionCount({ address: anyone.address }),
        maxFeePerGas: 100_000_000_000n,
        maxPriorityFeePerGas: 1_000_000_000n,
      }),
    ],
  });
  await base.mined(hash);
}

function networkStopped(network: BridgeNetwork, stopped: boolean): Promise<void> {
  return devnet.setDeliveryFaults(network, { running: !stopped });
}

describe.each(['ccip', 'layerZero'] as const)('%s', (network) => {
  test('a quote is exactly what the network charges', async () => {
    const text = 'a statement of some length';
    const message = await send(network, text);
    const charged = await paidFor(message);
    expect(charged).toBeGreaterThan(0n);
    const quoted = await transports[network].quote(
      { ...message, data: stringToHex(text), gasLimit: RECEIVE_GAS },
      clients.get(message.source).public,
    );
    expect(quoted).toBe(charged);
  });

  test('what was sent is read from the receipt', async () => {
    const message = await send(network, 'read');
    expect(message).toMatchObject({
      source: home.chain.chainId,
      destination: base.chain.chainId,
      sender: accountAt(AccountIndex.Test).address,
      receiver: getAddress(base.address),
      gasLimit: RECEIVE_GAS,
    });
    await reach(network, message, 'EXECUTED');
    expect(await transports[network].executionCall(message)).toBeUndefined();
  });

  test('a message that the network never verifies tells since when and what it waits for, and completes later', async () => {
    await networkStopped(network, true);
    const message = await send(network, 'unverified');
    const status = await transports[network].status(message);
    expect(status.state).toBe('UNVERIFIED');
    expect(status.waitsFor.length).toBeGreaterThan(0);
    const { timestamp } = await clients
      .get(message.source)
      .public.getBlock({ blockNumber: message.sentAtBlock });
    expect(status.since).toEqual(new Date(Number(timestamp) * 1000));
    expect(await transports[network].executionCall(message)).toBeUndefined();

    await networkStopped(network, false);
    await reach(network, message, 'EXECUTED');
  });

  test('a message that was verified but not executed is executed by anyone, from chain data alone', async () => {
    await networkStopped(network, true);
    const messages: TransportMessage[] = [];
    const texts = [1, 2, 3].map((number) => `lost ${number} by ${network}`);
    for (const text of texts) messages.push(await send(network, text));
    await devnet.setDeliveryFaults(network, { running: true, loseNext: 3 });
    for (const message of messages) await reach(network, message, 'VERIFIED');

    // Not in the order of sending: proofs and nonces must not depend on it.
    for (const index of [1, 2, 0]) {
      const message = messages[index];
      if (message === undefined) throw new Error('three messages expected');
      await execute(await until('the window to open', () => transports[network].executionCall(message)));
      expect((await transports[network].status(message)).state).toBe('EXECUTED');
    }
    for (const text of texts) expect(await base.count(text)).toBe(1);
  });

  test('a failed execution tells its reason and can be repeated at once, with more gas', async () => {
    await base.setBroken(true);
    const text = `failing over ${network}`;
    const message = await send(network, text);
    await reach(network, message, 'FAILED');
    const status = await transports[network].status(message);
    // ProbeBroken(): an error that is not ours is named by its selector.
    expect(status.failure).toMatchObject({
      name: 'Unknown',
      args: [expect.stringMatching(/^0x[0-9a-f]{8}$/)],
    });

    await base.setBroken(false);
    await execute(await transports[network].executionCall(message, { gasLimit: 2n * RECEIVE_GAS }));
    expect((await transports[network].status(message)).state).toBe('EXECUTED');
    expect(await base.count(text)).toBe(1);
  });
});

/** What the probe paid: exactly the fee that the protocol's own contract quoted to it. */
async function paidFor({ source, sentAtBlock, sender }: TransportMessage): Promise<bigint> {
  const { public: client } = clients.get(source);
  const { transactions } = await client.getBlock({ blockNumber: sentAtBlock, includeTransactions: true });
  return transactions.find(({ from }) => getAddress(from) === sender)?.value ?? 0n;
}

describe('layerZero, before anybody paid for the commit of a verification', () => {
  test('anyone commits it and then delivers, but no message before an earlier one is verified', async () => {
    await networkStopped('layerZero', true);
    const earlier = await send('layerZero', 'earlier');
    const later = await send('layerZero', 'later');
    const { layerZero } = transports;

    await attest(devnet, base.chain, later);
    expect((await layerZero.status(later)).state).toBe('VERIFIED');
    await execute(await layerZero.executionCall(later));
    const waiting = await layerZero.status(later);
    expect(waiting).toMatchObject({
      state: 'VERIFIED',
      waitsFor: [expect.stringContaining(`${earlier.sequence}`)],
    });
    expect(waiting.executableFrom).toBeUndefined();
    expect(await layerZero.executionCall(later)).toBeUndefined();

    await attest(devnet, base.chain, earlier);
    await execute(await layerZero.executionCall(earlier));
    await execute(await layerZero.executionCall(later));
    await execute(await layerZero.executionCall(earlier));
    for (const message of [earlier, later]) expect((await layerZero.status(message)).state).toBe('EXECUTED');
    expect([await base.count('earlier'), await base.count('later')]).toEqual([1, 1]);
    await networkStopped('layerZero', false);
  });
});
