import { encodePlaceCursor, PageOrder, type PlacePageRequest } from '../schema/inputs/page';
import type { Page } from '../schema/types/connection';
import type { TenantReads } from '../tenants/tenant-database';

/** What a connection over numbered rows reads. */
export interface NumberedQuery<Row, Node> {
  /** Of `table` by its `alias`: the statement's own text, never a client's. `$1` is the tenant. */
  readonly columns: string;
  readonly table: string;
  readonly alias: string;
  /** The column of the number. */
  readonly number: string;
  /** Equality filters by column; those that are null or undefined do not filter. */
  readonly where: Readonly<Record<string, unknown>>;
  readonly toNode: (row: Row) => Node;
}

/** Reads one page of rows that are numbered in the order in which they came, by keyset: see `readPage`. */
export async function readNumberedPage<Row extends { readonly place: string }, Node>(
  { tenantId, manager }: TenantReads,
  { first, after, order }: PlacePageRequest,
  { columns, table, alias, number, where, toNode }: NumberedQuery<Row, Node>,
): Promise<Page<Node>> {
  const given = Object.entries(where).filter(([, value]) => value != null);
  const values = [tenantId, ...given.map(([, value]) => value)];
  const conditions = given.map(([column], index) => `and ${column} = $${index + 2}`).join(' ');
  const matching = `${table} where tenant_id = $1 ${conditions}`;
  const [comparison, direction] = order === PageOrder.OLDEST_FIRST ? ['>', 'asc'] : ['<', 'desc'];
  const keyset = after === undefined ? '' : `and ${number} ${comparison} $${values.length + 1}::bigint`;
  // What is looked up for each row PostgreSQL plans for all rows that match, unless they are cut off in a query below.
  const rows: Row[] = await manager.query(
    `select ${alias}.${number} as place, ${columns}
       from (select * from ${matching} ${keyset} order by ${number} ${direction} limit ${first + 1}) ${alias}
      order by ${alias}.${number} ${direction}`,
    after === undefined ? values : [...values, after],
  );
  const edges = rows
    .slice(0, first)
    .map((row) => ({ node: toNode(row), cursor: encodePlaceCursor(Number(row.place)) }));
  return {
    edges,
    totalCount: async () => {
      const [counted]: { total: string }[] = await manager.query(
        `select count(*) as total from ${matching}`,
        values,
      );
      return Number(counted?.total ?? 0);
    },
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
