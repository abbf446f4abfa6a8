import type { Address, Hex, PublicClient } from 'viem';
import { gatewayAbi } from '../../chains/abi/gateway';
import { TRANSPORT_NUMBER } from '../../chains/evm/registry/calls';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { EvmClient } from '../../chains/evm/rpc/evm-client';
import { type BlockRange, blocksSince } from '../../chains/log-search';
import type { ChainId } from '../../schema/caip';
import type { TransportKind } from '../../schema/types/chain';
import { RegistryMismatchError, RegistryNotThereError } from './exit-errors';
import { blocksOf } from './registry-birth';

/** One registry on one of its chains, as the chain tells it. */
export interface RegistryOnChain {
  readonly evm: EvmClient;
  readonly client: PublicClient;
  readonly chainId: ChainId;
  readonly chainHash: Hex;
  readonly gateway: Address;
  readonly collection: Address;
  /** What waits on this chain, and what is void. */
  readonly lanes: Address;
  /** Zero address where the registry has no such transport. */
  readonly transports: Readonly<Record<TransportKind, Address>>;
  /** The blocks to be searched for its events. */
  readonly range: BlockRange;
}

/**
 * Reads a registry on every given chain.
 *
 * @param since - When to begin; undefined: at the deployment of each Gateway.
 * @throws RegistryNotThereError, RegistryMismatchError, HistoryMissingError
 */
export async function readRegistry(
  chains: readonly EvmClient[],
  gateway: Address,
  since: Date | undefined,
): Promise<RegistryOnChain[]> {
  const read = await Promise.all(chains.map((evm) => readOn(evm, gateway, since)));
  if (new Set(read.map(({ registryId }) => registryId)).size > 1)
    throw new RegistryMismatchError(read.map(({ chainId }) => chainId));
  return read;
}

async function readOn(
  evm: EvmClient,
  gateway: Address,
  since: Date | undefined,
): Promise<RegistryOnChain & { readonly registryId: Hex }> {
  const { public: client, chainId } = evm;
  const code = await client.getCode({ address: gateway });
  if (code === undefined) throw new RegistryNotThereError(chainId, gateway);
  const contract = { abi: gatewayAbi, address: gateway } as const;
  const [chainHash, registryId, collection, lanes, ccip, layerZero] = await Promise.all([
    client.readContract({ ...contract, functionName: 'localChainHash' }),
    client.readContract({ ...contract, functionName: 'registryId' }),
    client.readContract({ ...contract, functionName: 'collection' }),
    client.readContract({ ...contract, functionName: 'lanes' }),
    client.readContract({ ...contract, functionName: 'transportAt', args: [TRANSPORT_NUMBER.CCIP] }),
    client.readContract({ ...contract, functionName: 'transportAt', args: [TRANSPORT_NUMBER.LAYERZERO] }),
  ]);
  if (chainHash !== chainHashOf(chainId)) throw new RegistryNotThereError(chainId, gateway);
  const range =
    since === undefined
      ? await blocksOf(client, chainId, collection)
      : await blocksSince(client, BigInt(Math.floor(since.getTime() / 1000)));
  const transports = { CCIP: ccip, LAYERZERO: layerZero };
  return { evm, client, chainId, chainHash, gateway, collection, lanes, transports, range, registryId };
}
