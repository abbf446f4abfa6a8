import { concat, type Hex, hexToBigInt, hexToNumber, keccak256, numberToHex, size, slice } from 'viem';

/** Bytes of a packet before its guid: version, nonce, source eid, sender, destination eid, receiver. */
const HEADER_BYTES = 81;
const GUID_END = HEADER_BYTES + 32;

/** A LayerZero V2 packet (`PacketV1Codec`); addresses are 32 bytes. */
export interface Packet {
  readonly nonce: bigint;
  readonly srcEid: number;
  readonly sender: Hex;
  readonly dstEid: number;
  readonly receiver: Hex;
  readonly guid: Hex;
  readonly message: Hex;
  /** What the verifiers attest: the header, and the hash of guid and message. */
  readonly header: Hex;
  readonly payloadHash: Hex;
}

/** Decodes what `PacketSent` carries. */
export function decodePacket(encoded: Hex): Packet {
  return {
    nonce: hexToBigInt(slice(encoded, 1, 9)),
    srcEid: hexToNumber(slice(encoded, 9, 13)),
    sender: slice(encoded, 13, 45),
    dstEid: hexToNumber(slice(encoded, 45, 49)),
    receiver: slice(encoded, 49, 81),
    guid: slice(encoded, HEADER_BYTES, GUID_END),
    message: packetMessage(encoded),
    header: slice(encoded, 0, HEADER_BYTES),
    payloadHash: keccak256(slice(encoded, HEADER_BYTES)),
  };
}

/** What the receiver of a packet is given; empty for anything shorter than a packet. */
export function packetMessage(encoded: Hex): Hex {
  return size(encoded) > GUID_END ? slice(encoded, GUID_END) : '0x';
}

/** Options of type 3 that ask the executor (worker 1) for `gasLimit` at delivery (option 1): what our contract sends. */
export function deliveryOptions(gasLimit: bigint): Hex {
  return concat(['0x0003', '0x01', '0x0011', '0x01', numberToHex(gasLimit, { size: 16 })]);
}

/**
 * The gas that the executor was asked for at delivery: 0 if the options do not say.
 *
 * @param options - Type 3: after two bytes of type, entries of worker (1 byte), length (2), option (1) and its content.
 */
export function deliveryGas(options: Hex): bigint {
  let gas = 0n;
  for (let at = 2; at + 4 <= size(options); ) {
    const [worker, length, option] = [
      byteAt(options, at),
      hexToNumber(slice(options, at + 1, at + 3)),
      byteAt(options, at + 3),
    ];
    if (worker === 1 && option === 1) gas += hexToBigInt(slice(options, at + 4, at + 20));
    at += 3 + length;
  }
  return gas;
}

function byteAt(bytes: Hex, at: number): number {
  return hexToNumber(slice(bytes, at, at + 1));
}
