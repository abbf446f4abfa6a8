import type { ExportedTable } from './exported-table';
import { LEDGER_TABLES } from './ledger-tables';
import { LICENCE_TABLES } from './licence-tables';
import { PEOPLE_TABLES } from './people-tables';
import { REGISTRY_TABLES } from './registry-tables';
import { SALE_TABLES } from './sale-tables';
import { SETTLEMENT_TABLES } from './settlement-tables';
import { TENANT_TABLES } from './tenant-tables';
import { TRANSACTION_TABLES } from './transaction-tables';
import { TRAVEL_TABLES } from './travel-tables';
import { WEBHOOK_TABLES } from './webhook-tables';
import { WORK_TABLES } from './work-tables';

/** All that an archive holds: a table comes after those that it refers to. A test compares it with the database. */
export const EXPORTED_TABLES: readonly ExportedTable[] = [
  ...TENANT_TABLES,
  ...PEOPLE_TABLES,
  ...REGISTRY_TABLES,
  ...WORK_TABLES,
  ...TRAVEL_TABLES,
  ...LICENCE_TABLES,
  ...TRANSACTION_TABLES,
  ...WEBHOOK_TABLES,
  ...LEDGER_TABLES,
  ...SALE_TABLES,
  ...SETTLEMENT_TABLES,
];

/** Tables of a tenant that an archive does not hold, with the reason; in the order of their references, as above. */
export const EXCLUDED_TABLES: Readonly<Record<string, string>> = {
  export_chunks: 'archives like this one, until they expire',
  audit_ends: 'the manifest names the end of the audit log',
  ledger_ends: 'a lock; the last of the ledger’s entries says the same',
  sessions: 'secrets: who is signed in here, by hashes of tokens; good for hours',
  used_nonces: 'a journal: nonces of wallets’ messages and owners’ consents, until they expire',
  tenant_secrets: 'secrets: the signing keys, sealed for this deployment',
  webhook_secrets: 'secrets: the keys that webhooks are signed with, sealed for this deployment',
  outbox: 'a queue: jobs that wait or run, and those that ended of late',
  idempotency_keys: 'a journal: answers to requests of the last 48 hours, sealed for this deployment',
  idempotency_steps: 'a journal: as idempotency_keys',
  tenant_tombstones:
    'what stays of a tenant that was deleted: there is none while there is something to export',
};

/** The table with this name. @throws Error if an archive holds none. */
export function exportedTable(name: string): ExportedTable {
  const table = EXPORTED_TABLES.find((candidate) => candidate.table === name);
  if (table === undefined) throw new Error(`an archive holds no table ${name}`);
  return table;
}
