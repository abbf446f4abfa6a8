import {
  type Address,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  type PublicClient,
  pad,
  parseEventLogs,
  slice,
} from 'viem';
import type { ChainId } from '../../schema/caip';
import { layerZeroEndpointAbi, layerZeroReceiveUlnAbi } from '../abi/protocol/layer-zero';
import type { ChainTable, EvmChain } from '../chain-table';
import { blocksSince, findLogs } from '../log-search';
import { decodeRevert } from '../revert-reason';
import {
  type ChainClients,
  type ExecutionCall,
  executionGas,
  type MessageStatus,
  type QuoteRequest,
  type SourceReceipt,
  type Transport,
  TransportKind,
  type TransportMessage,
} from '../transports';
import { decodePacket, deliveryGas, deliveryOptions, type Packet } from './packet';

const NO_HASH: Hex = pad('0x', { size: 32 });
/** What the endpoint does itself around a delivery. Generous; unused gas is not paid. */
const ENDPOINT_GAS = 150_000n;

/** A packet on its destination. */
interface Inbound {
  readonly packet: Packet;
  readonly receiver: Address;
  readonly chain: EvmChain;
  readonly client: PublicClient;
}

/** What the destination's endpoint holds of a packet. */
interface Channel {
  /** Hash under the packet's nonce: none before the commit and after the delivery. */
  readonly storedHash: Hex;
  /** Every nonce up to this one has been delivered, or can be. */
  readonly lazyNonce: bigint;
  /** Every nonce up to this one has been committed. */
  readonly committedNonce: bigint;
}

/** LayerZero V2, all from the chains (https://docs.layerzero.network/v2, read 2026-11). */
export class LayerZeroTransport implements Transport {
  readonly kind = TransportKind.LayerZero;

  constructor(
    private readonly chains: ChainTable,
    private readonly clients: ChainClients,
  ) {}

  async quote(request: QuoteRequest): Promise<bigint> {
    const params = {
      dstEid: this.chains.get(request.destination).layerZero.lzEid,
      receiver: pad(request.receiver, { size: 32 }),
      message: request.data,
      options: deliveryOptions(request.gasLimit),
      payInLzToken: false,
    };
    const { nativeFee } = await this.clients.get(request.source).public.readContract({
      abi: layerZeroEndpointAbi,
      address: this.chains.get(request.source).layerZero.endpoint,
      functionName: 'quote',
      args: [params, request.sender],
    });
    return nativeFee;
  }

  messagesIn(source: ChainId, { logs, blockNumber }: SourceReceipt): TransportMessage[] {
    const endpoint = this.chains.get(source).layerZero.endpoint.toLowerCase();
    const own = logs.filter(({ address }) => address.toLowerCase() === endpoint);
    return parseEventLogs({ abi: layerZeroEndpointAbi, logs: own, eventName: 'PacketSent' }).flatMap(
      ({ args: { encodedPayload, options } }) => {
        const packet = decodePacket(encodedPayload);
        const destination = this.chains
          .all()
          .find(({ layerZero }) => layerZero.lzEid === packet.dstEid)?.chainId;
        if (destination === undefined) return [];
        return {
          kind: this.kind,
          source,
          destination,
          messageId: packet.guid,
          sequence: packet.nonce,
          sender: addressOf(packet.sender),
          receiver: addressOf(packet.receiver),
          gasLimit: deliveryGas(options),
          sentAtBlock: blockNumber,
          encoded: encodedPayload,
        };
      },
    );
  }

  async status(message: TransportMessage): Promise<MessageStatus> {
    const inbound = this.inboundOf(message);
    const channel = await readChannel(inbound);
    if (channel.storedHash === inbound.packet.payloadHash)
      return this.committedStatus(message, inbound, channel);
    if (channel.storedHash !== NO_HASH) {
      return { state: 'FAILED', waitsFor: ['the receiver to give up the payload that holds its nonce'] };
    }
    if (inbound.packet.nonce <= channel.lazyNonce) return { state: 'EXECUTED', waitsFor: [] };

    const missing = await missingVerifiers(inbound);
    if (missing.length === 0) {
      const since = await this.verifiedAt(message, inbound);
      const waitsFor = ['the commit of its verification, by anyone'];
      return { state: 'VERIFIED', waitsFor, ...(since && { since, executableFrom: since }) };
    }
    const { timestamp } = await this.clients
      .get(message.source)
      .public.getBlock({ blockNumber: message.sentAtBlock });
    return { state: 'UNVERIFIED', since: toDate(timestamp), waitsFor: missing };
  }

  async executionCall(
    message: TransportMessage,
    { gasLimit = 0n }: { readonly gasLimit?: bigint } = {},
  ): Promise<ExecutionCall | undefined> {
    const inbound = this.inboundOf(message);
    const { packet, receiver, chain } = inbound;
    const { storedHash, lazyNonce, committedNonce } = await readChannel(inbound);
    if (storedHash === packet.payloadHash) {
      if (packet.nonce > committedNonce) return undefined;
      const data = encodeFunctionData({
        abi: layerZeroEndpointAbi,
        functionName: 'lzReceive',
        args: [originOf(packet), receiver, packet.guid, packet.message, '0x'],
      });
      const receiverGas = gasLimit > message.gasLimit ? gasLimit : message.gasLimit;
      return { to: chain.layerZero.endpoint, data, gas: executionGas(receiverGas, data, ENDPOINT_GAS) };
    }
    const isUncommitted = storedHash === NO_HASH && packet.nonce > lazyNonce;
    if (!isUncommitted || (await missingVerifiers(inbound)).length > 0) return undefined;
    const data = encodeFunctionData({
      abi: layerZeroReceiveUlnAbi,
      functionName: 'commitVerification',
      args: [packet.header, packet.payloadHash],
    });
    return { to: chain.layerZero.receiveUln, data };
  }

  private async committedStatus(
    message: TransportMessage,
    inbound: Inbound,
    { committedNonce }: Channel,
  ): Promise<MessageStatus> {
    const failure = await this.failureOf(message, inbound);
    if (failure !== undefined) return failure;
    const since = await this.committedAt(message, inbound);
    // The endpoint delivers a nonce only when all earlier ones are committed, in whatever order then.
    if (inbound.packet.nonce > committedNonce) {
      const waitsFor = [`the verification of the earlier message with nonce ${committedNonce + 1n}`];
      return { state: 'VERIFIED', waitsFor, ...(since && { since }) };
    }
    return {
      state: 'VERIFIED',
      waitsFor: ['delivery, by its executor or anyone'],
      ...(since && { since, executableFrom: since }),
    };
  }

  /** The newest failed delivery that an executor reported. Reports are not proofs: anyone may make one. */
  private async failureOf(message: TransportMessage, inbound: Inbound): Promise<MessageStatus | undefined> {
    const { chain, client, receiver, packet } = inbound;
    const alerts = await this.search(message, inbound, 'newest', (piece) =>
      client
        .getContractEvents({
          abi: layerZeroEndpointAbi,
          address: chain.layerZero.endpoint,
          eventName: 'LzReceiveAlert',
          args: { receiver, executor: chain.layerZero.executor },
          strict: true,
          ...piece,
        })
        .then((logs) => logs.filter(({ args }) => args.guid === packet.guid)),
    );
    const last = alerts.at(-1);
    if (last === undefined) return undefined;
    const at = await this.blockTime(client, last.blockNumber);
    const failure = decodeRevert(last.args.reason);
    return {
      state: 'FAILED',
      since: at,
      waitsFor: ['another delivery, by anyone'],
      executableFrom: at,
      failure,
    };
  }

  /** When the last verifier attested. */
  private async verifiedAt(message: TransportMessage, inbound: Inbound): Promise<Date | undefined> {
    const { chain, client, packet } = inbound;
    const logs = await this.search(message, inbound, 'newest', (piece) =>
      client
        .getContractEvents({
          abi: layerZeroReceiveUlnAbi,
          address: chain.layerZero.receiveUln,
          eventName: 'PayloadVerified',
          strict: true,
          ...piece,
        })
        .then((found) => found.filter(({ args }) => args.header === packet.header)),
    );
    const last = logs.at(-1);
    return last && this.blockTime(client, last.blockNumber);
  }

  private async committedAt(message: TransportMessage, inbound: Inbound): Promise<Date | undefined> {
    const { chain, client, packet } = inbound;
    const logs = await this.search(message, inbound, 'newest', (piece) =>
      client
        .getContractEvents({
          abi: layerZeroEndpointAbi,
          address: chain.layerZero.endpoint,
          eventName: 'PacketVerified',
          strict: true,
          ...piece,
        })
        .then((found) => found.filter(({ args }) => args.payloadHash === packet.payloadHash)),
    );
    const last = logs.at(-1);
    return last && this.blockTime(client, last.blockNumber);
  }

  /** Searches the destination since the message was sent. */
  private async search<T>(
    { source, sentAtBlock }: TransportMessage,
    { client }: Inbound,
    order: 'oldest' | 'newest',
    read: Parameters<typeof findLogs<T>>[2],
  ): Promise<readonly T[]> {
    const { timestamp } = await this.clients.get(source).public.getBlock({ blockNumber: sentAtBlock });
    return findLogs(await blocksSince(client, timestamp), order, read);
  }

  private async blockTime(client: PublicClient, blockNumber: bigint): Promise<Date> {
    return toDate((await client.getBlock({ blockNumber })).timestamp);
  }

  private inboundOf({ encoded, receiver, destination }: TransportMessage): Inbound {
    return {
      packet: decodePacket(encoded),
      receiver,
      chain: this.chains.get(destination),
      client: this.clients.get(destination).public,
    };
  }
}

async function readChannel({ packet, receiver, chain, client }: Inbound): Promise<Channel> {
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
async function missingVerifiers({ packet, receiver, chain, client }: Inbound): Promise<string[]> {
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

function originOf({ srcEid, sender, nonce }: Packet) {
  return { srcEid, sender, nonce };
}

function addressOf(word: Hex): Address {
  return getAddress(slice(word, 12, 32));
}

function toDate(timestamp: bigint): Date {
  return new Date(Number(timestamp) * 1000);
}
