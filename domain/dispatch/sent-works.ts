import type { Hex } from 'viem';
import { decodeStatement, decodeWorks } from '../../chains/evm/registry/statements';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import { type RegistryEvent, textArg } from '../provenance/registry-event';

/**
 * Who is to hold the work that a `StatementSent` carries, by the statement itself.
 *
 * @throws Error if the statement carries no work.
 */
export function receiverIn(sent: RegistryEvent, destinationChainId: ChainId): AccountId {
  // CAST: the ABI declares the message as bytes.
  const { payload } = decodeStatement(textArg(sent, 'message') as Hex);
  const [work] = decodeWorks(payload);
  if (work === undefined) throw new Error(`statement ${sent.digest} carries no work`);
  return evmAccountId(destinationChainId, `0x${work.to.slice(-40)}`);
}
