import type { ChainId } from '../../../schema/caip';
import type { ChainTable } from '../../chain-table';
import { DEFAULT_RPC_LIMITS, EvmClient, type RpcLimits } from './evm-client';

/** One {@link EvmClient} per chain of the chain table, shared by everything in a process. */
export class EvmClients {
  private readonly byId: ReadonlyMap<ChainId, EvmClient>;

  constructor(chains: ChainTable, limits: RpcLimits = DEFAULT_RPC_LIMITS) {
    this.byId = new Map(chains.all().map((chain) => [chain.chainId, new EvmClient(chain, limits)]));
  }

  /** @throws Error if the chain is not in the chain table: callers check user input against it first. */
  get(chainId: ChainId): EvmClient {
    const client = this.byId.get(chainId);
    if (client === undefined) throw new Error(`chain ${chainId} is not in the chain table`);
    return client;
  }

  /** Closes all kept connections. */
  close(): void {
    for (const client of this.byId.values()) client.close();
  }
}
