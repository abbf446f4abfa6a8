import type { Address } from 'viem';
import type { WorkSend } from '../../chains/evm/registry/calls';
import { type GatewayQuote, GatewayReader } from '../../chains/evm/registry/reads';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { Transport } from '../../chains/transports';
import type { ChainId } from '../../schema/caip';
import type { Lane, TransportKind } from '../../schema/types/chain';
import type { Registry, RegistryContracts } from '../../schema/types/registry';
import { contractsOn } from '../registry/registry-contracts';
import type { LaneOffer } from './lane-chooser';

/** What is to be carried: a work, or the present revision of one. */
export type Cargo =
  | { readonly kind: 'WORK'; readonly send: Omit<WorkSend, 'transport'>; readonly sender: Address }
  | { readonly kind: 'STATE'; readonly destinationChainId: ChainId; readonly tokenId: bigint };

/** The bridges, by name. */
export type Transports = Readonly<Record<TransportKind, Transport>>;

/** Asks every open lane what it would take to carry something. */
export class LaneQuoter {
  constructor(
    private readonly chains: ChainAccesses,
    private readonly transports: Transports,
  ) {}

  /**
   * The offers of all lanes that would carry it: one lane's trouble leaves the others alone.
   *
   * @throws {@link ExecutionRevertedError} with the contract's reason if no lane would, or whatever kept
   *   the first lane from being asked.
   */
  async offers(registry: Registry, lanes: readonly Lane[], cargo: Cargo): Promise<LaneOffer[]> {
    const answers = await Promise.allSettled(lanes.map((lane) => this.offer(registry, lane, cargo)));
    const offers = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const refusal = answers.find((answer) => answer.status === 'rejected');
    if (offers.length > 0 || refusal === undefined) return offers;
    const revertData = revertDataOf(refusal.reason);
    if (revertData === undefined) throw refusal.reason;
    throw new ExecutionRevertedError(revertData, { cause: refusal.reason });
  }

  /** The Gateway says what exactly it would send; the bridge says what that costs. */
  private async offer(registry: Registry, lane: Lane, cargo: Cargo): Promise<LaneOffer> {
    const { sourceChainId, destinationChainId, transport, deliverySecondsP50 } = lane;
    const here = contractsOn(registry, sourceChainId);
    const { message, gasLimit } = await this.preview(lane, here, cargo);
    const feeWei = await this.transports[transport].quote({
      source: sourceChainId,
      destination: destinationChainId,
      sender: transportOf(here, transport),
      receiver: transportOf(contractsOn(registry, destinationChainId), transport),
      data: message,
      gasLimit,
    });
    return { transport, feeWei, deliverySecondsP50 };
  }

  private async preview(
    { sourceChainId, transport }: Lane,
    { gateway }: RegistryContracts,
    cargo: Cargo,
  ): Promise<GatewayQuote> {
    const reader = new GatewayReader(this.chains.get(sourceChainId).public, gateway);
    return cargo.kind === 'WORK'
      ? reader.quoteWork({ ...cargo.send, transport }, cargo.sender)
      : reader.quoteState(cargo.destinationChainId, transport, cargo.tokenId);
  }
}

function transportOf({ ccipTransport, layerZeroTransport }: RegistryContracts, kind: TransportKind): Address {
  return kind === 'CCIP' ? ccipTransport : layerZeroTransport;
}
