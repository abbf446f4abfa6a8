import { encodeCursor, PageOrder, type PageRequest } from '../schema/inputs/page';
import type { Page } from '../schema/types/connection';
import type { TenantTx } from '../tenants/tenant-database';

/** What a connection reads: a table, by (created_at, id), behind the tenant wall. */
export interface PageQuery<Row, Node> {
  /** The columns, e.g. `id, name, created_at`; the statement's own text, never a client's. */
  readonly columns: string;
  readonly table: string;
  /** Equality filters by column; those that are null or undefined do not filter. */
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
  request: PageRequest,
  { columns, table, where = {}, toNode }: PageQuery<Row, Node>,
): Promise<Page<Node>> {
  const { first, after } = request;
  const { sql, values } = conditionsOf(tx, request, where);
  const counted: { total: string }[] = await tx.manager.query(
    `select count(*) as total from ${table} where ${sql}`,
    values,
  );

  const [comparison, direction] = request.order === PageOrder.OLDEST_FIRST ? ['>', 'asc'] : ['<', 'desc'];
  const keyset =
    after === undefined
      ? ''
      : `and (created_at, id) ${comparison} ($${values.length + 1}::timestamptz, $${values.length + 2}::uuid)`;
  const rows: (Row & CursorColumns)[] = await tx.manager.query(
    `select ${columns}, to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at, id as cursor_id
       from ${table} where ${sql} ${keyset} order by created_at ${direction}, id ${direction} limit ${first + 1}`,
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

/** What all rows of the connection meet, whichever page they are on. */
function conditionsOf(
  { tenantId }: TenantTx,
  { createdFrom, createdBefore }: PageRequest,
  where: Readonly<Record<string, unknown>>,
): { sql: string; values: unknown[] } {
  const conditions: (readonly [comparison: string, value: unknown])[] = [
    ['tenant_id =', tenantId],
    ...Object.entries(where).map(([column, value]) => [`${column} =`, value] as const),
    ['created_at >=', createdFrom],
    ['created_at <', createdBefore],
  ];
  const given = conditions.filter(([, value]) => value != null);
  return {
    sql: given.map(([comparison], index) => `${comparison} $${index + 1}`).join(' and '),
    values: given.map(([, value]) => value),
  };
}
