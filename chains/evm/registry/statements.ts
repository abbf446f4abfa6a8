import { type AbiParameter, decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem';
import { collectionAbi } from '../../abi/collection';
import { gatewayAbi } from '../../abi/gateway';

// The contracts' own declarations of what a message and its payload are.
const [STATEMENT] = functionNamed(gatewayAbi, 'applyStatement').inputs;
const [WORKS] = functionNamed(collectionAbi, 'payloadsOf').outputs;

/** The content of one cross-chain message; see `Statement` in contracts/src/interfaces/IGateway.sol. */
export type Statement = ReturnType<typeof decodeStatement>;
/** One travelling work; see `WorkPayload` in contracts/src/interfaces/PayloadTypes.sol. */
export type WorkPayload = ReturnType<typeof decodeWorks>[number];

/** Reads the `message` of a `StatementSent`. @throws AbiDecodingDataSizeTooSmallError and others for anything else. */
export function decodeStatement(message: Hex) {
  const [statement] = decodeAbiParameters([STATEMENT], message);
  return statement;
}

export function encodeStatement(statement: Statement): Hex {
  return encodeAbiParameters([STATEMENT], [statement]);
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
