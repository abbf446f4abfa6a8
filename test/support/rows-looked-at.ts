import type { TenantTx } from '../../tenants/tenant-database';

/** What `search` found, and how many rows of the table PostgreSQL looked at for it in this transaction. */
export async function rowsLookedAt(
  { manager }: TenantTx,
  table: string,
  search: () => Promise<readonly unknown[]>,
): Promise<{ found: number; rows: number }> {
  const readSoFar = async () => {
    const [read]: { rows: string }[] = await manager.query(
      'select seq_tup_read + idx_tup_fetch as rows from pg_stat_xact_user_tables where relname = $1',
      [table],
    );
    return Number(read?.rows);
  };
  const before = await readSoFar();
  const found = (await search()).length;
  return { found, rows: (await readSoFar()) - before };
}
