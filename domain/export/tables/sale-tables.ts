import { type ExportedTable, refersTo } from './exported-table';

const OF_TRANSACTION = {
  columns: ['registry_id', 'chain_id', 'transaction_hash'],
  to: 'sale_transactions',
  key: ['registry_id', 'chain_id', 'transaction_hash'],
};

const WHERE = {
  chain_id: 'The chain.',
  transaction_hash: 'The transaction.',
  log_place: 'Place of its log among those of the transaction, from 0.',
  block_number: 'The block.',
  block_hash: 'Its hash.',
};

/** Sales of works and payments for them. */
export const SALE_TABLES: readonly ExportedTable[] = [
  {
    table: 'sale_transactions',
    holds: 'A transaction that moved a work, or money to a registry, and was examined for sales.',
    columns: {
      registry_id: 'The registry with whose eyes it was looked at.',
      chain_id: WHERE.chain_id,
      transaction_hash: WHERE.transaction_hash,
      block_number: WHERE.block_number,
      block_hash: WHERE.block_hash,
      block_time: 'The time of the block.',
      standing: 'Whether it is in that block now.',
      final: 'Whether that is final.',
      news: 'Counts the news of it.',
      examined: 'Up to which of them it was examined.',
      inclusion: 'How often what was found was taken back.',
      found_hash: 'SHA-256 of what was found and stands; null if nothing does.',
    },
    references: [refersTo('registries', 'registry_id')],
  },
  {
    table: 'sales',
    holds: 'A work that changed hands for money.',
    columns: {
      id: 'Its id: names transaction, log and currency.',
      project_id: 'The project.',
      registry_id: 'The registry.',
      work_id: 'The work.',
      ...WHERE,
      sold_at: 'Block time.',
      venue: 'Where it was made.',
      order_hash: 'Of the order that sold it; null without one.',
      seller: 'Who sold it (CAIP-10).',
      buyer: 'Who had it in the end (CAIP-10).',
      asset: 'What the price is in, by CAIP-19.',
      price: 'All that was paid, in base units.',
      bundled: 'Whether other tokens were sold with it.',
      marks: 'What is odd about it.',
      state: 'Whether it is provisional, final or taken back.',
      policy_revision: 'Of the royalty policy that it follows; 0 for what the project began with.',
      ground: 'How surely money belongs to it.',
      verdict: 'What became of its royalty.',
      expected: 'The royalty that it owes, in base units.',
      paid: 'What came of it, in base units.',
      due_at: 'When what is missing becomes unpaid; null if nothing is.',
      closed_at: 'When it became so; null before.',
      created_at: 'When it was first seen.',
    },
    references: [refersTo('projects', 'project_id'), refersTo('works', 'work_id'), OF_TRANSACTION],
  },
  {
    table: 'sale_payments',
    holds: 'Money that a transaction brought to a registry, or to a payee past it.',
    columns: {
      id: 'Its id: names transaction and log.',
      project_id: 'The project.',
      registry_id: 'The registry.',
      ...WHERE,
      paid_at: 'Block time.',
      payer: 'Who paid (CAIP-10); null where the log does not say.',
      receiver: 'Who got it (CAIP-10).',
      asset: 'What it is, by CAIP-19.',
      amount: 'In base units.',
      state: 'Whether it is provisional, final or taken back.',
      created_at: 'When it was first seen.',
    },
    references: [refersTo('projects', 'project_id'), OF_TRANSACTION],
  },
];
