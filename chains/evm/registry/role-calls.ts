import { type Address, encodeFunctionData } from 'viem';
import { collectionAbi } from '../../abi/collection';
import type { Call } from './calls';
import type { QueuedCall } from './guard-calls';

/** The functions of a collection by which a role is handed over. The new owner takes the ownership by the last. */
export const ROLE_CALLS = {
  OWNER: 'transferOwnership',
  GUARDIAN: 'setGuardian',
  MINTER: 'setMinter',
  POLICY: 'setPolicy',
  OPERATOR: 'setOperator',
} as const;

/** Hands a role over: the owner's by the owner, the guardian's by the guardian, all others by the owner. */
export function setRoleCall(collection: Address, role: keyof typeof ROLE_CALLS, account: Address): Call {
  const functionName = ROLE_CALLS[role];
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName, args: [account] }),
  };
}

/** Takes over the ownership that the owner has offered. */
export function acceptOwnershipCall(collection: Address): Call {
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'acceptOwnership' }),
  };
}

/** What the queue does to replace the guardian without the guardian. */
export function guardianPlan(collection: Address, account: Address): QueuedCall[] {
  const { to, data } = setRoleCall(collection, 'GUARDIAN', account);
  return [{ target: to, data }];
}
