import type { Hex } from 'viem';
import { z } from 'zod';
import {
  accountIdSchema,
  type ChainId,
  chainOfMoney,
  moneyIdSchema,
  splitAccountId,
} from '../../schema/caip';
import { canonicalHash } from '../canonical-json';
import { ChainNotSupportedError } from '../registry/registry-errors';
import { allot } from './allotment';
import {
  RoyaltyCurrencyRepeatedError,
  RoyaltyPayeeRepeatedError,
  RoyaltySplitsNotWholeError,
  RoyaltyWalletNotPayeeError,
} from './royalty-errors';

export const WHOLE_BPS = 10_000;
/** As many payees as the RoyaltyVault splits among. */
export const MAX_PAYEES = 20;

/** Who a payee is. A PLATFORM's share is its fee; the others' are owed to them alike. */
export const PayeeRole = {
  ARTIST: 'ARTIST',
  GALLERY: 'GALLERY',
  CHARITY: 'CHARITY',
  PLATFORM: 'PLATFORM',
  OTHER: 'OTHER',
} as const;
export type PayeeRole = (typeof PayeeRole)[keyof typeof PayeeRole];

/** OBSERVE: what is not paid is shown. CLAIM: it is claimed, too. RESTRICT: transfers past the royalty are refused. */
export const EnforcementMode = { OBSERVE: 'OBSERVE', CLAIM: 'CLAIM', RESTRICT: 'RESTRICT' } as const;
export type EnforcementMode = (typeof EnforcementMode)[keyof typeof EnforcementMode];

const bps = z.number().int().max(WHOLE_BPS);

/** The JSON form. Rules across fields have errors of their own: see {@link checkRoyaltyPolicy}. */
export const royaltyPolicySchema = z.strictObject({
  /** Of each sale's price, in basis points (1/100 %). */
  royaltyBps: bps.min(0),
  /** How each royalty is divided; of equals the first gets the unit that cannot be divided. */
  splits: z
    .array(z.strictObject({ account: accountIdSchema, role: z.enum(PayeeRole), shareBps: bps.min(1) }))
    .min(1)
    .max(MAX_PAYEES),
  /** Where the artist wants to be paid in the end: one of the payees. */
  primaryWallet: accountIdSchema,
  /** Money that a royalty may be paid in, with the least that is worth a settlement, in base units. None named: any. */
  currencies: z
    .array(
      z.strictObject({
        asset: moneyIdSchema,
        threshold: z
          .string()
          .regex(/^\d{1,78}$/, 'must be a whole number of base units')
          .transform((value) => BigInt(value).toString()),
      }),
    )
    .max(50),
  enforcement: z.enum(EnforcementMode),
  /** How long after a sale its payment may come, in seconds; what is not there then is unpaid. At most a year. */
  paymentWindowSeconds: z
    .number()
    .int()
    .min(0)
    .max(365 * 86_400),
});

/** How a project's sales pay royalties. */
export type RoyaltyPolicy = z.output<typeof royaltyPolicySchema>;
export type PolicySplit = RoyaltyPolicy['splits'][number];

/**
 * Holds a policy to the rules across its fields.
 *
 * @param isKnown - Whether the deployment knows a chain.
 * @throws {@link RoyaltySplitsNotWholeError}, {@link RoyaltyPayeeRepeatedError}, {@link RoyaltyWalletNotPayeeError},
 * {@link RoyaltyCurrencyRepeatedError}, {@link ChainNotSupportedError}
 */
export function checkRoyaltyPolicy(policy: RoyaltyPolicy, isKnown: (chainId: ChainId) => boolean): void {
  const { splits, currencies, primaryWallet } = policy;
  const accounts = splits.map(({ account }) => account);
  const sumBps = splits.reduce((sum, { shareBps }) => sum + shareBps, 0);
  if (sumBps !== WHOLE_BPS) throw new RoyaltySplitsNotWholeError(sumBps);
  const payee = repeated(accounts);
  if (payee !== undefined) throw new RoyaltyPayeeRepeatedError(payee);
  if (!accounts.includes(primaryWallet)) throw new RoyaltyWalletNotPayeeError(primaryWallet);
  const assets = currencies.map(({ asset }) => asset);
  const currency = repeated(assets);
  if (currency !== undefined) throw new RoyaltyCurrencyRepeatedError(currency);
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

/** Divides a royalty among the payees to the last unit (see {@link allot}), in their order. */
export function splitRoyalty(
  { splits }: Pick<RoyaltyPolicy, 'splits'>,
  amount: bigint,
): { readonly split: PolicySplit; readonly amount: bigint }[] {
  const parts = allot(
    amount,
    splits.map(({ shareBps }) => BigInt(shareBps)),
  );
  return splits.map((split, place) => ({ split, amount: parts[place] ?? 0n }));
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
