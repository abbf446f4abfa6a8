import { type AbiParameter, decodeAbiParameters, type Hex } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { gatewayAbi } from '../../chains/abi/gateway';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import { type RegistryEvent, textArg } from '../provenance/registry-event';

// The contracts' own declarations of what a message and its payload are.
const [STATEMENT] = functionNamed(gatewayAbi, 'applyStatement').inputs;
const [WORKS] = functionNamed(collectionAbi, 'payloadsOf').outputs;

/**
 * Who is to hold the work that a `StatementSent` carries, by the statement itself.
 *
 * @throws Error if the statement carries no work.
 */
export function receiverIn(sent: RegistryEvent, destinationChainId: ChainId): AccountId {
  // CAST: the ABI declares the message as bytes.
  const [statement] = decodeAbiParameters([STATEMENT], textArg(sent, 'message') as Hex);
  const [[work]] = decodeAbiParameters([WORKS], statement.payload);
  if (work === undefined) throw new Error(`statement ${sent.digest} carries no work`);
  return evmAccountId(destinationChainId, `0x${work.to.slice(-40)}`);
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
