import { onchainTable, primaryKey } from 'ponder';

export const transfer = onchainTable(
  'transfer',
  (t) => ({
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    tokenId: t.bigint().notNull(),
    sender: t.hex().notNull(),
    receiver: t.hex().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.block, table.logIndex] }) }),
);
