import type { Hex } from 'viem';
import { type ChainId, chainOfMoney, splitAccountId } from '../../schema/caip';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import { type PolicySplit, type RoyaltyPolicy, WHOLE_BPS } from '../../schema/inputs/royalty';
import { EnforcementMode } from '../../schema/types/royalty';
import { canonicalHash } from '../canonical-json';
import { ChainNotSupportedError } from '../registry/registry-errors';
import {
  RoyaltyCurrencyRepeatedError,
  RoyaltyPayeeRepeatedError,
  RoyaltySplitsNotWholeError,
  RoyaltyWalletNotPayeeError,
} from './royalty-errors';

/**
 * Holds a policy to the rules across its fields.
 *
 * @param isKnown - Whether the deployment knows a chain.
 * @throws {@link RoyaltySplitsNotWholeError}, {@link RoyaltyPayeeRepeatedError}, {@link RoyaltyWalletNotPayeeError},
 * {@link RoyaltyCurrencyRepeatedError}, {@link BadUserInputError} (operators), {@link ChainNotSupportedError}
 */
export function checkRoyaltyPolicy(policy: RoyaltyPolicy, isKnown: (chainId: ChainId) => boolean): void {
  const { splits, currencies, primaryWallet, operators, enforcement } = policy;
  const accounts = splits.map(({ account }) => account);
  const sumBps = splits.reduce((sum, { shareBps }) => sum + shareBps, 0);
  if (sumBps !== WHOLE_BPS) throw new RoyaltySplitsNotWholeError(sumBps);
  const payee = repeated(accounts);
  if (payee !== undefined) throw new RoyaltyPayeeRepeatedError(payee);
  if (!accounts.includes(primaryWallet)) throw new RoyaltyWalletNotPayeeError(primaryWallet);
  const assets = currencies.map(({ asset }) => asset);
  const currency = repeated(assets);
  if (currency !== undefined) throw new RoyaltyCurrencyRepeatedError(currency);
  if (operators.length > 0 && enforcement !== EnforcementMode.RESTRICT)
    throw new BadUserInputError('operators', 'are named for RESTRICT only');
  if (repeated(operators) !== undefined) throw new BadUserInputError('operators', 'name one twice');
  const chainIds = [
    ...accounts.map((account) => splitAccountId(account).chainId),
    ...assets.map(chainOfMoney),
  ];
  const unknown = chainIds.find((chainId) => !isKnown(chainId));
  if (unknown !== undefined) throw new ChainNotSupportedError(unknown);
}

/** What a sale owes, in the base units of its price: rounded down, as ERC-2981 answers. */
export function royaltyOf({ royaltyBps }: Pick<RoyaltyPolicy, 'royaltyBps'>, price: bigint): bigint {
  return (price * BigInt(royaltyBps)) / BigInt(WHOLE_BPS);
}

/** Names what a policy promises: keccak256 over royalty and splits, as artists' consents and manifests carry it. */
export function royaltyPolicyHash({
  royaltyBps,
  splits,
}: {
  readonly royaltyBps: number;
  readonly splits: readonly Pick<PolicySplit, 'account' | 'shareBps'>[];
}): Hex {
  return canonicalHash({
    royaltyBps,
    splits: splits.map(({ account, shareBps }) => ({ account, shareBps })),
  });
}

function repeated<Value>(values: readonly Value[]): Value | undefined {
  return values.find((value, place) => values.indexOf(value) !== place);
}
