import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import { forwardCall, receiverOf } from '../../chains/evm/registry/money';
import { evmTokenOf } from '../../schema/caip';
import { call, DONE, type GuardStep, type GuardSubject, given, refused } from './guard-subject';

/**
 * Has what lies in a receiver moved into its vault, once: what comes after that is another action's. Whoever did it
 * meanwhile did what was asked for.
 */
export async function forwardRoyalties(
  { action, contracts, isGivenUp }: GuardSubject,
  chain: GuardReader,
): Promise<GuardStep> {
  const token = evmTokenOf(given(action.asset));
  const receiver = receiverOf(contracts);
  if ((await chain.balanceOf(token, receiver)) === 0n) return DONE;
  if (isGivenUp) return refused('The chain is given up.');
  return call('forward', forwardCall(receiver, token), 'ANYONE');
}
