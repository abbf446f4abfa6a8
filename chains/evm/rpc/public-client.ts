import { createPublicClient, custom, defineChain, type PublicClient } from 'viem';
import { eip155Number } from '../../../schema/caip';
import type { EvmChain } from '../../chain-table';
import type { RpcCall } from './rpc-endpoint';

/** viem's client over `request`. It never retries by itself: what is behind `request` does. */
export function publicClient(
  { chainId, name, nativeSymbol, blockTimeMs }: EvmChain,
  request: (call: RpcCall) => Promise<unknown>,
): PublicClient {
  return createPublicClient({
    chain: defineChain({
      id: eip155Number(chainId),
      name,
      nativeCurrency: { name: nativeSymbol, symbol: nativeSymbol, decimals: 18 },
      // Left empty: viem prints these in its errors, and a URL may carry a key.
      rpcUrls: { default: { http: [] } },
    }),
    transport: custom(
      {
        request: ({ method, params = [] }: { method: string; params?: readonly unknown[] }) =>
          request({ method, params }),
      },
      { retryCount: 0 },
    ),
    pollingInterval: Math.max(100, blockTimeMs / 2),
    cacheTime: 0,
  });
}
