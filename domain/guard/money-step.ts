import { type Address, isAddressEqual } from 'viem';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import { forwardCall, receiverOf } from '../../chains/evm/registry/money';
import { setOftCall } from '../../chains/evm/registry/ofts';
import { remitterOf } from '../../chains/evm/registry/payees';
import { vaultOf } from '../../chains/evm/registry/royalties';
import { evmTokenOf, splitAccountId } from '../../schema/caip';
import { call, DONE, type GuardStep, type GuardSubject, given, refused } from './guard-subject';
import { throughTheQueue } from './queued-step';

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

/** The owner names the first OFT of a token while there is no money of it; whatever comes later takes the queue's delay. */
export async function nameOft({ action, contracts }: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const token = evmTokenOf(given(action.asset));
  // CAST: an account of an EVM chain.
  const wanted = splitAccountId(given(action.account)).address as Address;
  const named = await chain.oftOf(token);
  if (named !== undefined && isAddressEqual(named, wanted)) return DONE;
  const { target, data } = setOftCall(remitterOf(vaultOf(contracts)), token, wanted);
  const isOpen = named === undefined && (await chain.heldForRemittance(token)) === 0n;
  return isOpen
    ? call('setOft', { to: target, data }, ['OWNER'])
    : throughTheQueue(contracts, [{ target, data }], chain);
}
