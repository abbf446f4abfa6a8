import {
  type Address,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  slice,
  stringToBytes,
} from 'viem';
import { addressInWord } from '../evm-values';
import { LEAF_DOMAIN } from './merkle-tree';

const ADDRESS = parseAbiParameters('address');
const UINT = parseAbiParameters('uint256');
const METADATA = parseAbiParameters('bytes32, uint64, uint64, bytes32');
const FIXED_FIELDS = parseAbiParameters('bytes32, address, uint64, uint256, uint64');
const LEAF = parseAbiParameters('bytes32, bytes32, bytes32, bytes32, bytes32, bytes32');
const TOKENS = parseAbiParameters([
  'Token[] tokenAmounts',
  'struct Token { bytes sourcePoolAddress; address destTokenAddress; uint32 destGasAmount; bytes extraData; uint256 amount; }',
]);
const MESSAGE_HASH = keccak256(stringToBytes('Any2EVMMessageHashV1'));

/** The header that a CCIP 1.6 message has on both chains. */
export interface RampHeader {
  readonly messageId: Hex;
  readonly sourceChainSelector: bigint;
  readonly destChainSelector: bigint;
  readonly sequenceNumber: bigint;
  readonly nonce: bigint;
}

/** A message as the OnRamp's `CCIPMessageSent` shows it, as far as the destination needs it. */
export interface SentRampMessage {
  readonly header: RampHeader;
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

/** The same message as the OffRamp takes it (`Internal.Any2EVMRampMessage`). */
export interface ReceivedRampMessage {
  readonly header: RampHeader;
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

/** Gas for the receiver: the first word after the tag of `GenericExtraArgsV2` (and of the older `EVMExtraArgsV1`). */
export function gasLimitOf({ extraArgs }: Pick<SentRampMessage, 'extraArgs'>): bigint {
  return BigInt(slice(extraArgs, 4, 36));
}

/** What the OffRamp of an EVM chain makes of a message from an EVM chain. */
export function toReceived(message: SentRampMessage): ReceivedRampMessage {
  return {
    header: message.header,
    sender: encodeAbiParameters(ADDRESS, [message.sender]),
    data: message.data,
    receiver: addressInWord(message.receiver),
    gasLimit: gasLimitOf(message),
    tokenAmounts: message.tokenAmounts.map((token) => ({
      sourcePoolAddress: encodeAbiParameters(ADDRESS, [token.sourcePoolAddress]),
      destTokenAddress: addressInWord(token.destTokenAddress),
      destGasAmount: Number(decodeAbiParameters(UINT, token.destExecData)[0]),
      extraData: token.extraData,
      amount: token.amount,
    })),
  };
}

/**
 * The leaf of a message in its commit report's Merkle tree (CCIP 1.6, `Internal._hash`).
 *
 * @param onRamp - Of the source chain.
 */
export function leafOf(message: ReceivedRampMessage, onRamp: Address): Hex {
  const { header, sender, data, receiver, gasLimit, tokenAmounts } = message;
  const fixed = [header.messageId, receiver, header.sequenceNumber, gasLimit, header.nonce] as const;
  return keccak256(
    encodeAbiParameters(LEAF, [
      LEAF_DOMAIN,
      metadataHash(header, onRamp),
      keccak256(encodeAbiParameters(FIXED_FIELDS, fixed)),
      keccak256(sender),
      keccak256(data),
      keccak256(encodeAbiParameters(TOKENS, [tokenAmounts])),
    ]),
  );
}

function metadataHash({ sourceChainSelector, destChainSelector }: RampHeader, onRamp: Address): Hex {
  const onRampHash = keccak256(encodeAbiParameters(ADDRESS, [onRamp]));
  const fields = [MESSAGE_HASH, sourceChainSelector, destChainSelector, onRampHash] as const;
  return keccak256(encodeAbiParameters(METADATA, fields));
}
