import type { TenantTx } from '../../tenants/tenant-database';
import type { DerivedTable } from './derived-tables';
import { columnsOf, nameOf, type Version } from './shadow-tables';

/** Rows that are shown of each table: enough to see what happened, however many differ. */
const SHOWN = 5;

/** A row that is not what the chains make of it. */
export interface Difference {
  readonly key: Readonly<Record<string, unknown>>;
  /** Null if the row is not there, but should be. */
  readonly recorded: Readonly<Record<string, unknown>> | null;
  /** Null if it is there, but should not be. */
  readonly rebuilt: Readonly<Record<string, unknown>> | null;
}

/** What came out of one table. */
export interface TableComparison {
  readonly table: string;
  readonly rows: number;
  /** SHA-256, in hex, over the rows' hashes in the order of their keys: of what is there, and of what should be. */
  readonly recordedHash: string;
  readonly rebuiltHash: string;
  readonly differences: number;
  /** The first ones: only the columns that differ. */
  readonly first: readonly Difference[];
}

/** The columns of a table that are compared: all but those that are excluded by name. */
export async function comparedColumns(
  tx: TenantTx,
  { table, excluded }: DerivedTable,
): Promise<readonly string[]> {
  return (await columnsOf(tx, table)).filter((column) => !(column in excluded));
}

/** Compares two versions of a table byte for byte, in the text form that PostgreSQL gives values. */
export async function compareTable(
  tx: TenantTx,
  derived: DerivedTable,
  [one, other]: readonly [Version, Version],
): Promise<TableComparison> {
  const { table, key } = derived;
  const columns = (await comparedColumns(tx, derived)).join(', ');
  const formOf = (version: Version) =>
    `select ${columns}, row(${columns})::text as form from ${nameOf(version, table)}`;
  const keys = key.join(', ');
  const rows: { total: string; recorded: Row; rebuilt: Row }[] = await tx.manager.query(
    `select count(*) over () as total, to_jsonb(f) - 'form' as recorded, to_jsonb(d) - 'form' as rebuilt
       from (${formOf(one)}) f full join (${formOf(other)}) d using (${keys})
      where f.form is distinct from d.form order by ${keys} limit ${SHOWN}`,
  );
  const hashes = await Promise.all([one, other].map((version) => hashOf(tx, formOf(version), keys)));
  const [recorded, rebuilt] = hashes;
  if (recorded === undefined || rebuilt === undefined) throw new Error('two versions have two hashes');
  return {
    table,
    rows: recorded.rows,
    recordedHash: recorded.hash,
    rebuiltHash: rebuilt.hash,
    differences: Number(rows[0]?.total ?? 0),
    first: rows.map((row) => differenceOf(key, row.recorded, row.rebuilt)),
  };
}

type Row = Readonly<Record<string, unknown>> | null;

async function hashOf(tx: TenantTx, forms: string, keys: string): Promise<{ rows: number; hash: string }> {
  const [row]: { rows: string; hash: string }[] = await tx.manager.query(
    `select count(*) as rows,
            encode(sha256(coalesce(string_agg(sha256(convert_to(form, 'UTF8')), ''::bytea order by ${keys}), '')), 'hex') as hash
       from (${forms}) forms`,
  );
  if (row === undefined) throw new Error('an aggregate has one row');
  return { rows: Number(row.rows), hash: row.hash };
}

function differenceOf(key: readonly string[], recorded: Row, rebuilt: Row): Difference {
  const whole = recorded ?? rebuilt ?? {};
  const differs = (column: string) =>
    JSON.stringify(recorded?.[column]) !== JSON.stringify(rebuilt?.[column]);
  const columns = Object.keys(whole).filter(differs);
  return {
    key: pick(whole, key),
    recorded: recorded && pick(recorded, columns),
    rebuilt: rebuilt && pick(rebuilt, columns),
  };
}

function pick(row: Readonly<Record<string, unknown>>, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
