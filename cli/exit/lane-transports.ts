import { type Address, type PublicClient, zeroAddress } from 'viem';
import { ccipTransportAbi } from '../../chains/abi/ccip-transport';
import { ccipLookupAbi, layerZeroLookupAbi } from '../../chains/abi/protocol/lookup';
import { createCcipClient } from '../../chains/ccip/ccip-js';
import { CcipTransport } from '../../chains/ccip/ccip-transport';
import { ChainTable, type EvmChain } from '../../chains/chain-table';
import { LayerZeroTransport } from '../../chains/layerzero/layer-zero-transport';
import type { ChainClients, Transport } from '../../chains/transports';
import type { TransportKind } from '../../schema/types/chain';
import type { RegistryOnChain } from './registry-on-chain';

/** The off-chain side of both transports for messages from one chain to another. */
export type LaneTransports = Readonly<Record<TransportKind, Transport>>;

/** The OffRamps of this release are those that the OnRamps of the CCIP that we use speak to. */
const CCIP_OFF_RAMP = /^OffRamp 1\.6\./;

/** Asks both chains for the bridges' contracts between them: the registry's own transports name the entrances. */
export async function laneTransports(
  source: RegistryOnChain,
  destination: RegistryOnChain,
): Promise<LaneTransports> {
  const table = new ChainTable([await endOfLane(source, destination), await endOfLane(destination, source)]);
  const clients: ChainClients = {
    get: (chainId) => (chainId === source.chainId ? source.evm : destination.evm),
  };
  return {
    CCIP: new CcipTransport(table, clients, createCcipClient()),
    LAYERZERO: new LayerZeroTransport(table, clients),
  };
}

/** A chain with the contracts that it uses towards `peer`. */
async function endOfLane(here: RegistryOnChain, peer: RegistryOnChain): Promise<EvmChain> {
  const [ccip, layerZero] = await Promise.all([ccipOf(here, peer), layerZeroOf(here, peer)]);
  return { ...here.evm.chain, ccip, layerZero };
}

async function ccipOf(here: RegistryOnChain, peer: RegistryOnChain): Promise<EvmChain['ccip']> {
  const { client, evm } = here;
  const [ccipSelector, peerSelector] = await Promise.all([
    protocolChainIdOf(peer, here, 'CCIP'),
    protocolChainIdOf(here, peer, 'CCIP'),
  ]);
  if (ccipSelector === 0n || peerSelector === 0n) return evm.chain.ccip;
  const router = await protocolOf(here, 'CCIP');
  const [onRamp, offRamps] = await Promise.all([
    client.readContract({
      abi: ccipLookupAbi,
      address: router,
      functionName: 'getOnRamp',
      args: [peerSelector],
    }),
    client.readContract({ abi: ccipLookupAbi, address: router, functionName: 'getOffRamps' }),
  ]);
  const candidates = offRamps.filter(({ sourceChainSelector }) => sourceChainSelector === peerSelector);
  const offRamp = await firstOfRelease(
    client,
    candidates.map((candidate) => candidate.offRamp),
  );
  return { ccipSelector, router, onRamp, offRamp };
}

/** A Router keeps the ramps of earlier releases for what is still on its way. */
async function firstOfRelease(client: PublicClient, offRamps: readonly Address[]): Promise<Address> {
  for (const address of offRamps) {
    const version = await client.readContract({
      abi: ccipLookupAbi,
      address,
      functionName: 'typeAndVersion',
    });
    if (CCIP_OFF_RAMP.test(version)) return address;
  }
  return zeroAddress;
}

async function layerZeroOf(here: RegistryOnChain, peer: RegistryOnChain): Promise<EvmChain['layerZero']> {
  const { client, evm } = here;
  const [ownEid, peerEid] = await Promise.all([
    protocolChainIdOf(peer, here, 'LAYERZERO'),
    protocolChainIdOf(here, peer, 'LAYERZERO'),
  ]);
  if (ownEid === 0n || peerEid === 0n) return evm.chain.layerZero;
  const endpoint = await protocolOf(here, 'LAYERZERO');
  const args = [here.transports.LAYERZERO, Number(peerEid)] as const;
  const [sendUln, [receiveUln]] = await Promise.all([
    client.readContract({ abi: layerZeroLookupAbi, address: endpoint, functionName: 'getSendLibrary', args }),
    client.readContract({
      abi: layerZeroLookupAbi,
      address: endpoint,
      functionName: 'getReceiveLibrary',
      args,
    }),
  ]);
  const { executor } = await client.readContract({
    abi: layerZeroLookupAbi,
    address: sendUln,
    functionName: 'getExecutorConfig',
    args,
  });
  return { ...evm.chain.layerZero, lzEid: Number(ownEid), endpoint, sendUln, receiveUln, executor };
}

/** What a bridge calls `peer`, as the registry on `here` has it; zero without a way there. */
async function protocolChainIdOf(
  here: RegistryOnChain,
  peer: RegistryOnChain,
  kind: TransportKind,
): Promise<bigint> {
  const address = here.transports[kind];
  if (address === zeroAddress) return 0n;
  const args = [peer.chainHash] as const;
  return here.client.readContract({
    abi: ccipTransportAbi,
    address,
    functionName: 'protocolChainIdOf',
    args,
  });
}

/** The bridge's own contract: CCIP Router or LayerZero Endpoint. */
function protocolOf({ client, transports }: RegistryOnChain, kind: TransportKind): Promise<Address> {
  return client.readContract({
    abi: ccipTransportAbi,
    address: transports[kind],
    functionName: 'protocol',
  });
}
