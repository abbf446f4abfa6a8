import type { ChainTable } from '../../chains/chain-table';
import { OWN_RPC_LIMITS } from '../../chains/evm/rpc/own-evm-client';
import { RpcEndpoint } from '../../chains/evm/rpc/rpc-endpoint';
import { RpcUnavailableError, RpcWrongChainError } from '../../chains/evm/rpc/rpc-errors';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { SetRpcEndpoints } from '../../schema/inputs/rpc-endpoints';
import type { RpcEndpoints } from '../../schema/types/rpc-endpoints';
import type { TenantDatabase } from '../../tenants/tenant-database';
import { ChainNotSupportedError } from '../registry/registry-errors';
import type { ReceiverPolicy } from '../webhooks/receiver-policy';
import type { OwnChains } from './own-chains';
import { requireAskable, rpcDial } from './rpc-dial';
import type { BroughtEndpoints, RpcEndpointRepository } from './rpc-endpoint-repository';
import { RpcUrlRefusedError } from './rpc-url-errors';

/** RPC endpoints that tenants bring, per chain. */
export class RpcEndpointService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly endpoints: RpcEndpointRepository,
    private readonly own: OwnChains,
    private readonly chains: ChainTable,
    private readonly policy: ReceiverPolicy,
  ) {}

  /**
   * Replaces the tenant's endpoints of a chain, after each has shown that it serves that chain. Other processes
   * follow within seconds.
   *
   * @throws {@link ChainNotSupportedError}, {@link RpcUrlRefusedError}, {@link RpcUnavailableError},
   * {@link RpcWrongChainError}: nothing is stored then.
   */
  async set(tenantId: TenantId, { chainId, urls, fallback }: SetRpcEndpoints): Promise<RpcEndpoints> {
    this.requireKnown(chainId);
    await Promise.all(urls.map((url) => this.probe(chainId, url)));
    await this.database.transaction(tenantId, (tx) => this.endpoints.set(tx, chainId, urls, fallback));
    this.own.changed(tenantId);
    return shown({ chainId, urls, fallback, lastError: null });
  }

  /** Goes back to the deployment's endpoints. Without endpoints of the tenant's own it changes nothing. */
  async remove(tenantId: TenantId, chainId: ChainId): Promise<void> {
    this.requireKnown(chainId);
    await this.database.transaction(tenantId, (tx) => this.endpoints.remove(tx, chainId));
    this.own.changed(tenantId);
  }

  /** Those of every chain that has any. */
  async all(tenantId: TenantId): Promise<RpcEndpoints[]> {
    const all = await this.database.transaction(tenantId, (tx) => this.endpoints.all(tx));
    return all.map(shown);
  }

  private requireKnown(chainId: ChainId): void {
    if (this.chains.find(chainId) === undefined) throw new ChainNotSupportedError(chainId);
  }

  private async probe(chainId: ChainId, url: string): Promise<void> {
    try {
      await requireAskable(this.policy, url);
      const endpoint = new RpcEndpoint(chainId, url, 0, OWN_RPC_LIMITS, rpcDial(this.policy));
      try {
        // It is asked for its chain before anything else.
        await endpoint.request({ method: 'eth_chainId', params: [] });
      } finally {
        endpoint.close();
      }
    } catch (cause) {
      if (cause instanceof RpcUrlRefusedError || cause instanceof RpcWrongChainError) throw cause;
      throw new RpcUnavailableError(chainId, { cause });
    }
  }
}

/** What may be shown of them: paths and queries hold keys. */
function shown({ chainId, urls, fallback, lastError }: BroughtEndpoints): RpcEndpoints {
  return {
    chainId,
    hosts: urls.map((url) => new URL(url).host),
    fallback,
    lastErrorCode: lastError?.code ?? null,
    lastErrorAt: lastError?.at ?? null,
  };
}
