import {
  type Address,
  concat,
  encodeAbiParameters,
  getAddress,
  type Hex,
  hexToBigInt,
  keccak256,
  parseAbi,
  parseAbiParameters,
  size,
  slice,
  toBytes,
  toHex,
} from 'viem';

const STRUCTS = [
  'struct Header { bytes32 messageId; uint64 sourceChainSelector; uint64 destChainSelector; uint64 sequenceNumber; uint64 nonce; }',
  'struct SentTokens { address sourcePoolAddress; bytes destTokenAddress; bytes extraData; uint256 amount; bytes destExecData; }',
  'struct SentMessage { Header header; address sender; bytes data; bytes receiver; bytes extraArgs; address feeToken; uint256 feeTokenAmount; uint256 feeValueJuels; SentTokens[] tokenAmounts; }',
  'struct Tokens { bytes sourcePoolAddress; address destTokenAddress; uint32 destGasAmount; bytes extraData; uint256 amount; }',
  'struct Message { Header header; bytes sender; bytes data; address receiver; uint256 gasLimit; Tokens[] tokenAmounts; }',
  'struct ExecutionReport { uint64 sourceChainSelector; Message[] messages; bytes[][] offchainTokenData; bytes32[] proofs; uint256 proofFlagBits; }',
  'struct MerkleRoot { uint64 sourceChainSelector; bytes onRampAddress; uint64 minSeqNr; uint64 maxSeqNr; bytes32 merkleRoot; }',
  'struct TokenPrice { address sourceToken; uint224 usdPerToken; }',
  'struct GasPrice { uint64 destChainSelector; uint224 usdPerUnitGas; }',
  'struct PriceUpdates { TokenPrice[] tokenPriceUpdates; GasPrice[] gasPriceUpdates; }',
  'struct RmnSignature { bytes32 r; bytes32 s; }',
  'struct CommitReport { PriceUpdates priceUpdates; MerkleRoot[] blessedMerkleRoots; MerkleRoot[] unblessedMerkleRoots; RmnSignature[] rmnSignatures; }',
] as const;

/** The events and functions of OnRamp and OffRamp 1.6 that a DON uses. */
export const CCIP_ABI = parseAbi([
  ...STRUCTS,
  'event CCIPMessageSent(uint64 indexed destChainSelector, uint64 indexed sequenceNumber, SentMessage message)',
  'event CommitReportAccepted(MerkleRoot[] blessedMerkleRoots, MerkleRoot[] unblessedMerkleRoots, PriceUpdates priceUpdates)',
  'event ExecutionStateChanged(uint64 indexed sourceChainSelector, uint64 indexed sequenceNumber, bytes32 indexed messageId, bytes32 messageHash, uint8 state, bytes returnData, uint256 gasUsed)',
  'function commit(bytes32[2] reportContext, bytes report, bytes32[] rs, bytes32[] ss, bytes32 rawVs)',
  'function execute(bytes32[2] reportContext, bytes report)',
]);

/** The parameters of `commit`'s and `execute`'s opaque reports. */
export const COMMIT_REPORT = parseAbiParameters(['CommitReport report', ...STRUCTS]);
export const EXECUTION_REPORTS = parseAbiParameters(['ExecutionReport[] reports', ...STRUCTS]);

const TOKENS = parseAbiParameters(['Tokens[] tokens', ...STRUCTS]);
const METADATA = parseAbiParameters('bytes32, uint64, uint64, bytes32');
const FIXED_FIELDS = parseAbiParameters('bytes32, address, uint64, uint256, uint64');
const LEAF = parseAbiParameters('bytes32, bytes32, bytes32, bytes32, bytes32, bytes32');

export interface Header {
  readonly messageId: Hex;
  readonly sourceChainSelector: bigint;
  readonly destChainSelector: bigint;
  readonly sequenceNumber: bigint;
  readonly nonce: bigint;
}

/** A message as the destination executes it. */
export interface Message {
  readonly header: Header;
  readonly sender: Hex;
  readonly data: Hex;
  readonly receiver: Address;
  readonly gasLimit: bigint;
  readonly tokenAmounts: readonly {
    readonly sourcePoolAddress: Hex;
    readonly destTokenAddress: Address;
    readonly destGasAmount: number;
    readonly extraData: Hex;
    readonly amount: bigint;
  }[];
}

/** A message as `CCIPMessageSent` shows it. */
export interface SentMessage {
  readonly header: Header;
  readonly sender: Address;
  readonly data: Hex;
  readonly receiver: Hex;
  readonly extraArgs: Hex;
  readonly tokenAmounts: readonly {
    readonly sourcePoolAddress: Address;
    readonly destTokenAddress: Hex;
    readonly extraData: Hex;
    readonly amount: bigint;
    readonly destExecData: Hex;
  }[];
}

/** Translates a message from the form that its source emits to the form that its destination takes. */
export function toDestinationMessage(sent: SentMessage): Message {
  return {
    header: sent.header,
    sender: encodeAddress(sent.sender),
    data: sent.data,
    receiver: decodeAddress(sent.receiver),
    // EVMExtraArgsV2: a tag of four bytes, then gasLimit and allowOutOfOrderExecution.
    gasLimit: hexToBigInt(slice(sent.extraArgs, 4, 36)),
    tokenAmounts: sent.tokenAmounts.map((token) => ({
      sourcePoolAddress: encodeAddress(token.sourcePoolAddress),
      destTokenAddress: decodeAddress(token.destTokenAddress),
      destGasAmount: Number(hexToBigInt(token.destExecData)),
      extraData: token.extraData,
      amount: token.amount,
    })),
  };
}

/** The leaf of a message, as `Internal._hash` of OffRamp 1.6 computes it. */
export function leafHash(message: Message, onRamp: Address): Hex {
  const { header } = message;
  const metadata = encodeAbiParameters(METADATA, [
    keccak256(toBytes('Any2EVMMessageHashV1')),
    header.sourceChainSelector,
    header.destChainSelector,
    keccak256(encodeAddress(onRamp)),
  ]);
  const fixed = encodeAbiParameters(FIXED_FIELDS, [
    header.messageId,
    message.receiver,
    header.sequenceNumber,
    message.gasLimit,
    header.nonce,
  ]);
  return keccak256(
    encodeAbiParameters(LEAF, [
      LEAF_DOMAIN,
      keccak256(metadata),
      keccak256(fixed),
      keccak256(message.sender),
      keccak256(message.data),
      keccak256(encodeAbiParameters(TOKENS, [message.tokenAmounts])),
    ]),
  );
}

const LEAF_DOMAIN = toHex(0, { size: 32 });
const NODE_DOMAIN = toHex(1, { size: 32 });
/** Fills a layer with an odd number of nodes. */
const PADDING: Hex = `0x${'ff'.repeat(32)}`;

/** The Merkle tree of a commit report. */
export class MerkleTree {
  private readonly layers: (readonly Hex[])[];

  /** @param leaves - At least one. */
  constructor(leaves: readonly Hex[]) {
    this.layers = [leaves];
    for (let layer = leaves; layer.length > 1; ) {
      layer = parents(layer);
      this.layers.push(layer);
    }
  }

  get root(): Hex {
    return this.layers.at(-1)?.[0] ?? PADDING;
  }

  /** The siblings from a leaf to the root, lowest first. */
  proof(leafIndex: number): Hex[] {
    return this.layers.slice(0, -1).map((layer, depth) => layer[(leafIndex >> depth) ^ 1] ?? PADDING);
  }
}

function parents(layer: readonly Hex[]): Hex[] {
  const next: Hex[] = [];
  for (let at = 0; at < layer.length; at += 2) {
    const [left, right] = [layer[at] ?? PADDING, layer[at + 1] ?? PADDING];
    const [low, high] = left < right ? [left, right] : [right, left];
    next.push(keccak256(concat([NODE_DOMAIN, low, high])));
  }
  return next;
}

export function encodeAddress(address: Address): Hex {
  return encodeAbiParameters([{ type: 'address' }], [address]);
}

function decodeAddress(word: Hex): Address {
  return getAddress(slice(word, size(word) - 20));
}
