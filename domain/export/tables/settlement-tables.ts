import { type ExportedTable, refersTo } from './exported-table';

/** Settlements, who approved them, and by which rules. */
export const SETTLEMENT_TABLES: readonly ExportedTable[] = [
  {
    table: 'settlements',
    holds: 'A movement of money that pays what is owed.',
    columns: {
      id: 'its id',
      registry_id: 'its registry',
      state: 'where it stands',
      provisional: 'whether that rests on a block that may still fall',
      source_chain_id: 'where the money was',
      destination_chain_id: 'where its payees are',
      asset: 'the asset on the source, by CAIP-19',
      lane_choice: 'how its route was to be chosen',
      route: 'the route that was chosen',
      subject: 'what was settled: the payee where it was paid out, else the payees’ chain',
      credits: 'payees with amounts in base units, and what they received',
      amount: 'the sum, in base units',
      fee_wei: 'what the bridge asked, in wei of the source',
      approval_reason: 'why two people had to approve it',
      attempt: 'how often it was sent anew, from 1',
      digest: 'what the vaults call it, once it has left',
      message_id: 'the message: CCIP message id or LayerZero guid',
      source_transaction_hash: 'the transaction with which it left',
      destination_transaction_hash: 'the transaction with which it arrived',
      failure: 'why it failed',
      waiting_for: 'what it waits for',
      created_at: 'when it was asked for',
      state_since: 'since when it is in this state',
    },
    references: [refersTo('registries', 'registry_id')],
  },
  {
    table: 'settlement_approvals',
    holds: 'That a person approved a settlement.',
    columns: { settlement_id: 'the settlement', member_id: 'the person', approved_at: 'when' },
    references: [refersTo('settlements', 'settlement_id'), refersTo('members', 'member_id')],
  },
  {
    table: 'settlement_rules',
    holds: 'What settlements of an asset may cost, and which of them two people approve.',
    columns: {
      asset: 'CAIP-19, on the chain where it is settled from',
      approval_above: 'amounts above it need two people; null: none does',
      max_cost_bps: 'the bridge’s share of the amount at most, in basis points',
      wait_above_cap: 'what costs more waits; otherwise two people are asked',
      valued_amount: 'so much of the asset, in base units, is worth `valued_wei`',
      valued_wei: 'see `valued_amount`',
    },
  },
  {
    table: 'vault_postings',
    holds: 'That a movement of a vault is in the books.',
    columns: {
      registry_id: 'the registry',
      movement_id: 'the subject of its entries',
      inclusion: 'how often it was taken back before',
      standing: 'whether it is in the books now',
    },
    references: [refersTo('registries', 'registry_id')],
  },
];
