import type { EvmChain } from '../../chains/chain-table';
import { type ChainId, eip155Number } from '../../schema/caip';
import { control } from './control-server';
import type { DeliveryStatus } from './deliverer';
import { type DeliveryFaults, laneName } from './delivery-faults';
import { rpc } from './json-rpc';
import type { RpcFault } from './rpc-faults';

/** The networks that carry messages between the chains. */
export type BridgeNetwork = 'ccip' | 'layerZero';

/** Addresses of the control servers, as `devnet.json` lists them. */
export interface ControlUrls {
  /** Clocks and proxies of the chains. */
  readonly chainFront: string;
  readonly ccip: string;
  readonly layerZero: string;
}

/**
 * Disturbs a running devnet, from any process: build it from what `devnet.json` says.
 *
 * Every change lasts until it is taken back or the process that it concerns is started again.
 */
export class DevnetControls {
  constructor(
    readonly chains: readonly EvmChain[],
    readonly controls: ControlUrls,
  ) {}

  /** The chain's own endpoint, which never lies. @throws Error if the devnet has no such chain. */
  directUrl(chainId: ChainId): string {
    const url = this.chains.find((chain) => chain.chainId === chainId)?.rpcUrls[0];
    if (url === undefined) throw new Error(`the devnet has no chain ${chainId}`);
    return url;
  }

  /** The chain's second endpoint, subject to {@link setRpcFault}. */
  proxyUrl(chainId: ChainId): string {
    const url = this.chains.find((chain) => chain.chainId === chainId)?.rpcUrls[1];
    if (url === undefined) throw new Error(`the devnet has no chain ${chainId}`);
    return url;
  }

  /** No block is mined after the promise settles, until {@link resumeMining} or {@link mine}. */
  async pauseMining(chainId: ChainId): Promise<void> {
    await control(`${this.frontOf(chainId)}/clock`, 'PUT', { running: false });
  }

  async resumeMining(chainId: ChainId): Promise<void> {
    await control(`${this.frontOf(chainId)}/clock`, 'PUT', { running: true });
  }

  /** Mines `blocks` blocks at once, also while mining is paused. */
  async mine(chainId: ChainId, blocks: number): Promise<void> {
    await control(`${this.frontOf(chainId)}/mine`, 'POST', { blocks });
  }

  /**
   * Replaces the last `depth` blocks by as many empty ones. Their transactions are lost, not pending again.
   *
   * @param depth - At most 255, and only blocks mined since the devnet was last started.
   */
  async reorg(chainId: ChainId, depth: number): Promise<void> {
    await control(`${this.frontOf(chainId)}/reorg`, 'POST', { blocks: depth });
  }

  /** Holds the base fee of all coming blocks at `wei`, or lets it float from there if undefined. */
  async holdBaseFee(chainId: ChainId, wei: bigint | undefined): Promise<void> {
    await control(`${this.frontOf(chainId)}/clock`, 'PUT', { baseFeeWei: wei?.toString() ?? null });
  }

  /** What the second endpoint does wrong from now on; `{ kind: 'none' }` makes it honest. */
  async setRpcFault(chainId: ChainId, fault: RpcFault): Promise<void> {
    await control(`${this.frontOf(chainId)}/fault`, 'PUT', fault);
  }

  /**
   * Changes how a network delivers; what `faults` leaves out stays as it is.
   *
   * @param lane - Only this direction, over the network's general faults; all directions if absent.
   */
  async setDeliveryFaults(
    network: BridgeNetwork,
    faults: DeliveryFaults,
    lane?: { readonly source: ChainId; readonly destination: ChainId },
  ): Promise<void> {
    const only = lane === undefined ? {} : { lane: laneName(lane.source, lane.destination) };
    await control(`${this.controls[network]}/faults`, 'PUT', { ...only, faults });
  }

  async deliveryStatus(network: BridgeNetwork): Promise<DeliveryStatus> {
    // CAST: the route of the deliverer returns exactly this type.
    return (await control(`${this.controls[network]}/status`, 'GET')) as DeliveryStatus;
  }

  /** Asks the chain itself, e.g. `eth_getBlockByNumber`. */
  rpc(chainId: ChainId, method: string, params: readonly unknown[] = []): Promise<unknown> {
    return rpc(this.directUrl(chainId), method, params);
  }

  private frontOf(chainId: ChainId): string {
    return `${this.controls.chainFront}/chains/${eip155Number(chainId)}`;
  }
}
