import { type ExportedTable, refersTo } from './exported-table';

const ENTRY = { columns: ['sequence'], to: 'ledger_entries', key: ['sequence'] };

/** Royalty policies, and the tenant's books. */
export const LEDGER_TABLES: readonly ExportedTable[] = [
  {
    table: 'royalty_policies',
    holds: 'A revision of what a project’s sales owe, and of how that is split.',
    columns: {
      project_id: 'The project.',
      revision: 'From 1, without gaps.',
      effective_from: 'It holds for sales in blocks from then on, until the next revision does.',
      previous_from: 'When the revision before it began to hold; null for the first.',
      previous_revision: 'The revision before it; null for the first.',
      policy: 'Royalty, payees with shares, primary wallet, currencies, enforcement and window.',
      hash: 'keccak256 over royalty and splits, as contracts name the policy.',
      created_at: 'When it was stated.',
    },
    references: [refersTo('projects', 'project_id')],
  },
  {
    table: 'royalty_wallet_changes',
    holds: 'An artist’s request to be paid at another wallet; his signature is in the audit log.',
    columns: {
      project_id: 'The project.',
      number: 'Of the project’s changes, from 1.',
      state: 'PENDING, APPLIED or CANCELLED.',
      old_wallet: 'The primary wallet that signed (CAIP-10).',
      new_wallet: 'The one that is to be (CAIP-10).',
      seen_revision: 'The revision of the policy that was asked under.',
      requested_at: 'When it was asked for.',
      effective_at: 'Until then it can be cancelled.',
      ended_at: 'When it took effect or was cancelled; null while it is pending.',
      applied_revision: 'The revision of the policy that names the new wallet; null unless it took effect.',
      cancelled_by: 'ARTIST, OWNER or PLATFORM; null unless it was cancelled.',
    },
    references: [
      refersTo('projects', 'project_id'),
      {
        columns: ['project_id', 'applied_revision'],
        to: 'royalty_policies',
        key: ['project_id', 'revision'],
      },
    ],
  },
  {
    table: 'ledger_accounts',
    holds: 'An account of the books.',
    columns: {
      id: 'Its number.',
      kind: 'What it is for.',
      owner: 'A payee by CAIP-10, or a project’s id.',
      asset: 'What is kept in it, by CAIP-19.',
      chain_id: 'The chain that the asset is on.',
      created_at: 'When it was first posted to.',
    },
  },
  {
    table: 'ledger_entries',
    holds: 'An entry of the books: its postings sum to zero in each asset.',
    columns: {
      sequence: 'Its place in the books.',
      posted_at: 'When it was posted.',
      subject: 'The sale or the payment that it tells of.',
      part: 'The payment, of a sale’s; the nil UUID for the whole.',
      kind: 'What it tells.',
      occurrence: 'Even: posted for the occurrence / 2-th time, from 0; odd: the reversal of the one before.',
      reversed_occurrence: 'What a reversal reverses; null for others.',
      project_id: 'The project.',
      occurred_at: 'Block time of what it tells of.',
      ground: 'How surely the money belongs to the sale.',
      policy_revision: 'Of the royalty policy that it follows; null where none is needed.',
      digest: 'SHA-256 over project and postings.',
    },
    references: [refersTo('projects', 'project_id')],
  },
  {
    table: 'ledger_postings',
    holds: 'What an entry puts on an account.',
    columns: {
      sequence: 'The entry.',
      account_id: 'The account.',
      amount: 'In base units; a debit is above zero, a credit below.',
      balance: 'Of the account, with this posting.',
    },
    references: [ENTRY, refersTo('ledger_accounts', 'account_id')],
  },
  {
    table: 'ledger_finals',
    holds: 'That an entry is final.',
    columns: { sequence: 'The entry.', final_at: 'Since when.' },
    references: [ENTRY],
  },
];
