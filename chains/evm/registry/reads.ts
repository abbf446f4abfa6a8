import type { Address, Hex, PublicClient } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { StatementTransport, TransportKind } from '../../../schema/types/chain';
import { gatewayAbi } from '../../abi/gateway';
import { LANE_CALLS, type LaneCall, sendRequest, TRANSPORT_NUMBER, type WorkSend } from './calls';
import { chainHashOf } from './manifest';

/** What a statement would cost now, and exactly what would be sent. */
export interface GatewayQuote {
  readonly feeWei: bigint;
  readonly message: Hex;
  /** Gas that is bought for its delivery. */
  readonly gasLimit: bigint;
}

/** Reads of a registry's Gateway on one chain, at its latest block. */
export class GatewayReader {
  constructor(
    private readonly client: PublicClient,
    private readonly gateway: Address,
  ) {}

  async quoteWork(send: WorkSend, account: Address): Promise<GatewayQuote> {
    return toQuote(
      await this.client.readContract({
        address: this.gateway,
        abi: gatewayAbi,
        functionName: 'quoteWorks',
        args: [sendRequest(send)],
        account,
      }),
    );
  }

  async quoteState(
    destinationChainId: ChainId,
    transport: StatementTransport,
    tokenId: bigint,
  ): Promise<GatewayQuote> {
    const args = [chainHashOf(destinationChainId), TRANSPORT_NUMBER[transport], tokenId] as const;
    return toQuote(
      await this.client.readContract({
        address: this.gateway,
        abi: gatewayAbi,
        functionName: 'quoteState',
        args,
      }),
    );
  }

  async quoteLane(call: LaneCall, peerChainId: ChainId, transport: TransportKind): Promise<GatewayQuote> {
    const kind = { HELLO: 0, ECHO: 1, CONFIRM: 2 }[LANE_CALLS[call]];
    const args = [chainHashOf(peerChainId), TRANSPORT_NUMBER[transport], kind] as const;
    return toQuote(
      await this.client.readContract({
        address: this.gateway,
        abi: gatewayAbi,
        functionName: 'quoteLane',
        args,
      }),
    );
  }

  /** The handshake as this side knows it. */
  async lane(peerChainId: ChainId, transport: TransportKind): Promise<{ open: boolean; heard: boolean }> {
    const { open, heardDigest } = await this.client.readContract({
      address: this.gateway,
      abi: gatewayAbi,
      functionName: 'laneOf',
      args: [chainHashOf(peerChainId), TRANSPORT_NUMBER[transport]],
    });
    return { open, heard: BigInt(heardDigest) !== 0n };
  }
}

function toQuote([feeWei, message, gasLimit]: readonly [bigint, Hex, bigint]): GatewayQuote {
  return { feeWei, message, gasLimit };
}
