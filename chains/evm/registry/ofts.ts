import { type Address, encodeFunctionData, type PublicClient } from 'viem';
import { oftAbi } from '../../abi/protocol/oft';
import { royaltyRemitterAbi } from '../../abi/royalty-remitter';
import type { QueuedCall } from './guard-calls';
import { answerOf } from './money';

/**
 * What names the OFT that moves a token over LayerZero. The registry's owner, while none is named and nothing of the token
 * is held; the delayed queue at any time.
 */
export function setOftCall(remitter: Address, token: Address, oft: Address): QueuedCall {
  const args = [token, oft] as const;
  return {
    target: remitter,
    data: encodeFunctionData({ abi: royaltyRemitterAbi, functionName: 'setOft', args }),
  };
}

/** The token that an OFT says it moves; undefined if there is no contract, or none that says so. */
export function tokenMovedBy(client: PublicClient, oft: Address): Promise<Address | undefined> {
  return answerOf(client.readContract({ abi: oftAbi, address: oft, functionName: 'token' }));
}
