import type { Hex, PublicClient } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { RpcCall } from '../evm/rpc/rpc-endpoint';

/** One of the servers behind a chain's access. */
export interface ChainEndpoint {
  /** @throws The RPC's error. */
  request(call: RpcCall): Promise<unknown>;
}

/** One chain as the transaction manager reaches it. */
export interface ChainAccess {
  readonly public: PublicClient;
  /** One call as it is, with the node's own answer. @throws The RPC's error. */
  request(call: RpcCall): Promise<unknown>;
  /**
   * Offers a signed transaction to the network. One that the network has already is a success.
   *
   * @throws If no endpoint took it. Callers need not know why: what became of it is read from the chain.
   */
  broadcast(raw: Hex): Promise<unknown>;
}

/** Gives the access to each chain of the chain table. */
export interface ChainAccesses {
  get(chainId: ChainId): ChainAccess;
}

/** Gives the access to each chain with the servers behind it, for whoever compares what they say. */
export interface ComparedChains extends ChainAccesses {
  get(chainId: ChainId): ChainAccess & { readonly endpoints: readonly ChainEndpoint[] };
}

/** Gives the access that a tenant's transactions are priced and sent over: its own endpoints', where it has any. */
export interface TenantChains extends ChainAccesses {
  /** The deployment's own access, the same object each time, where the tenant has brought no endpoints. */
  for(tenantId: TenantId, chainId: ChainId): Promise<ChainAccess>;
}
