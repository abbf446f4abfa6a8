import { EXCLUDED_TABLES, EXPORTED_TABLES } from '../export/tables';

/** Neither goes with the others: the tenant's own row is the last to go, and the tombstone stays. */
const KEPT = ['tenants', 'tenant_tombstones'];

/** Every table that holds rows of a tenant; one that refers to another comes before it. */
export const ERASED_TABLES: readonly string[] = [
  ...EXPORTED_TABLES.map(({ table }) => table),
  ...Object.keys(EXCLUDED_TABLES),
]
  .filter((table) => !KEPT.includes(table))
  .reverse();
