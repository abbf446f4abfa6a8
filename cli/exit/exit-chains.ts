import { createPublicClient, http, type PublicClient, zeroAddress } from 'viem';
import type { EvmChain } from '../../chains/chain-table';
import { EvmClient } from '../../chains/evm/rpc/evm-client';
import { evmChainId } from '../../schema/caip';
import { ExitEndpointError } from './exit-errors';

/** Answers take as long on every chain; only waiting for a transaction is paced by it. */
const BLOCK_TIME_MS = 2_000;

/** Asks each endpoint which chain it serves, and makes one client per chain. @throws ExitEndpointError */
export async function openChains(rpcUrls: readonly string[]): Promise<EvmClient[]> {
  const urlsById = new Map<number, string[]>();
  const ids = await Promise.all(rpcUrls.map(readChainId));
  for (const [index, rpcUrl] of rpcUrls.entries()) {
    const id = ids[index];
    if (id !== undefined) urlsById.set(id, [...(urlsById.get(id) ?? []), rpcUrl]);
  }
  return [...urlsById].map(([id, urls]) => new EvmClient(bareChain(id, urls)));
}

async function readChainId(rpcUrl: string): Promise<number> {
  const client: PublicClient = createPublicClient({ transport: http(rpcUrl) });
  try {
    return await client.getChainId();
  } catch (cause) {
    throw new ExitEndpointError(rpcUrl, { cause });
  }
}

/** A chain of which nothing is known but how to reach it: no bridge is on it. */
function bareChain(id: number, rpcUrls: readonly string[]): EvmChain {
  const chainId = evmChainId(id);
  return {
    chainId,
    name: chainId,
    nativeSymbol: 'native money',
    nativeCoinType: 0,
    seaport: [],
    rpcUrls: [...rpcUrls],
    finality: 'finalized',
    blockTimeMs: BLOCK_TIME_MS,
    ccip: { ccipSelector: 0n, router: zeroAddress, onRamp: zeroAddress, offRamp: zeroAddress },
    layerZero: {
      lzEid: 0,
      endpoint: zeroAddress,
      sendUln: zeroAddress,
      receiveUln: zeroAddress,
      executor: zeroAddress,
      confirmations: 0,
      dvns: [],
    },
  };
}
