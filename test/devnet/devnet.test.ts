import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeFunctionData, parseAbi, parseEventLogs } from 'viem';
import { getBlock, sendTransaction, writeContract } from 'viem/actions';
import { ChainTable } from '../../chains/chain-table';
import { AccountIndex, accountAt } from './accounts';
import { CCIP_ABI, toDestinationMessage } from './ccip-messages';
import { type Devnet, startDevnet } from './devnet';
import type { BridgeNetwork } from './devnet-controls';
import { readDevnetFile } from './devnet-file';
import { decodePacket, LAYERZERO_ABI } from './layerzero-packet';
import { BASE_SEPOLIA, FINALITY_BLOCKS, MOONBEAM, SEPOLIA } from './networks';
import { until } from './polling';
import { Probe } from './probe';
import { DevnetInUseError } from './process-registry';

const BLOCK_TIME_MS = 120;
const NETWORKS: BridgeNetwork[] = ['ccip', 'layerZero'];
const account = accountAt(AccountIndex.Test + 1);

let dataDir: string;
let devnet: Devnet;
let home: Probe;
let base: Probe;
let moonbeam: Probe;

jest.setTimeout(60_000);

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'devnet-'));
  devnet = await startDevnet({ dataDir, blockTimeMs: BLOCK_TIME_MS });
  const [first, second, third] = await Promise.all(devnet.chains.map((chain) => Probe.deploy(chain)));
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('three chains expected');
  [home, base, moonbeam] = [first, second, third];
});

afterAll(async () => {
  await devnet.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function send(network: BridgeNetwork, from: Probe, to: Probe, text: string) {
  return network === 'ccip' ? from.sendCcip(to, text) : from.sendLayerZero(to, text);
}

async function arrival(to: Probe, text: string): Promise<void> {
  await until(`${text} to arrive`, async () => (await to.count(text)) > 0);
}

test('the description parses as a chain table with the chain itself and its proxy', () => {
  const table = new ChainTable(readDevnetFile(dataDir)?.chains ?? []);
  expect(table.all().map(({ chainId }) => chainId)).toEqual([
    SEPOLIA.chainId,
    BASE_SEPOLIA.chainId,
    MOONBEAM.chainId,
  ]);
  expect(table.all().map(({ rpcUrls }) => rpcUrls.length)).toEqual([2, 2, 2]);
});

test('a second process cannot take a running devnet, and the same process is told apart from it', async () => {
  const script = `require(${JSON.stringify(path.join(__dirname, 'register-typescript.cjs'))});
    require(${JSON.stringify(path.join(__dirname, 'devnet.ts'))}).startDevnet({ dataDir: ${JSON.stringify(dataDir)} })
      .then(() => console.log('started'), (error) => console.log(error.name)).then(() => process.exit())`;
  const { execFile } = await import('node:child_process');
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, ['-e', script], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
  });
  expect(printed.trim()).toBe(DevnetInUseError.name);
});

test('every message arrives exactly once, over both networks, in each of the six directions', async () => {
  const probes = [home, base, moonbeam];
  const sent: { to: Probe; text: string }[] = [];
  for (const network of NETWORKS) {
    for (const from of probes) {
      for (const to of probes.filter((other) => other !== from)) {
        const text = `${network} ${from.chain.chainId} ${to.chain.chainId}`;
        await send(network, from, to, text);
        sent.push({ to, text });
      }
    }
  }
  await Promise.all(sent.map(({ to, text }) => arrival(to, text)));
  const counts = await Promise.all(sent.map(({ to, text }) => to.count(text)));
  expect(counts).toEqual(Array.from({ length: 12 }, () => 1));
});

describe.each(NETWORKS)('%s', (network) => {
  test('nothing is delivered before its source block is final', async () => {
    const { blockNumber } = await send(network, home, base, `${network} final`);
    await devnet.pauseMining(SEPOLIA.chainId);
    const missing = Number(blockNumber) + FINALITY_BLOCKS - Number(await home.head());
    await devnet.mine(SEPOLIA.chainId, missing - 1);
    expect(await home.finalized()).toBe(blockNumber - 1n);
    await base.advance(6);
    expect(await base.count(`${network} final`)).toBe(0);
    await devnet.mine(SEPOLIA.chainId, 1);
    await arrival(base, `${network} final`);
    await devnet.resumeMining(SEPOLIA.chainId);
  });

  test('a message that its source chain dropped before finality is never delivered', async () => {
    await send(network, home, base, `${network} dropped`);
    await devnet.reorg(SEPOLIA.chainId, 4);
    await send(network, home, base, `${network} kept`);
    await arrival(base, `${network} kept`);
    expect(await base.count(`${network} dropped`)).toBe(0);
  });

  test('a delivery that the destination chain dropped is made again', async () => {
    await send(network, home, base, `${network} again`);
    await arrival(base, `${network} again`);
    await devnet.pauseMining(BASE_SEPOLIA.chainId);
    await devnet.reorg(BASE_SEPOLIA.chainId, 7);
    expect(await base.count(`${network} again`)).toBe(0);
    await devnet.resumeMining(BASE_SEPOLIA.chainId);
    await arrival(base, `${network} again`);
    expect(await base.count(`${network} again`)).toBe(1);
  });

  test('a delivery that the destination node dropped from its pool is sent again', async () => {
    await devnet.pauseMining(BASE_SEPOLIA.chainId);
    await send(network, home, base, `${network} pool`);
    await until('the delivery in the pool', async () => {
      // CAST: txpool_status as geth defines it.
      const status = (await devnet.rpc(BASE_SEPOLIA.chainId, 'txpool_status')) as { pending: string };
      return Number(status.pending) > 0;
    });
    await devnet.rpc(BASE_SEPOLIA.chainId, 'anvil_dropAllTransactions');
    await devnet.resumeMining(BASE_SEPOLIA.chainId);
    await arrival(base, `${network} pool`);
    expect(await base.count(`${network} pool`)).toBe(1);
  });

  test('a delivery that a reorg past finality took is made again', async () => {
    await send(network, home, base, `${network} deep`);
    await arrival(base, `${network} deep`);
    await base.advance(2 * FINALITY_BLOCKS);
    await devnet.pauseMining(BASE_SEPOLIA.chainId);
    await devnet.reorg(BASE_SEPOLIA.chainId, 3 * FINALITY_BLOCKS);
    expect(await base.count(`${network} deep`)).toBe(0);
    await devnet.resumeMining(BASE_SEPOLIA.chainId);
    await arrival(base, `${network} deep`);
  });

  test('a stopped lane delivers nothing while others do, and goes on when told', async () => {
    const lane = { source: SEPOLIA.chainId, destination: BASE_SEPOLIA.chainId };
    await devnet.setDeliveryFaults(network, { running: false }, lane);
    await send(network, home, base, `${network} stopped`);
    await send(network, home, moonbeam, `${network} beside`);
    await arrival(moonbeam, `${network} beside`);
    await base.advance(4);
    expect(await base.count(`${network} stopped`)).toBe(0);
    await devnet.setDeliveryFaults(network, { running: true }, lane);
    await arrival(base, `${network} stopped`);
  });

  test('a message whose execution is sent twice arrives once', async () => {
    const before = await devnet.deliveryStatus(network);
    await devnet.setDeliveryFaults(network, { duplicateProbability: 1 });
    await send(network, moonbeam, base, `${network} twice`);
    await until('the second try', async () => {
      const { duplicated } = await devnet.deliveryStatus(network);
      return duplicated > before.duplicated;
    });
    expect(await base.count(`${network} twice`)).toBe(1);
    await devnet.setDeliveryFaults(network, { duplicateProbability: 0 });
  });

  test('a killed deliverer delivers after its restart what was sent meanwhile', async () => {
    await devnet.killDeliverer(network);
    await send(network, base, home, `${network} meanwhile`);
    await home.advance(2 * FINALITY_BLOCKS);
    expect(await home.count(`${network} meanwhile`)).toBe(0);
    await devnet.startDeliverer(network);
    await arrival(home, `${network} meanwhile`);
    expect(await home.count(`${network} meanwhile`)).toBe(1);
  });

  test('a receiver that reverts is tried once and the failure is on chain', async () => {
    await base.setBroken(true);
    const from = await base.head();
    await send(network, home, base, `${network} broken`);
    const failures = () => failedExecutions(network, base, from);
    await until('the failure', async () => (await failures()) > 0);
    await base.advance(8);
    expect(await failures()).toBe(1);
    await base.setBroken(false);
  });
});

async function failedExecutions(network: BridgeNetwork, on: Probe, fromBlock: bigint): Promise<number> {
  const address = network === 'ccip' ? on.chain.ccip.offRamp : on.chain.layerZero.endpoint;
  // CAST: eth_getLogs returns what parseEventLogs takes.
  const logs = (await on.client.request({
    method: 'eth_getLogs',
    params: [{ address, fromBlock: `0x${fromBlock.toString(16)}`, toBlock: 'latest' }],
  })) as Parameters<typeof parseEventLogs>[0]['logs'];
  const ccip = parseEventLogs({ abi: CCIP_ABI, logs, eventName: 'ExecutionStateChanged' });
  const layerZero = parseEventLogs({ abi: LAYERZERO_ABI, logs, eventName: 'LzReceiveAlert' });
  return ccip.filter(({ args }) => args.state === 3).length + layerZero.length;
}

test('a lost CCIP execution can be made by anyone after the manual window', async () => {
  await devnet.setDeliveryFaults('ccip', { loseNext: 1 });
  const { logs } = await home.sendCcip(moonbeam, 'ccip lost');
  await until('the loss', async () => (await devnet.deliveryStatus('ccip')).lost === 1);
  const [event] = parseEventLogs({ abi: CCIP_ABI, logs, eventName: 'CCIPMessageSent' });
  if (event === undefined) throw new Error('no CCIPMessageSent');
  const message = toDestinationMessage(event.args.message);
  const execute = () => {
    const abi = parseAbi([
      'struct Header { bytes32 messageId; uint64 sourceChainSelector; uint64 destChainSelector; uint64 sequenceNumber; uint64 nonce; }',
      'struct Tokens { bytes sourcePoolAddress; address destTokenAddress; uint32 destGasAmount; bytes extraData; uint256 amount; }',
      'struct Message { Header header; bytes sender; bytes data; address receiver; uint256 gasLimit; Tokens[] tokenAmounts; }',
      'struct Report { uint64 sourceChainSelector; Message[] messages; bytes[][] offchainTokenData; bytes32[] proofs; uint256 proofFlagBits; }',
      'struct GasOverride { uint256 receiverExecutionGasLimit; uint32[] tokenGasOverrides; }',
      'function manuallyExecute(Report[] reports, GasOverride[][] gasLimitOverrides)',
    ]);
    const report = {
      sourceChainSelector: SEPOLIA.ccipSelector,
      messages: [message],
      offchainTokenData: [[]],
      proofs: [],
      proofFlagBits: 0n,
    };
    return writeContract(moonbeam.client, {
      address: moonbeam.chain.ccip.offRamp,
      abi,
      functionName: 'manuallyExecute',
      args: [[report], [[{ receiverExecutionGasLimit: 0n, tokenGasOverrides: [] }]]],
      // An estimate would be too low: with too little gas the first execution ends as FAILURE, not as a revert.
      gas: 1_000_000n,
      account,
      chain: null,
    });
  };
  await expect(execute().then((hash) => moonbeam.mined(hash))).rejects.toThrow('reverted');
  expect(await moonbeam.count('ccip lost')).toBe(0);
  const { timestamp } = await getBlock(moonbeam.client);
  await until('the window', async () => (await getBlock(moonbeam.client)).timestamp > timestamp + 6n);
  await moonbeam.mined(await execute());
  expect(await moonbeam.count('ccip lost')).toBe(1);
});

test('a lost LayerZero execution can be made by anyone', async () => {
  await devnet.setDeliveryFaults('layerZero', { loseNext: 1 });
  const { logs } = await home.sendLayerZero(moonbeam, 'lz lost');
  await until('the loss', async () => (await devnet.deliveryStatus('layerZero')).lost === 1);
  const [event] = parseEventLogs({ abi: LAYERZERO_ABI, logs, eventName: 'PacketSent' });
  if (event === undefined) throw new Error('no PacketSent');
  const { origin, receiver, guid, message } = decodePacket(event.args.encodedPayload, event.args.options);
  expect(await moonbeam.count('lz lost')).toBe(0);
  const abi = parseAbi([
    'struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }',
    'function lzReceive(Origin origin, address receiver, bytes32 guid, bytes message, bytes extraData) payable',
  ]);
  const data = encodeFunctionData({
    abi,
    functionName: 'lzReceive',
    args: [origin, receiver, guid, message, '0x'],
  });
  const to = moonbeam.chain.layerZero.endpoint;
  await moonbeam.mined(await sendTransaction(moonbeam.client, { to, data, account, chain: null }));
  expect(await moonbeam.count('lz lost')).toBe(1);
});

test('a held base fee stays, and chain time stays with the wall clock', async () => {
  await devnet.holdBaseFee(MOONBEAM.chainId, 50n * 10n ** 9n);
  await moonbeam.advance(5);
  const { baseFeePerGas, timestamp } = await getBlock(moonbeam.client);
  expect(baseFeePerGas).toBe(50n * 10n ** 9n);
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(3);
  await devnet.holdBaseFee(MOONBEAM.chainId, undefined);
});

test('a stopped devnet goes on: same endpoints, same history, and what was sent before is delivered', async () => {
  const { hash, number } = await getBlock(home.client);
  await home.sendCcip(base, 'ccip across');
  await home.sendLayerZero(base, 'lz across');
  const urls = devnet.chains.map(({ rpcUrls }) => rpcUrls);
  await devnet.stop();
  expect(existsSync(path.join(dataDir, 'processes.json'))).toBe(false);
  devnet = await startDevnet({ dataDir, saveEveryMs: 3_600_000 });
  expect(devnet.chains.map(({ rpcUrls }) => rpcUrls)).toEqual(urls);
  expect((await getBlock(home.client, { blockNumber: number })).hash).toBe(hash);
  await arrival(base, 'ccip across');
  await arrival(base, 'lz across');
  expect(await base.count('ccip across')).toBe(1);
  expect(await base.count(`ccip ${SEPOLIA.chainId} ${BASE_SEPOLIA.chainId}`)).toBe(1);
});

test('after kill -9 of everything all chains go on from one older moment, and deliver again', async () => {
  await devnet.save();
  const saved = await home.head();
  await home.sendCcip(base, 'forgotten');
  await devnet.kill();
  devnet = await startDevnet({ dataDir });
  expect(await home.head()).toBeGreaterThanOrEqual(saved);
  for (const network of NETWORKS) {
    await send(network, home, base, `${network} after the kill`);
    await arrival(base, `${network} after the kill`);
  }
  expect(await base.count('forgotten')).toBe(0);
});
