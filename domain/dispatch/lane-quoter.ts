import type { Address } from 'viem';
import type { WorkSend } from '../../chains/evm/registry/calls';
import { type GatewayQuote, GatewayReader } from '../../chains/evm/registry/reads';
import type { ChainAccess, TenantChains } from '../../chains/transactions/chain-access';
import { revertDataOf } from '../../chains/transactions/revert-data';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { Transport } from '../../chains/transports';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { type Lane, StatementTransport, type TransportKind } from '../../schema/types/chain';
import { LaneChoice } from '../../schema/types/dispatch';
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
    private readonly chains: TenantChains,
    private readonly transports: Transports,
  ) {}

  /**
   * The offers of all lanes that would carry it, or of both together if that is the choice: one lane's trouble
   * leaves the others alone.
   *
   * @throws {@link ExecutionRevertedError} with the contract's reason if no lane would, or whatever kept
   *   the first lane from being asked.
   */
  async offers(
    tenantId: TenantId,
    registry: Registry,
    lanes: readonly Lane[],
    cargo: Cargo,
    choice: LaneChoice,
  ): Promise<LaneOffer[]> {
    const ways = choice === LaneChoice.BOTH ? [lanes] : lanes.map((lane) => [lane]);
    const answers = await Promise.allSettled(ways.map((way) => this.offer(tenantId, registry, way, cargo)));
    const offers = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const refusal = answers.find((answer) => answer.status === 'rejected');
    if (offers.length > 0 || refusal === undefined) return offers;
    const revertData = revertDataOf(refusal.reason);
    if (revertData === undefined) throw refusal.reason;
    throw new ExecutionRevertedError(revertData, { cause: refusal.reason });
  }

  /** The Gateway says what exactly it would send; each bridge says what that costs. */
  private async offer(
    tenantId: TenantId,
    registry: Registry,
    lanes: readonly Lane[],
    cargo: Cargo,
  ): Promise<LaneOffer> {
    const [first] = lanes;
    if (first === undefined) throw new Error('an offer is of a lane');
    const { sourceChainId, destinationChainId } = first;
    const transport = lanes.length > 1 ? StatementTransport.BOTH : first.transport;
    const here = contractsOn(registry, sourceChainId);
    const there = contractsOn(registry, destinationChainId);
    const onSource = await this.chains.for(tenantId, sourceChainId);
    const { message, gasLimit } = await this.preview(onSource, transport, here, cargo);
    const fees = await Promise.all(
      lanes.map((lane) =>
        this.transports[lane.transport].quote(
          {
            source: sourceChainId,
            destination: destinationChainId,
            sender: transportOf(here, lane.transport),
            receiver: transportOf(there, lane.transport),
            data: message,
            gasLimit,
          },
          onSource.public,
        ),
      ),
    );
    return {
      transport,
      feeWei: fees.reduce((sum, fee) => sum + fee, 0n),
      deliverySecondsP50: slowest(lanes),
    };
  }

  private async preview(
    onSource: ChainAccess,
    transport: StatementTransport,
    { gateway }: RegistryContracts,
    cargo: Cargo,
  ): Promise<GatewayQuote> {
    const reader = new GatewayReader(onSource.public, gateway);
    return cargo.kind === 'WORK'
      ? reader.quoteWork({ ...cargo.send, transport }, cargo.sender)
      : reader.quoteState(cargo.destinationChainId, transport, cargo.tokenId);
  }
}

/** What waits for several lanes waits for the slowest; null if one of them was never observed. */
function slowest(lanes: readonly Lane[]): number | null {
  const medians = lanes.map(({ deliverySecondsP50 }) => deliverySecondsP50);
  return medians.some((median) => median === null) ? null : Math.max(...medians.map(Number));
}

function transportOf({ ccipTransport, layerZeroTransport }: RegistryContracts, kind: TransportKind): Address {
  return kind === 'CCIP' ? ccipTransport : layerZeroTransport;
}
