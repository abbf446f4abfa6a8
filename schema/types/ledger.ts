import { registerEnumType } from 'type-graphql';

/**
 * What an account is for. Debits are above zero:
 * VAULT what the vault holds; SALE_CLEARING what sales owe and have not paid; BAD_DEBT what they did not pay in time;
 * ROYALTY_DUE stands against those two. ARTIST_PAYABLE and PLATFORM_FEE are owed to a payee out of the vault, SUSPENSE
 * is in the vault and of no known sale; BRIDGE_COST is what settlements cost.
 */
export const AccountKind = {
  VAULT: 'VAULT',
  SALE_CLEARING: 'SALE_CLEARING',
  ROYALTY_DUE: 'ROYALTY_DUE',
  ARTIST_PAYABLE: 'ARTIST_PAYABLE',
  PLATFORM_FEE: 'PLATFORM_FEE',
  BRIDGE_COST: 'BRIDGE_COST',
  SUSPENSE: 'SUSPENSE',
  BAD_DEBT: 'BAD_DEBT',
} as const;
export type AccountKind = (typeof AccountKind)[keyof typeof AccountKind];
registerEnumType(AccountKind, {
  name: 'LedgerAccountKind',
  description:
    'VAULT: what receiver and vault took in. SALE_CLEARING: what sales owe and have not paid; BAD_DEBT: what they did not pay in time; ROYALTY_DUE stands against those two. ARTIST_PAYABLE, PLATFORM_FEE: owed to a payee out of the vault. SUSPENSE: in the vault, of no known sale. BRIDGE_COST: what settlements cost.',
});

/** SALE: what a sale owes. PAYMENT: what came for it. UNPAID: what did not come in time. DEPOSIT: money of no known sale. */
export const EntryKind = { SALE: 'SALE', PAYMENT: 'PAYMENT', UNPAID: 'UNPAID', DEPOSIT: 'DEPOSIT' } as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];
registerEnumType(EntryKind, {
  name: 'LedgerEntryKind',
  description:
    'SALE: what a sale owes. PAYMENT: what came for it. UNPAID: what did not come in time. DEPOSIT: money of no known sale.',
});

/** How surely money belongs to a sale: see docs/concepts.md. */
export const Ground = { PROVEN: 'PROVEN', ALLOCATED: 'ALLOCATED', UNATTRIBUTED: 'UNATTRIBUTED' } as const;
export type Ground = (typeof Ground)[keyof typeof Ground];
registerEnumType(Ground, {
  name: 'RoyaltyGround',
  description:
    'How surely money belongs to a sale. PROVEN: one sale and its payment in one transaction. ALLOCATED: divided by a published rule. UNATTRIBUTED: it belongs to none that is known.',
});

/** PROVISIONAL until its block is final; REVERSED when a linked entry has taken it back, be it final or not. */
export const EntryState = { PROVISIONAL: 'PROVISIONAL', FINAL: 'FINAL', REVERSED: 'REVERSED' } as const;
export type EntryState = (typeof EntryState)[keyof typeof EntryState];
registerEnumType(EntryState, {
  name: 'LedgerEntryState',
  description: 'PROVISIONAL until its block is final; REVERSED once a linked entry has taken it back.',
});
