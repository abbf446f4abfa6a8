import { type Address, type Hex, keccak256, type PublicClient, pad } from 'viem';
import { layerZeroEndpointAbi, layerZeroReceiveUlnAbi } from '../abi/protocol/layer-zero';
import type { EvmChain } from '../chain-table';
import type { Packet } from './packet';

/** What the endpoint holds under a nonce without a payload. */
export const NO_HASH: Hex = pad('0x', { size: 32 });

/** A packet on its destination. */
export interface Inbound {
  readonly packet: Packet;
  readonly receiver: Address;
  readonly chain: EvmChain;
  readonly client: PublicClient;
}

/** What the destination's endpoint holds of a packet. */
export interface Channel {
  /** Hash under the packet's nonce: none before the commit and after the delivery. */
  readonly storedHash: Hex;
  /** Every nonce up to this one has been delivered, or can be. */
  readonly lazyNonce: bigint;
  /** Every nonce up to this one has been committed. */
  readonly committedNonce: bigint;
}

/** Reads what the destination holds of a packet. */
export async function readChannel({ packet, receiver, chain, client }: Inbound): Promise<Channel> {
  const endpoint = { abi: layerZeroEndpointAbi, address: chain.layerZero.endpoint } as const;
  const path = [receiver, packet.srcEid, packet.sender] as const;
  const [storedHash, lazyNonce, committedNonce] = await Promise.all([
    client.readContract({ ...endpoint, functionName: 'inboundPayloadHash', args: [...path, packet.nonce] }),
    client.readContract({ ...endpoint, functionName: 'lazyInboundNonce', args: path }),
    client.readContract({ ...endpoint, functionName: 'inboundNonce', args: path }),
  ]);
  return { storedHash, lazyNonce, committedNonce };
}

/** The verifiers whose attestation the receiver asks for and that have not given it; empty when it can be committed. */
export async function missingVerifiers({ packet, receiver, chain, client }: Inbound): Promise<string[]> {
  const uln = { abi: layerZeroReceiveUlnAbi, address: chain.layerZero.receiveUln } as const;
  const headerHash = keccak256(packet.header);
  const config = await client.readContract({
    ...uln,
    functionName: 'getUlnConfig',
    args: [receiver, packet.srcEid],
  });
  const args = [config, headerHash, packet.payloadHash] as const;
  if (await client.readContract({ ...uln, functionName: 'verifiable', args })) return [];

  const open = await Promise.all(
    [...config.requiredDVNs, ...config.optionalDVNs].map(async (dvn) => {
      const [submitted, confirmations] = await client.readContract({
        ...uln,
        functionName: 'hashLookup',
        args: [headerHash, packet.payloadHash, dvn],
      });
      return submitted && confirmations >= config.confirmations ? [] : [`verification by the DVN ${dvn}`];
    }),
  );
  return open.flat();
}
