import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '../../cli/embedded/ports';
import { AccountIndex, MNEMONIC } from './accounts';
import { type AnvilOptions, anvilUrl, startAnvil } from './anvil';
import { type Child, type ChildContext, lastWords, startProgram } from './child-process';
import { control } from './control-server';
import { type BridgeNetwork, DevnetControls } from './devnet-controls';
import {
  type DevnetFile,
  type DevnetFileJson,
  devnetFileSchema,
  readDevnetFile,
  writeDevnetFile,
} from './devnet-file';
import { quantity, rpc } from './json-rpc';
import { CONFIRMATIONS } from './layerzero-contracts';
import { FINALITY_BLOCKS, NETWORKS } from './networks';
import { until } from './polling';
import { ProcessRegistry } from './process-registry';
import { writeProgramConfigs } from './program-configs';
import { type DeployedNetwork, planProtocols } from './protocol-deployment';
import { StateStore } from './state-store';
import { isNotListening } from './system-errors';

/** Where and how a devnet runs. */
export interface DevnetOptions {
  /** Its data; a folder that holds a devnet goes on where that one stopped. */
  readonly dataDir: string;
  /** Default: as last time, and {@link DEFAULT_BLOCK_TIME_MS} at first. */
  readonly blockTimeMs?: number;
  /** Least time between two dumps of all chains: what a kill of everything can take from them. Default: 5 s. */
  readonly saveEveryMs?: number;
  /** How far the `finalized` tag stays below the head, in blocks: even. Default: {@link FINALITY_BLOCKS}. */
  readonly finalityBlocks?: number;
  /** Told of each step of the start. */
  readonly log?: (line: string) => void;
}

/** Short, as a message waits for finality on both its chains: 3.2 s each with eight blocks. */
export const DEFAULT_BLOCK_TIME_MS = 400;
const SAVE_EVERY_MS = 5000;

type ProgramName = 'chain-front' | 'don' | 'layerzero-worker';
const PROGRAM_OF: Readonly<Record<BridgeNetwork, ProgramName>> = {
  ccip: 'don',
  layerZero: 'layerzero-worker',
};

interface Parts {
  readonly context: ChildContext;
  readonly store: StateStore;
  readonly anvils: readonly Child[];
  readonly programs: Map<ProgramName, Child>;
  readonly configFiles: Readonly<Record<ProgramName, string>>;
}

/**
 * Three local chains with the real contracts of CCIP and LayerZero, and the networks that serve them.
 *
 * Everything that it started ends with the process that started it, however that ends.
 */
export class Devnet extends DevnetControls {
  private saver: NodeJS.Timeout | undefined;
  private ended = false;

  /** Use {@link startDevnet}. */
  constructor(
    readonly file: DevnetFile,
    private readonly parts: Parts,
    saveEveryMs: number,
  ) {
    super(file.chains, file.controls);
    this.saveAfter(saveEveryMs, saveEveryMs);
  }

  /** Writes the chains to disk, as happens at intervals and at the end. */
  save(): Promise<void> {
    return this.parts.store.save(chainsOf(this.file));
  }

  /** Ends everything; the next start goes on from exactly here, waiting transactions included. */
  async stop(): Promise<void> {
    this.endSaving();
    await Promise.all([...this.parts.programs.values()].map((program) => program.stop()));
    // A dump does not hold the pool, so what waits is mined first.
    await Promise.all(chainsOf(this.file).map(({ rpcUrl }) => rpc(rpcUrl, 'evm_mine')));
    await this.save();
    await Promise.all(this.parts.anvils.map((anvil) => anvil.stop()));
    this.parts.context.registry.release();
  }

  /** Ends everything as `kill -9` would: the next start goes on from the last dump. */
  async kill(): Promise<void> {
    this.endSaving();
    const children = [...this.parts.programs.values(), ...this.parts.anvils];
    await Promise.all(children.map((child) => child.kill()));
  }

  /** Ends one network's process as `kill -9` would. Its faults are forgotten. */
  async killDeliverer(network: BridgeNetwork): Promise<void> {
    await this.parts.programs.get(PROGRAM_OF[network])?.kill();
  }

  /** Starts a network again that {@link killDeliverer} ended. */
  async startDeliverer(network: BridgeNetwork): Promise<void> {
    const name = PROGRAM_OF[network];
    const place = { configFile: this.parts.configFiles[name], url: this.controls[network] };
    this.parts.programs.set(name, await startAndWait(this.parts.context, name, place));
  }

  private endSaving(): void {
    this.ended = true;
    clearTimeout(this.saver);
  }

  /** Dumps grow with the chains; they are spaced so that they never take more than a twentieth of the time. */
  private saveAfter(waitMs: number, saveEveryMs: number): void {
    if (this.ended) return;
    this.saver = setTimeout(() => {
      const begun = Date.now();
      this.save()
        .catch((error: unknown) => console.error('the chains could not be saved', error))
        .finally(() => this.saveAfter(Math.max(saveEveryMs, 20 * (Date.now() - begun)), saveEveryMs));
    }, waitMs);
    this.saver.unref();
  }
}

/**
 * Starts the devnet of a data folder: a new one if the folder is empty, else the one that it holds.
 *
 * @throws DevnetInUseError if another process runs it.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const dir = path.resolve(options.dataDir);
  const logDir = path.join(dir, 'logs');
  mkdirSync(logDir, { recursive: true });
  const registry = await ProcessRegistry.claim(dir);
  const context: ChildContext = { registry, logDir, children: [] };
  try {
    return await startIn(dir, context, options);
  } catch (error) {
    await Promise.all(context.children.map((child) => child.kill()));
    registry.release();
    throw error;
  }
}

async function startIn(dir: string, context: ChildContext, options: DevnetOptions): Promise<Devnet> {
  const { blockTimeMs, saveEveryMs = SAVE_EVERY_MS, log = () => undefined } = options;
  const { finalityBlocks = FINALITY_BLOCKS } = options;
  const before = readDevnetFile(dir);
  const store = new StateStore(dir);
  const ports = await choosePorts(before?.ports);
  const paceMs = blockTimeMs ?? before?.blockTimeMs ?? DEFAULT_BLOCK_TIME_MS;
  const { deployed, deploy } = planProtocols(NETWORKS);

  log(`starting ${NETWORKS.length} chains`);
  const anvils = await startAnvils(context, ports.anvils, store, {
    cacheDir: path.join(dir, 'cache'),
    finalityBlocks,
  });
  const rpcUrls = ports.anvils.map(anvilUrl);
  if (store.isEmpty) {
    log('deploying CCIP and LayerZero');
    await deploy(rpcUrls);
  } else {
    await refillHistory(rpcUrls, finalityBlocks);
  }

  log('starting the networks between them');
  const configFiles = writeProgramConfigs(path.join(dir, 'config'), deployed, ports, paceMs);
  const programs = await startPrograms(context, configFiles, ports);
  const json = describe(deployed, ports, paceMs);
  const parts = { context, store, anvils, programs, configFiles };
  const devnet = new Devnet(devnetFileSchema.parse(json), parts, saveEveryMs);
  await devnet.save();
  writeDevnetFile(dir, json);
  log('the devnet runs');
  return devnet;
}

async function choosePorts(before: DevnetFile['ports'] | undefined): Promise<DevnetFileJson['ports']> {
  const wishes = [
    ...NETWORKS.map((_, index) => before?.anvils[index]),
    ...NETWORKS.map((_, index) => before?.proxies[index]),
    before?.chainFront,
    before?.ccip,
    before?.layerZero,
  ];
  const ports = await freePorts(wishes);
  const count = NETWORKS.length;
  const [chainFront = 0, ccip = 0, layerZero = 0] = ports.slice(2 * count);
  return {
    anvils: ports.slice(0, count),
    proxies: ports.slice(count, 2 * count),
    chainFront,
    ccip,
    layerZero,
  };
}

function startAnvils(
  context: ChildContext,
  ports: readonly number[],
  store: StateStore,
  options: Pick<AnvilOptions, 'cacheDir' | 'finalityBlocks'>,
): Promise<Child[]> {
  return Promise.all(
    NETWORKS.map(({ eip155 }, index) => {
      const stateFile = store.fileOf(eip155);
      const state = stateFile === undefined ? {} : { stateFile };
      return startAnvil(context, { eip155, port: ports[index] ?? 0, ...options, ...state });
    }),
  );
}

/** A dump holds no past states, and anvil cannot read state at `finalized` before it has made those blocks anew. */
async function refillHistory(rpcUrls: readonly string[], finalityBlocks: number): Promise<void> {
  await Promise.all(rpcUrls.map((url) => rpc(url, 'anvil_mine', [quantity(finalityBlocks + 1)])));
}

async function startPrograms(
  context: ChildContext,
  configFiles: Readonly<Record<ProgramName, string>>,
  ports: DevnetFileJson['ports'],
): Promise<Map<ProgramName, Child>> {
  const urls = controlUrls(ports);
  const named: [ProgramName, string][] = [
    ['chain-front', urls.chainFront],
    [PROGRAM_OF.ccip, urls.ccip],
    [PROGRAM_OF.layerZero, urls.layerZero],
  ];
  const started = named.map(async ([name, url]): Promise<[ProgramName, Child]> => {
    return [name, await startAndWait(context, name, { configFile: configFiles[name], url })];
  });
  return new Map(await Promise.all(started));
}

/** @throws Error with the program's last words if it ends before it answers at `url`. */
async function startAndWait(
  context: ChildContext,
  name: ProgramName,
  { configFile, url }: { configFile: string; url: string },
): Promise<Child> {
  const program = startProgram(context, name, configFile);
  await until(`${name} to answer`, async () => {
    if (!program.isAlive) throw new Error(`${name} ended before it answered: ${lastWords(context, name)}`);
    try {
      await control(`${url}/status`, 'GET');
      return true;
    } catch (error) {
      if (isNotListening(error)) return false;
      throw error;
    }
  });
  return program;
}

function controlUrls(ports: DevnetFileJson['ports']): DevnetFileJson['controls'] {
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return { chainFront: url(ports.chainFront), ccip: url(ports.ccip), layerZero: url(ports.layerZero) };
}

function chainsOf({ chains, ports }: DevnetFile): { eip155: number; rpcUrl: string }[] {
  return chains.map((_, index) => ({
    eip155: NETWORKS[index]?.eip155 ?? 0,
    rpcUrl: anvilUrl(ports.anvils[index] ?? 0),
  }));
}

function describe(
  deployed: readonly DeployedNetwork[],
  ports: DevnetFileJson['ports'],
  blockTimeMs: number,
): DevnetFileJson {
  const { Platform, FirstCollector, Test } = AccountIndex;
  return {
    blockTimeMs,
    chains: deployed.map(({ network, ccip, layerZero }, index) => ({
      chainId: network.chainId,
      name: network.name,
      nativeSymbol: network.nativeSymbol,
      nativeCoinType: network.nativeCoinType,
      rpcUrls: [anvilUrl(ports.anvils[index] ?? 0), `http://127.0.0.1:${ports.proxies[index]}`],
      finality: 'finalized',
      blockTimeMs,
      ccip: {
        ccipSelector: network.ccipSelector.toString(),
        router: ccip.router,
        onRamp: ccip.onRamp,
        offRamp: ccip.offRamp,
      },
      layerZero: {
        lzEid: network.lzEid,
        endpoint: layerZero.endpoint,
        sendUln: layerZero.sendUln,
        receiveUln: layerZero.receiveUln,
        executor: layerZero.executor,
        confirmations: Number(CONFIRMATIONS),
        dvns: [...layerZero.dvns],
      },
    })),
    controls: controlUrls(ports),
    contracts: Object.fromEntries(
      deployed.map(({ network, ccip, layerZero }) => [
        network.chainId,
        { ccip: { ...ccip }, layerZero: { ...layerZero, dvns: [...layerZero.dvns] } },
      ]),
    ),
    accounts: {
      mnemonic: MNEMONIC,
      platform: Platform,
      collectors: [FirstCollector, FirstCollector + 1, FirstCollector + 2],
      test: [Test, Test + 1, Test + 2],
    },
    ports,
  };
}
