import {
  type Address,
  getAddress,
  type Hex,
  hexToBigInt,
  hexToNumber,
  keccak256,
  parseAbi,
  size,
  slice,
} from 'viem';

const STRUCTS = [
  'struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }',
  'struct ExecutionParams { address receiver; Origin origin; bytes32 guid; bytes message; bytes extraData; uint256 gasLimit; }',
  'struct ExecuteParam { uint32 vid; address target; bytes callData; uint256 expiration; bytes signatures; }',
] as const;

/** The events and functions of LayerZero V2 that DVNs and executors use. */
export const LAYERZERO_ABI = parseAbi([
  ...STRUCTS,
  'event ExecutorFeePaid(address executor, uint256 fee)',
  'event DVNFeePaid(address[] requiredDVNs, address[] optionalDVNs, uint256[] fees)',
  'event PacketSent(bytes encodedPayload, bytes options, address sendLibrary)',
  'event PayloadVerified(address dvn, bytes header, uint256 confirmations, bytes32 proofHash)',
  'event PacketVerified(Origin origin, address receiver, bytes32 payloadHash)',
  'event PacketDelivered(Origin origin, address receiver)',
  'event LzReceiveAlert(address indexed receiver, address indexed executor, Origin origin, bytes32 guid, uint256 gas, uint256 value, bytes message, bytes extraData, bytes reason)',
  'function execute(ExecuteParam[] params)',
  'function verify(bytes packetHeader, bytes32 payloadHash, uint64 confirmations)',
  'function commitVerification(bytes packetHeader, bytes32 payloadHash)',
  'function execute302(ExecutionParams params) payable',
]);

/** Where a packet comes from and which it is. */
export interface Origin {
  readonly srcEid: number;
  readonly sender: Hex;
  readonly nonce: bigint;
}

/** A packet as its source endpoint encoded it (PacketV1Codec of the protocol package). */
export interface Packet {
  readonly origin: Origin;
  readonly dstEid: number;
  readonly receiver: Address;
  readonly guid: Hex;
  readonly message: Hex;
  /** The first 81 bytes, which the DVNs attest together with the payload's hash. */
  readonly header: Hex;
  readonly payloadHash: Hex;
  /** Gas and native money for `lzReceive`, as the sender's options ask. */
  readonly gas: bigint;
  readonly value: bigint;
}

const HEADER_SIZE = 81;
const GUID_SIZE = 32;

/** @param options - The options of `PacketSent`. */
export function decodePacket(encoded: Hex, options: Hex): Packet {
  const message = size(encoded) > HEADER_SIZE + GUID_SIZE ? slice(encoded, HEADER_SIZE + GUID_SIZE) : '0x';
  return {
    ...decodeHeader(slice(encoded, 0, HEADER_SIZE)),
    guid: slice(encoded, HEADER_SIZE, HEADER_SIZE + GUID_SIZE),
    message,
    header: slice(encoded, 0, HEADER_SIZE),
    payloadHash: keccak256(slice(encoded, HEADER_SIZE)),
    ...decodeOptions(options),
  };
}

/** The parts of an 81-byte packet header. */
export function decodeHeader(header: Hex): { origin: Origin; dstEid: number; receiver: Address } {
  return {
    origin: {
      nonce: hexToBigInt(slice(header, 1, 9)),
      srcEid: hexToNumber(slice(header, 9, 13)),
      sender: slice(header, 13, 45),
    },
    dstEid: hexToNumber(slice(header, 45, 49)),
    receiver: getAddress(slice(header, 61, 81)),
  };
}

/** Names a packet on its destination. */
export function packetKey({ srcEid, sender, nonce }: Origin, receiver: Address): string {
  return `${srcEid}:${sender}:${nonce}:${receiver}`;
}

const OPTIONS_TYPE_3 = '0x0003';
const EXECUTOR_ID = 1;
const LZ_RECEIVE = 1;

/** Options of type 3 add up; those of types 1 and 2 begin with the gas. */
function decodeOptions(options: Hex): { gas: bigint; value: bigint } {
  if (slice(options, 0, 2) !== OPTIONS_TYPE_3) return { gas: hexToBigInt(slice(options, 2, 34)), value: 0n };
  let gas = 0n;
  let value = 0n;
  for (let at = 2; at < size(options); ) {
    const length = hexToNumber(slice(options, at + 1, at + 3));
    const option = slice(options, at + 3, at + 3 + length);
    if (
      hexToNumber(slice(options, at, at + 1)) === EXECUTOR_ID &&
      hexToNumber(slice(option, 0, 1)) === LZ_RECEIVE
    ) {
      gas += hexToBigInt(slice(option, 1, 17));
      if (length > 17) value += hexToBigInt(slice(option, 17, 33));
    }
    at += 3 + length;
  }
  return { gas, value };
}
