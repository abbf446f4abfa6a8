import fc from 'fast-check';
import { ErrorCode } from '../../schema/error-codes';
import { MAX_PAYEES, type RoyaltyPolicy, royaltyPolicySchema } from '../../schema/inputs/royalty';
import { propertyRuns } from '../../test/support/property-runs';
import { account, amounts, CHAIN, DOLLAR, ETHER, policies } from '../../test/support/royalty-arbitraries';
import { checkRoyaltyPolicy, royaltyOf, royaltyPolicyHash } from './royalty-policy';

const POLICY: RoyaltyPolicy = {
  royaltyBps: 500,
  splits: [
    { account: account(1), role: 'ARTIST', shareBps: 7_000 },
    { account: account(2), role: 'GALLERY', shareBps: 3_000 },
  ],
  primaryWallet: account(1),
  currencies: [{ asset: ETHER, threshold: '1000' }],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 86_400,
};
const [ARTIST, GALLERY] = POLICY.splits as [RoyaltyPolicy['splits'][0], RoyaltyPolicy['splits'][0]];
const isKnown = (chainId: string) => chainId === CHAIN;

test('a policy that holds to the rules is taken as it is', () => {
  const parsed = royaltyPolicySchema.parse(POLICY);
  expect(parsed).toEqual(POLICY);
  expect(() => checkRoyaltyPolicy(parsed, isKnown)).not.toThrow();
});

test.each([
  {
    what: 'shares of more than 100 %',
    change: { splits: [ARTIST, { ...GALLERY, shareBps: 3_001 }] },
    code: ErrorCode.RoyaltySplitsNotWhole,
  },
  { what: 'shares of less than 100 %', change: { splits: [ARTIST] }, code: ErrorCode.RoyaltySplitsNotWhole },
  {
    what: 'a payee who is named twice',
    change: { splits: [ARTIST, { ...GALLERY, account: ARTIST.account }] },
    code: ErrorCode.RoyaltyPayeeRepeated,
  },
  {
    what: 'a primary wallet that gets no share',
    change: { primaryWallet: account(3) },
    code: ErrorCode.RoyaltyWalletNotPayee,
  },
  {
    what: 'a currency that is named twice',
    change: { currencies: [...POLICY.currencies, { asset: ETHER, threshold: '0' }] },
    code: ErrorCode.RoyaltyCurrencyRepeated,
  },
  {
    what: 'a payee on a chain that is not known',
    change: {
      splits: [
        ARTIST,
        {
          ...GALLERY,
          account: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv',
        },
      ],
    },
    code: ErrorCode.ChainNotSupported,
  },
  {
    what: 'a currency on a chain that is not known',
    change: { currencies: [{ asset: 'eip155:5/slip44:60', threshold: '0' }] },
    code: ErrorCode.ChainNotSupported,
  },
])('$what is refused with a code of its own', ({ change, code }) => {
  const policy = royaltyPolicySchema.parse({ ...POLICY, ...change });
  expect(() => checkRoyaltyPolicy(policy, isKnown)).toThrow(expect.objectContaining({ code }));
});

test.each([
  { what: 'a royalty over 100 %', change: { royaltyBps: 10_001 } },
  { what: 'a share of nothing', change: { splits: [{ ...ARTIST, shareBps: 0 }] } },
  { what: 'no payee', change: { splits: [] } },
  {
    what: 'more payees than a vault splits among',
    change: {
      splits: Array.from({ length: MAX_PAYEES + 1 }, (_, n) => ({
        ...ARTIST,
        account: account(n + 1),
        shareBps: 1,
      })),
    },
  },
  { what: 'a threshold of half a unit', change: { currencies: [{ asset: ETHER, threshold: '0.5' }] } },
  {
    what: 'a token of a collection as a currency',
    change: { currencies: [{ asset: `${CHAIN}/erc721:0x1`, threshold: '0' }] },
  },
  {
    what: 'a payee whose address has a wrong checksum',
    change: { primaryWallet: `${CHAIN}:0x52908400098527886E0F7030069857D2E4169Ee7` },
  },
])('$what does not parse', ({ change }) => {
  expect(royaltyPolicySchema.safeParse({ ...POLICY, ...change }).success).toBe(false);
});

test('one payee, currency or address in two spellings is one', () => {
  const lower = POLICY.primaryWallet.toLowerCase();
  expect(royaltyPolicySchema.parse({ ...POLICY, primaryWallet: lower }).primaryWallet).toBe(account(1));
  const currencies = [{ asset: DOLLAR.toLowerCase(), threshold: '007' }];
  expect(royaltyPolicySchema.parse({ ...POLICY, currencies }).currencies).toEqual([
    { asset: DOLLAR, threshold: '7' },
  ]);
});

test('any royalty is never more than the price', () => {
  fc.assert(
    fc.property(policies, amounts, (policy, price) => {
      const royalty = royaltyOf(policy, price);
      expect(royalty >= 0n && royalty <= price).toBe(true);
    }),
    propertyRuns(200),
  );
});

test("a policy's name binds royalty, payees and shares, and nothing else", () => {
  const name = royaltyPolicyHash(POLICY);
  const renamed: RoyaltyPolicy = { ...POLICY, splits: [{ ...ARTIST, role: 'OTHER' }, GALLERY] };
  expect(royaltyPolicyHash(renamed)).toBe(name);
  expect(royaltyPolicyHash({ ...POLICY, royaltyBps: 501 })).not.toBe(name);
  expect(royaltyPolicyHash({ ...POLICY, splits: [GALLERY, ARTIST] })).not.toBe(name);
});
