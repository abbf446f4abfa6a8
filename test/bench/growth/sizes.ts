import type { Client } from 'pg';

/** What a table or an index takes. */
export interface Size {
  readonly table: string;
  /** Undefined for the table itself, with what is stored out of line. */
  readonly index: string | undefined;
  readonly rows: number;
  readonly bytes: number;
}

/** Every table of the record with each of its indexes, the largest tables first. */
export async function sizesOf(admin: Client): Promise<Size[]> {
  const { rows } = await admin.query<{ table: string; index: string | null; rows: string; bytes: string }>(`
    select c.relname as table, null as index, c.reltuples::bigint as rows, pg_table_size(c.oid) as bytes,
           pg_total_relation_size(c.oid) as total
      from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples >= 1000
    union all
    select c.relname, i.relname, c.reltuples::bigint, pg_relation_size(i.oid), pg_total_relation_size(c.oid)
      from pg_class c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.reltuples >= 1000
     order by total desc, 1, index nulls first`);
  return rows.map((row) => ({
    table: row.table,
    index: row.index ?? undefined,
    rows: Number(row.rows),
    bytes: Number(row.bytes),
  }));
}

/** Bytes per work and per row, as a Markdown table. */
export function sizeTable(sizes: readonly Size[], works: number): string {
  const line = ({ table, index, rows, bytes }: Size) =>
    `| ${index === undefined ? `**${table}**` : `– ${index}`} | ${rows.toLocaleString('en-US')} | ${(bytes / 2 ** 20).toFixed(0)} | ${(bytes / works).toFixed(0)} | ${(bytes / Math.max(1, rows)).toFixed(0)} |`;
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    '| table, index | rows | MiB | bytes per work | bytes per row |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...sizes.map(line),
    `| all | | ${(all / 2 ** 20).toFixed(0)} | ${(all / works).toFixed(0)} | |`,
  ].join('\n');
}
