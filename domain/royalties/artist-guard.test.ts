import { accountIdSchema } from '../../schema/caip';
import type { RoyaltyPolicy } from '../../schema/inputs/royalty';
import type { PayeeRole } from '../../schema/types/royalty';
import { findLosingArtist, withWallet } from './artist-guard';

const account = (n: number) => accountIdSchema.parse(`eip155:1:0x${String(n).padStart(40, '0')}`);
const [ADA, BOB, HOUSE, CHARITY, NEW] = [1, 2, 3, 4, 5].map(account) as [
  ReturnType<typeof account>,
  ReturnType<typeof account>,
  ReturnType<typeof account>,
  ReturnType<typeof account>,
  ReturnType<typeof account>,
];
const split = (payee: string, shareBps: number, role: PayeeRole) => ({
  account: accountIdSchema.parse(payee),
  shareBps,
  role,
});
const POLICY: RoyaltyPolicy = {
  royaltyBps: 500,
  splits: [split(ADA, 5_000, 'ARTIST'), split(BOB, 2_000, 'ARTIST'), split(HOUSE, 3_000, 'GALLERY')],
  primaryWallet: ADA,
  currencies: [],
  enforcement: 'OBSERVE',
  operators: [],
  paymentWindowSeconds: 0,
};
const after = (over: Partial<RoyaltyPolicy>) => findLosingArtist(POLICY, { ...POLICY, ...over });

test.each([
  {
    what: 'a lower share',
    over: {
      splits: [split(ADA, 4_999, 'ARTIST'), split(BOB, 2_000, 'ARTIST'), split(HOUSE, 3_001, 'GALLERY')],
    },
    loser: ADA,
  },
  {
    what: 'a lower share of a second artist',
    over: {
      splits: [split(ADA, 6_000, 'ARTIST'), split(BOB, 1_000, 'ARTIST'), split(HOUSE, 3_000, 'GALLERY')],
    },
    loser: BOB,
  },
  {
    what: 'no share at all',
    over: { splits: [split(ADA, 7_000, 'ARTIST'), split(HOUSE, 3_000, 'GALLERY')] },
    loser: BOB,
  },
  {
    what: 'another role, which would let the share be cut next time',
    over: {
      splits: [split(ADA, 5_000, 'ARTIST'), split(BOB, 2_000, 'OTHER'), split(HOUSE, 3_000, 'GALLERY')],
    },
    loser: BOB,
  },
  { what: 'a lower royalty', over: { royaltyBps: 499 }, loser: ADA },
  {
    what: 'a lower royalty, though the share rises',
    over: { royaltyBps: 400, splits: [split(ADA, 8_000, 'ARTIST'), split(BOB, 2_000, 'ARTIST')] },
    loser: ADA,
  },
])('$what takes something from an artist', ({ over, loser }) => {
  expect(after(over)).toBe(loser);
});

test.each([
  { what: 'a higher royalty', over: { royaltyBps: 501 } },
  {
    what: 'a higher share',
    over: { splits: [split(ADA, 8_000, 'ARTIST'), split(BOB, 2_000, 'ARTIST')] },
  },
  {
    what: 'a charity that the gallery pays',
    over: {
      splits: [
        split(ADA, 5_000, 'ARTIST'),
        split(BOB, 2_000, 'ARTIST'),
        split(HOUSE, 2_000, 'GALLERY'),
        split(CHARITY, 1_000, 'CHARITY'),
      ],
    },
  },
  { what: 'another window', over: { paymentWindowSeconds: 60 } },
])('$what takes nothing from an artist', ({ over }) => {
  expect(after(over)).toBeUndefined();
});

test('the primary wallet is protected whatever role it was given', () => {
  const before = { ...POLICY, splits: [split(ADA, 5_000, 'OTHER'), split(HOUSE, 5_000, 'GALLERY')] };
  const cut = { ...before, splits: [split(ADA, 4_000, 'OTHER'), split(HOUSE, 6_000, 'GALLERY')] };
  expect(findLosingArtist(before, cut)).toBe(ADA);
});

test('a new wallet takes the place, role and share of the old one, and joins its own share where it has one', () => {
  expect(withWallet(POLICY, NEW)).toEqual({
    ...POLICY,
    primaryWallet: NEW,
    splits: [split(NEW, 5_000, 'ARTIST'), POLICY.splits[1], POLICY.splits[2]],
  });
  expect(withWallet(POLICY, BOB)).toEqual({
    ...POLICY,
    primaryWallet: BOB,
    splits: [split(BOB, 7_000, 'ARTIST'), POLICY.splits[2]],
  });
});
