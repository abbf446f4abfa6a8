import { encodeCursor, type PageRequest } from '../schema/inputs/page';
import type { Page } from '../schema/types/connection';
import type { TenantTx } from '../tenants/tenant-database';

/** What a connection reads: a table, newest first by (created_at, id), behind the tenant wall. */
export interface PageQuery<Row, Node> {
  /** The columns, e.g. `id, name, created_at`; the statement's own text, never a client's. */
  readonly columns: string;
  readonly table: string;
  /** Equality filters by column; undefined ones do not filter. */
  readonly where?: Readonly<Record<string, unknown>>;
  readonly toNode: (row: Row) => Node;
}

interface CursorColumns {
  readonly cursor_at: string;
  readonly cursor_id: string;
}

/**
 * Reads one page by keyset, so that a page costs the same however deep it lies and rows that arrive
 * meanwhile neither repeat nor vanish. The tenant comes from the transaction.
 */
export async function readPage<Row, Node>(
  tx: TenantTx,
  { first, after }: PageRequest,
  { columns, table, where = {}, toNode }: PageQuery<Row, Node>,
): Promise<Page<Node>> {
  const filters = Object.entries(where).filter(([, value]) => value !== undefined);
  const values: unknown[] = [tx.tenantId, ...filters.map(([, value]) => value)];
  const conditions = [
    'tenant_id = $1',
    ...filters.map(([column], index) => `${column} = $${index + 2}`),
  ].join(' and ');
  const counted: { total: string }[] = await tx.manager.query(
    `select count(*) as total from ${table} where ${conditions}`,
    values,
  );

  const keyset =
    after === undefined
      ? ''
      : `and (created_at, id) < ($${values.length + 1}::timestamptz, $${values.length + 2}::uuid)`;
  const rows: (Row & CursorColumns)[] = await tx.manager.query(
    `select ${columns}, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at, id as cursor_id
       from ${table} where ${conditions} ${keyset} order by created_at desc, id desc limit ${first + 1}`,
    after === undefined ? values : [...values, after.createdAt, after.id],
  );

  const edges = rows.slice(0, first).map((row) => ({
    node: toNode(row),
    cursor: encodeCursor({ createdAt: row.cursor_at, id: row.cursor_id }),
  }));
  return {
    edges,
    totalCount: Number(counted[0]?.total ?? 0),
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
