import type { Address, Hash, Hex } from 'viem';
import { type LogReader, readEvents } from './chain-view';
import { decodeHeader, decodePacket, LAYERZERO_ABI, type Packet, packetKey } from './layerzero-packet';

/** A packet and who was paid to carry it. */
export interface Job {
  readonly packet: Packet;
  readonly dvns: readonly Address[];
  readonly executor: Address | undefined;
}

/** How far a packet has come on its destination. */
export interface Progress {
  /** DVN contracts that attested it with this payload hash. */
  readonly attestedBy: Map<Address, Hex>;
  committed: boolean;
  /** Delivered, or tried in vain: the executor's work is over either way. */
  executed: boolean;
}

/** What the endpoint and the message libraries of one chain have said. */
export interface LayerZeroFacts {
  /** Jobs that began on this chain, by destination endpoint id and key. */
  readonly jobs: Map<number, Map<string, Job>>;
  /** Packets to this chain, by key. */
  readonly progress: Map<string, Progress>;
  /** Who was paid in the transaction being read: the fees are logged before the packet. */
  paid: { transaction: Hash | undefined; dvns: readonly Address[]; executor: Address | undefined };
}

export interface LayerZeroAddresses {
  readonly endpoint: Address;
  readonly sendUln: Address;
  readonly receiveUln: Address;
}

const EVENTS = LAYERZERO_ABI.filter((item) => item.type === 'event');
const NOBODY = { transaction: undefined, dvns: [], executor: undefined };

function readLayerZeroLogs(
  rpcUrl: string,
  { endpoint, sendUln, receiveUln }: LayerZeroAddresses,
  fromBlock: bigint,
) {
  return readEvents(rpcUrl, { address: [endpoint, sendUln, receiveUln], abi: EVENTS, fromBlock });
}

export type LayerZeroLog = Awaited<ReturnType<typeof readLayerZeroLogs>>[number];

/** Reads one chain's endpoint and message libraries. */
export function layerZeroLogReader(
  rpcUrl: string,
  addresses: LayerZeroAddresses,
): LogReader<LayerZeroLog, LayerZeroFacts> {
  return {
    read: (fromBlock) => readLayerZeroLogs(rpcUrl, addresses, fromBlock),
    empty: () => ({ jobs: new Map(), progress: new Map(), paid: NOBODY }),
    apply: (facts, log) => {
      if (facts.paid.transaction !== log.transactionHash) {
        facts.paid = { ...NOBODY, transaction: log.transactionHash };
      }
      applyLog(facts, log);
    },
  };
}

function applyLog(facts: LayerZeroFacts, log: LayerZeroLog): void {
  switch (log.eventName) {
    case 'ExecutorFeePaid':
      facts.paid.executor = log.args.executor;
      return;
    case 'DVNFeePaid':
      facts.paid.dvns = [...log.args.requiredDVNs, ...log.args.optionalDVNs];
      return;
    case 'PacketSent': {
      const packet = decodePacket(log.args.encodedPayload, log.args.options);
      const lane = facts.jobs.get(packet.dstEid) ?? new Map<string, Job>();
      const { dvns, executor } = facts.paid;
      facts.jobs.set(
        packet.dstEid,
        lane.set(packetKey(packet.origin, packet.receiver), { packet, dvns, executor }),
      );
      return;
    }
    case 'PayloadVerified': {
      const { origin, receiver } = decodeHeader(log.args.header);
      progressOf(facts, packetKey(origin, receiver)).attestedBy.set(log.args.dvn, log.args.proofHash);
      return;
    }
    case 'PacketVerified':
      progressOf(facts, packetKey(log.args.origin, log.args.receiver)).committed = true;
      return;
    case 'PacketDelivered':
    case 'LzReceiveAlert':
      progressOf(facts, packetKey(log.args.origin, log.args.receiver)).executed = true;
      return;
  }
}

function progressOf(facts: LayerZeroFacts, key: string): Progress {
  const progress = facts.progress.get(key) ?? { attestedBy: new Map(), committed: false, executed: false };
  facts.progress.set(key, progress);
  return progress;
}
