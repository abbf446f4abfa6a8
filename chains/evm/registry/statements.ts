import {
  type AbiParameter,
  BaseError,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseAbiParameters,
  parseEventLogs,
  stringToBytes,
  type TransactionReceipt,
} from 'viem';
import { collectionAbi } from '../../abi/collection';
import { gatewayAbi } from '../../abi/gateway';
import { ccipOnRampAbi } from '../../abi/protocol/ccip';
import { layerZeroEndpointAbi } from '../../abi/protocol/layer-zero';
import { packetMessage } from '../../layerzero/packet';

// The contracts' own declarations of what a message and its payload are.
const [STATEMENT] = functionNamed(gatewayAbi, 'applyStatement').inputs;
const [WORKS] = functionNamed(collectionAbi, 'payloadsOf').outputs;

/** The content of one cross-chain message; see `Statement` in contracts/src/interfaces/IGateway.sol. */
export type Statement = ReturnType<typeof decodeStatement>;
/** One travelling work; see `WorkPayload` in contracts/src/interfaces/PayloadTypes.sol. */
export type WorkPayload = ReturnType<typeof decodeWorks>[number];

const STATEMENT_TYPE =
  'ColophonStatementV1(bytes32 registryId,bytes32 srcChainHash,bytes32 srcGateway,bytes32 dstChainHash,' +
  'bytes32 dstGateway,uint64 nonce,uint8 kind,uint8 minPolicy,uint32 laneEpoch,bytes payload)';
/** What contracts/src/libraries/Statements.sol hashes. */
const DIGESTED = parseAbiParameters(
  'bytes32, bytes32, bytes32, bytes32, bytes32, bytes32, uint64, uint8, uint8, uint32, bytes32',
);

/** Reads the encoded statement that a bridge carries. @throws AbiDecodingDataSizeTooSmallError and others for anything else. */
export function decodeStatement(message: Hex) {
  const [statement] = decodeAbiParameters([STATEMENT], message);
  return statement;
}

export function encodeStatement(statement: Statement): Hex {
  return encodeAbiParameters([STATEMENT], [statement]);
}

/** By what a statement is known, whichever bridge carries it. */
export function digestOf(statement: Statement): Hex {
  return keccak256(
    encodeAbiParameters(DIGESTED, [
      keccak256(stringToBytes(STATEMENT_TYPE)),
      statement.registryId,
      statement.srcChainHash,
      statement.srcGateway,
      statement.dstChainHash,
      statement.dstGateway,
      statement.nonce,
      statement.kind,
      statement.minPolicy,
      statement.laneEpoch,
      keccak256(statement.payload),
    ]),
  );
}

/**
 * The encoded statement that a transaction gave to a bridge. Whoever logged it: its digest proves it.
 *
 * @throws Error if neither CCIP nor LayerZero has logged a statement with that digest.
 */
export function statementIn({ logs }: Pick<TransactionReceipt, 'logs'>, digest: Hex): Hex {
  const overCcip = parseEventLogs({ abi: ccipOnRampAbi, logs, eventName: 'CCIPMessageSent' });
  const overLayerZero = parseEventLogs({ abi: layerZeroEndpointAbi, logs, eventName: 'PacketSent' });
  const candidates = [
    ...overCcip.map(({ args }) => args.message.data),
    ...overLayerZero.map(({ args }) => packetMessage(args.encodedPayload)),
  ];
  const message = candidates.find((candidate) => hasDigest(candidate, digest));
  if (message === undefined) throw new Error(`no bridge has logged the statement ${digest}`);
  return message;
}

/** False also for what is no statement: a transaction may send other things, and anyone may log anything. */
function hasDigest(message: Hex, digest: Hex): boolean {
  try {
    return digestOf(decodeStatement(message)) === digest;
  } catch (error) {
    if (error instanceof BaseError) return false;
    throw error;
  }
}

/** Reads the payload of a statement that carries works. */
export function decodeWorks(payload: Hex) {
  const [works] = decodeAbiParameters([WORKS], payload);
  return works;
}

export function encodeWorks(works: readonly WorkPayload[]): Hex {
  return encodeAbiParameters([WORKS], [works]);
}

function functionNamed<
  const Abi extends readonly { type: string; name?: string; inputs?: readonly AbiParameter[] }[],
  Name extends string,
>(abi: Abi, name: Name): Extract<Abi[number], { type: 'function'; name: Name }> {
  const found = abi.find((item) => item.type === 'function' && item.name === name);
  if (found === undefined) throw new Error(`the ABI has no function ${name}`);
  // CAST: selected by exactly this condition.
  return found as Extract<Abi[number], { type: 'function'; name: Name }>;
}
