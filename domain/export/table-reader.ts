import type { TenantTx } from '../../tenants/tenant-database';
import type { ExportedTable } from './tables/exported-table';

/** How a column's type is written in an archive: its name there, and the SQL that makes it. */
interface ColumnForm {
  readonly type: string;
  readonly sql: (column: string) => string;
}

const asIs = (column: string) => column;
const asText = (column: string) => `${column}::text`;

/** As the audit log's hashes have it. */
const TIME_FORMAT = `YYYY-MM-DD"T"HH24:MI:SS.US"Z"`;

const FORMS: Readonly<Record<string, ColumnForm>> = {
  text: { type: 'text', sql: asIs },
  uuid: { type: 'uuid', sql: asIs },
  boolean: { type: 'boolean', sql: asIs },
  integer: { type: 'integer', sql: asIs },
  bigint: { type: 'decimal string', sql: asText },
  numeric: { type: 'decimal string', sql: asText },
  date: { type: 'date', sql: asText },
  'timestamp with time zone': { type: 'time', sql: utc },
  bytea: { type: 'bytes', sql: (column) => `'0x' || encode(${column}, 'hex')` },
  jsonb: { type: 'JSON', sql: asIs },
  'text[]': { type: 'list of text', sql: asIs },
};

/** The SQL of a time as archives have it. */
export function utc(column: string): string {
  return `to_char(${column} at time zone 'utc', '${TIME_FORMAT}')`;
}

/** Bytes of rows that one fetch is to bring, roughly: rows may hold scripts and JSON of a MiB each. */
const FETCH_BYTES = 4_194_304;
const FIRST_FETCH = 16;
const LARGEST_FETCH = 2_000;

export type Row = Readonly<Record<string, unknown>>;

/** The columns of a table with their types in an archive. @throws Error for a type that archives do not know. */
export async function columnTypes(
  { manager }: TenantTx,
  { table, columns }: ExportedTable,
): Promise<ReadonlyMap<string, ColumnForm>> {
  const rows: { name: string; type: string }[] = await manager.query(
    `select attname as name, format_type(atttypid, null) as type
       from pg_attribute where attrelid = to_regclass($1) and attname = any($2) order by attnum`,
    [table, Object.keys(columns)],
  );
  return new Map(
    rows.map(({ name, type }) => {
      const form = FORMS[type];
      if (form === undefined)
        throw new Error(`${table}.${name} is of the type ${type}, which no archive knows`);
      return [name, form];
    }),
  );
}

/**
 * Hands a tenant's rows of one table on by their primary key, a few at a time.
 *
 * @param write - Answers how many bytes the rows made: the next time there are as many as fit.
 */
export async function readTable(
  { manager, tenantId }: TenantTx,
  table: string,
  columns: ReadonlyMap<string, ColumnForm>,
  write: (rows: readonly Row[]) => Promise<number>,
): Promise<void> {
  const selection = [...columns].map(([name, { sql }]) => `${sql(`t.${name}`)} as ${name}`).join(', ');
  await manager.query(
    `declare exported no scroll cursor for
       select ${selection} from ${table} t where t.tenant_id = $1 order by ${await primaryKey(manager, table)}`,
    [tenantId],
  );
  for (let count = FIRST_FETCH; ; ) {
    const rows: Row[] = await manager.query(`fetch ${count} from exported`);
    if (rows.length === 0) break;
    const fitting = Math.floor((rows.length * FETCH_BYTES) / Math.max(await write(rows), 1));
    count = Math.min(Math.max(fitting, 1), LARGEST_FETCH);
  }
  await manager.query('close exported');
}

async function primaryKey(manager: TenantTx['manager'], table: string): Promise<string> {
  const [row]: { columns: string }[] = await manager.query(
    `select string_agg('t.' || quote_ident(a.attname), ', ' order by k.place) as columns
       from pg_index i cross join unnest(i.indkey) with ordinality as k (number, place)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
      where i.indrelid = to_regclass($1) and i.indisprimary`,
    [table],
  );
  if (row === undefined) throw new Error(`${table} has no primary key`);
  return row.columns;
}
