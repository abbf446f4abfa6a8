import { encodeFunctionData, type PublicClient, pad, parseEventLogs } from 'viem';
import type { ChainId } from '../../schema/caip';
import { TransportKind } from '../../schema/types/chain';
import { layerZeroEndpointAbi, layerZeroReceiveUlnAbi } from '../abi/protocol/layer-zero';
import type { ChainTable } from '../chain-table';
import { addressInWord, dateOfTimestamp } from '../evm-values';
import { type BlockRange, blocksSince, findLogs } from '../log-search';
import { decodeRevert } from '../revert-reason';
import {
  type ChainClients,
  type ExecutionCall,
  executionGas,
  type MessageStatus,
  type QuoteRequest,
  type SourceReceipt,
  type Transport,
  type TransportMessage,
} from '../transports';
import { type Channel, type Inbound, missingVerifiers, NO_HASH, readChannel } from './inbound';
import { decodePacket, deliveryGas, deliveryOptions, type Packet } from './packet';

/** What the endpoint does itself around a delivery. Generous; unused gas is not paid. */
const ENDPOINT_GAS = 150_000n;

/** LayerZero V2, all from the chains (https://docs.layerzero.network/v2, read 2026-11). */
export class LayerZeroTransport implements Transport {
  readonly kind = TransportKind.LAYERZERO;

  constructor(
    private readonly chains: ChainTable,
    private readonly clients: ChainClients,
  ) {}

  async quote(request: QuoteRequest, onSource: PublicClient): Promise<bigint> {
    const params = {
      dstEid: this.chains.get(request.destination).layerZero.lzEid,
      receiver: pad(request.receiver, { size: 32 }),
      message: request.data,
      options: deliveryOptions(request.gasLimit),
      payInLzToken: false,
    };
    const { nativeFee } = await onSource.readContract({
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
          sender: addressInWord(packet.sender),
          receiver: addressInWord(packet.receiver),
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
    return { state: 'UNVERIFIED', since: dateOfTimestamp(timestamp), waitsFor: missing };
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

  /** The newest failed delivery that the executor reported. (Anyone can report one, so others do not count.) */
  private async failureOf(message: TransportMessage, inbound: Inbound): Promise<MessageStatus | undefined> {
    const { chain, client, receiver, packet } = inbound;
    const alert = await this.newest(message, client, async (piece) => {
      const alerts = await client.getContractEvents({
        abi: layerZeroEndpointAbi,
        address: chain.layerZero.endpoint,
        eventName: 'LzReceiveAlert',
        args: { receiver, executor: chain.layerZero.executor },
        strict: true,
        ...piece,
      });
      return alerts.filter(({ args }) => args.guid === packet.guid);
    });
    if (alert === undefined) return undefined;
    return {
      state: 'FAILED',
      since: alert.at,
      waitsFor: ['another delivery, by anyone'],
      executableFrom: alert.at,
      failure: decodeRevert(alert.log.args.reason),
    };
  }

  /** When the last verifier attested. */
  private async verifiedAt(message: TransportMessage, inbound: Inbound): Promise<Date | undefined> {
    const { chain, client, packet } = inbound;
    const last = await this.newest(message, client, async (piece) => {
      const attestations = await client.getContractEvents({
        abi: layerZeroReceiveUlnAbi,
        address: chain.layerZero.receiveUln,
        eventName: 'PayloadVerified',
        strict: true,
        ...piece,
      });
      return attestations.filter(({ args }) => args.header === packet.header);
    });
    return last?.at;
  }

  private async committedAt(message: TransportMessage, inbound: Inbound): Promise<Date | undefined> {
    const { chain, client, packet } = inbound;
    const last = await this.newest(message, client, async (piece) => {
      const commits = await client.getContractEvents({
        abi: layerZeroEndpointAbi,
        address: chain.layerZero.endpoint,
        eventName: 'PacketVerified',
        strict: true,
        ...piece,
      });
      return commits.filter(({ args }) => args.payloadHash === packet.payloadHash);
    });
    return last?.at;
  }

  /** The last log of its kind on the destination since the message was sent. */
  private async newest<Log extends { readonly blockNumber: bigint }>(
    { source, sentAtBlock }: TransportMessage,
    client: PublicClient,
    read: (piece: BlockRange) => Promise<readonly Log[]>,
  ): Promise<{ readonly log: Log; readonly at: Date } | undefined> {
    const { timestamp } = await this.clients.get(source).public.getBlock({ blockNumber: sentAtBlock });
    const log = (await findLogs(await blocksSince(client, timestamp), 'newest', read)).at(-1);
    if (log === undefined) return undefined;
    const block = await client.getBlock({ blockNumber: log.blockNumber });
    return { log, at: dateOfTimestamp(block.timestamp) };
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

function originOf({ srcEid, sender, nonce }: Packet) {
  return { srcEid, sender, nonce };
}
