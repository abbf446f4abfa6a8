import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { comparedColumns } from './comparison';
import type { DerivedTable } from './derived-tables';
import { nameOf } from './shadow-tables';

/**
 * Makes the rows of a registry in one table what was rebuilt. Of a table that also holds what no chain tells, only the
 * rebuilt columns are written, and rows are neither made nor removed.
 *
 * @returns How many rows were written or removed.
 */
export async function replaceTable(
  tx: TenantTx,
  registryId: RegistryId,
  derived: DerivedTable,
): Promise<number> {
  const { table, key, ofRegistry, reset } = derived;
  const columns = await comparedColumns(tx, derived);
  const rebuilt = nameOf('rebuilt', table);
  const isSame = key.map((column) => `t.${column} = r.${column}`).join(' and ');
  const scope = [tx.tenantId, registryId];
  const written = columns.filter((column) => !key.includes(column));
  const rowOf = (alias: string) => `row(${columns.map((column) => `${alias}.${column}`).join(', ')})::text`;
  const removed =
    reset !== undefined
      ? 0
      : await count(
          tx,
          `delete from public.${table} t where ${ofRegistry} and not exists (select from ${rebuilt} r where ${isSame}) returning 1`,
          scope,
        );
  const updated = await count(
    tx,
    `update public.${table} t set ${written.map((column) => `${column} = r.${column}`).join(', ')}
       from ${rebuilt} r where ${ofRegistry} and ${isSame} and ${rowOf('t')} is distinct from ${rowOf('r')} returning 1`,
    scope,
  );
  const added =
    reset !== undefined
      ? 0
      : await count(
          tx,
          `insert into public.${table} (tenant_id, ${columns.join(', ')})
           select $1, ${columns.map((column) => `r.${column}`).join(', ')} from ${rebuilt} r
            where not exists (select from public.${table} t where ${ofRegistry} and ${isSame}) returning 1`,
          scope,
        );
  return removed + updated + added;
}

async function count({ manager }: TenantTx, sql: string, values: unknown[]): Promise<number> {
  const [row]: { count: number }[] = await manager.query(
    `with changed as (${sql}) select count(*)::int as count from changed`,
    values,
  );
  return row?.count ?? 0;
}
