import { type Address, encodeFunctionData, getAddress, type Hex, pad, slice } from 'viem';
import type { RoyaltyTerms } from '../../../schema/types/guard-action';
import { collectionAbi } from '../../abi/collection';
import type { Call } from './calls';

/** A registry's own state on one chain; see `RegistryState` in contracts/src/interfaces/PayloadTypes.sol. */
export interface RegistryTerms extends RoyaltyTerms {
  /** Zero is what the manifest says. */
  readonly revision: number;
  readonly licenceHash: Hex;
}

/** As the contract's ABI has it. */
export interface EncodedTerms {
  readonly revision: number;
  readonly royaltyBps: number;
  readonly restrictsTransfers: boolean;
  readonly royaltyPolicyHash: Hex;
  readonly licenceHash: Hex;
  readonly operators: readonly Hex[];
}

const ADDRESS_STARTS_AT = 12;

export function decodeTerms({ royaltyPolicyHash, operators, ...rest }: EncodedTerms): RegistryTerms {
  return {
    ...rest,
    policyHash: royaltyPolicyHash,
    operators: operators.map((operator) => getAddress(slice(operator, ADDRESS_STARTS_AT))),
  };
}

/** States the next revision of a registry's own state; its licence stays. Home only, policy only. */
export function stateRegistryCall(
  collection: Address,
  { revision, licenceHash }: RegistryTerms,
  { royaltyBps, policyHash, restrictsTransfers, operators }: RoyaltyTerms,
): Call {
  const next: EncodedTerms = {
    revision: revision + 1,
    royaltyBps,
    restrictsTransfers,
    royaltyPolicyHash: policyHash,
    licenceHash,
    operators: operators.map((operator) => pad(operator)),
  };
  const args = [next] as const;
  return {
    to: collection,
    data: encodeFunctionData({ abi: collectionAbi, functionName: 'stateRegistry', args }),
  };
}

/** Whether collections answer the same by both. */
export function isSameTerms(one: RoyaltyTerms, other: RoyaltyTerms): boolean {
  return (
    one.royaltyBps === other.royaltyBps &&
    one.policyHash === other.policyHash &&
    one.restrictsTransfers === other.restrictsTransfers &&
    one.operators.length === other.operators.length &&
    one.operators.every((operator, place) => operator === other.operators[place])
  );
}
