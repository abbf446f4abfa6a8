import type { RegistryId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { DERIVED_TABLES, type DerivedTable } from './derived-tables';

/** Marks of the projection, and revisions that it may add for adopted works: written, but not compared. */
const SCAFFOLD: readonly Pick<DerivedTable, 'table' | 'ofRegistry'>[] = [
  { table: 'projections', ofRegistry: 't.tenant_id = $1 and t.registry_id = $2' },
  {
    table: 'work_revisions',
    ofRegistry:
      't.tenant_id = $1 and t.work_id in (select w.id from public.works w where w.tenant_id = $1 and w.registry_id = $2)',
  },
];

/** What the tables of a registry are called once they are set aside. */
export type Version = 'recorded' | 'current' | 'rebuilt';

export function nameOf(version: Version, table: string): string {
  return `pg_temp.${version}_${table}`;
}

/**
 * Stand-ins for the tables of one registry, under the same names. PostgreSQL looks for a table among a session's
 * temporary ones first (https://www.postgresql.org/docs/18/runtime-config-client.html, search_path), so in this
 * transaction every statement that names them writes there: the projection itself computes a rebuild, unchanged, and
 * the real tables are neither written nor locked.
 */
export class ShadowTables {
  constructor(
    private readonly tx: TenantTx,
    private readonly registryId: RegistryId,
  ) {}

  /** Puts a copy of what is recorded in the way. */
  async copyRecorded(): Promise<void> {
    for (const { table, ofRegistry } of [...DERIVED_TABLES, ...SCAFFOLD])
      await this.fill(table, ofRegistry, {});
  }

  /** Puts tables in the way that know of nothing that chains tell. */
  async beginAnew(): Promise<void> {
    for (const { table, ofRegistry, reset } of DERIVED_TABLES) {
      if (reset === undefined) await this.create(table);
      else await this.fill(table, ofRegistry, reset);
    }
    for (const { table, ofRegistry } of SCAFFOLD)
      await this.fill(
        table,
        ofRegistry,
        table === 'projections' ? { final_block: '-1', breach_id: '0' } : {},
      );
  }

  /** Copies what is in the way to tables that are out of it. */
  async keepAs(version: Version): Promise<void> {
    for (const { table } of DERIVED_TABLES)
      await this.tx.manager.query(
        `create temporary table ${version}_${table} on commit drop as select * from pg_temp.${table}`,
      );
  }

  /** Takes the stand-ins away. */
  async clear(): Promise<void> {
    for (const { table } of [...DERIVED_TABLES, ...SCAFFOLD])
      await this.tx.manager.query(`drop table pg_temp.${table}`);
  }

  private async create(table: string): Promise<void> {
    await this.tx.manager.query(
      `create temporary table ${table} (like public.${table} including all) on commit drop`,
    );
  }

  private async fill(
    table: string,
    ofRegistry: string,
    reset: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.create(table);
    const columns = await columnsOf(this.tx, table);
    const values = columns.map((column) => reset[column] ?? `t.${column}`);
    await this.tx.manager.query(
      `insert into pg_temp.${table} (${columns.join(', ')}) select ${values.join(', ')} from public.${table} t where ${ofRegistry}`,
      [this.tx.tenantId, this.registryId],
    );
    await this.tx.manager.query(`analyze pg_temp.${table}`);
  }
}

/** The columns of a table in their order, but for those that PostgreSQL computes from them. */
export async function columnsOf({ manager }: TenantTx, table: string): Promise<string[]> {
  const rows: { name: string }[] = await manager.query(
    `select attname as name from pg_attribute
      where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`public.${table}`],
  );
  return rows.map(({ name }) => name);
}
