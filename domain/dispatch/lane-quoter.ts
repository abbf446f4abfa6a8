import type { Address } from 'viem';
import type { WorkSend } from '../../chains/evm/registry/calls';
import { GatewayReader } from '../../chains/evm/registry/reads';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import type { ChainId } from '../../schema/caip';
import type { Lane } from '../../schema/types/chain';
import type { LaneOffer } from './lane-chooser';

/** What is to be carried: a work, or the present revision of one. */
export type Cargo =
  | { readonly kind: 'WORK'; readonly send: Omit<WorkSend, 'transport'>; readonly sender: Address }
  | { readonly kind: 'STATE'; readonly destinationChainId: ChainId; readonly tokenId: bigint };

/** Asks every open lane what it would take to carry something. */
export class LaneQuoter {
  constructor(private readonly chains: ChainAccesses) {}

  /** @throws The contract's refusal (as viem reports it) if it would not send, whatever the lane. */
  async offers(gateway: Address, lanes: readonly Lane[], cargo: Cargo): Promise<LaneOffer[]> {
    return Promise.all(
      lanes.map(async ({ sourceChainId, transport, deliverySecondsP50 }) => {
        const reader = new GatewayReader(this.chains.get(sourceChainId).public, gateway);
        const { feeWei } =
          cargo.kind === 'WORK'
            ? await reader.quoteWork({ ...cargo.send, transport }, cargo.sender)
            : await reader.quoteState(cargo.destinationChainId, transport, cargo.tokenId);
        return { transport, feeWei, deliverySecondsP50 };
      }),
    );
  }
}
