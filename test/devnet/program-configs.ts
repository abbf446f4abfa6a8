import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { AccountIndex, privateKeyAt } from './accounts';
import { anvilUrl } from './anvil';
import { COMMIT_CONFIG_DIGEST, DON_F, EXECUTION_CONFIG_DIGEST } from './ccip-contracts';
import type { ChainFrontConfig } from './chain-front';
import type { DevnetFileJson } from './devnet-file';
import type { donConfigSchema } from './don';
import { CONFIRMATIONS, DVN_VIDS } from './layerzero-contracts';
import type { layerZeroWorkerConfigSchema } from './layerzero-worker';
import type { DeployedNetwork } from './protocol-deployment';

type Ports = DevnetFileJson['ports'];

/** How often the deliverers look at a chain within the time of one block. */
const POLLS_PER_BLOCK = 3;

/**
 * Writes the configuration of the devnet's programs into `dir`, readable by the owner alone.
 *
 * @returns The file of each program.
 */
export function writeProgramConfigs(
  dir: string,
  deployed: readonly DeployedNetwork[],
  ports: Ports,
  blockTimeMs: number,
): Record<'chain-front' | 'don' | 'layerzero-worker', string> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const pollMs = Math.ceil(blockTimeMs / POLLS_PER_BLOCK);
  const write = (name: string, config: unknown) => {
    const file = path.join(dir, `${name}.json`);
    writeFileSync(file, JSON.stringify(config, undefined, 2), { mode: 0o600 });
    return file;
  };
  return {
    'chain-front': write('chain-front', chainFrontConfig(deployed, ports, blockTimeMs)),
    don: write('don', donConfig(deployed, ports, pollMs)),
    'layerzero-worker': write('layerzero-worker', layerZeroConfig(deployed, ports, pollMs)),
  };
}

function chainFrontConfig(
  deployed: readonly DeployedNetwork[],
  ports: Ports,
  blockTimeMs: number,
): ChainFrontConfig {
  const chains = deployed.map(({ network }, index) => ({
    eip155: network.eip155,
    rpcUrl: rpcUrl(ports, index),
    proxyPort: portAt(ports.proxies, index),
  }));
  return { controlPort: ports.chainFront, blockTimeMs, chains };
}

function donConfig(
  deployed: readonly DeployedNetwork[],
  ports: Ports,
  pollMs: number,
): z.input<typeof donConfigSchema> {
  return {
    controlPort: ports.ccip,
    pollMs,
    chains: deployed.map(({ network, ccip }, index) => ({
      ...chainOf(network, ports, index),
      ccipSelector: network.ccipSelector.toString(),
      onRamp: ccip.onRamp,
      offRamp: ccip.offRamp,
    })),
    transmitterKey: privateKeyAt(AccountIndex.DonTransmitter),
    signerKeys: Array.from({ length: DON_F + 1 }, (_, index) =>
      privateKeyAt(AccountIndex.FirstDonSigner + index),
    ),
    commitConfigDigest: COMMIT_CONFIG_DIGEST,
    executionConfigDigest: EXECUTION_CONFIG_DIGEST,
  };
}

function layerZeroConfig(
  deployed: readonly DeployedNetwork[],
  ports: Ports,
  pollMs: number,
): z.input<typeof layerZeroWorkerConfigSchema> {
  return {
    controlPort: ports.layerZero,
    pollMs,
    chains: deployed.map(({ network, layerZero }, index) => ({
      ...chainOf(network, ports, index),
      lzEid: network.lzEid,
      endpoint: layerZero.endpoint,
      sendUln: layerZero.sendUln,
      receiveUln: layerZero.receiveUln,
      executor: layerZero.executor,
      dvns: [...layerZero.dvns],
    })),
    dvns: DVN_VIDS.map((vid, index) => ({
      vid,
      signerKey: privateKeyAt(AccountIndex.FirstDvnSigner + index),
    })),
    confirmations: CONFIRMATIONS.toString(),
    workerKey: privateKeyAt(AccountIndex.LayerZeroWorker),
  };
}

function chainOf(network: DeployedNetwork['network'], ports: Ports, index: number) {
  return { chainId: network.chainId, eip155: network.eip155, rpcUrl: rpcUrl(ports, index) };
}

function rpcUrl(ports: Ports, index: number): string {
  return anvilUrl(portAt(ports.anvils, index));
}

function portAt(ports: readonly number[], index: number): number {
  const port = ports[index];
  if (port === undefined) throw new Error(`no port for chain ${index}`);
  return port;
}
