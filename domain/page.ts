import { encodeCursor, PageOrder, type PageRequest } from '../schema/inputs/page';
import type { Page } from '../schema/types/connection';
import type { SystemTx } from '../tenants/system-database';
import type { Statements, TenantReads } from '../tenants/tenant-database';

/** What a connection reads: a table, by (created_at, id). */
export interface PageQuery<Row, Node> {
  /** The columns, e.g. `id, name, created_at`; the statement's own text, never a client's. */
  readonly columns: string;
  readonly table: string;
  /** Equality filters by column; those that are null or undefined do not filter. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** Texts that columns must contain, whatever their case; null and undefined do not filter. */
  readonly contains?: Readonly<Record<string, string | null | undefined>>;
  readonly toNode: (row: Row) => Node;
}

interface PageColumns {
  readonly cursor_at: string;
  readonly cursor_id: string;
}

/**
 * Reads one page by keyset, so that a page costs the same however deep it lies and rows that arrive
 * meanwhile neither repeat nor vanish. The tenant comes from `tx`, which lasts: the count is read
 * when it is asked for.
 */
export async function readPage<Row, Node>(
  tx: TenantReads,
  request: PageRequest,
  query: PageQuery<Row, Node>,
): Promise<Page<Node>> {
  return readRows(tx.manager, request, { ...query, where: { tenant_id: tx.tenantId, ...query.where } });
}

/** As {@link readPage}, over all tenants: for the platform's operator. Counts at once, as its transaction ends. */
export async function readPlatformPage<Row, Node>(
  tx: SystemTx,
  request: PageRequest,
  query: PageQuery<Row, Node>,
): Promise<Page<Node>> {
  const page = await readRows(tx.manager, request, query);
  return { ...page, totalCount: await page.totalCount() };
}

async function readRows<Row, Node>(
  manager: Statements,
  request: PageRequest,
  query: PageQuery<Row, Node>,
): Promise<Page<Node> & { totalCount: () => Promise<number> }> {
  const { columns, table, toNode } = query;
  const { first, after } = request;
  const { sql, values } = conditionsOf(request, query);
  const [comparison, direction] = request.order === PageOrder.OLDEST_FIRST ? ['>', 'asc'] : ['<', 'desc'];
  const keyset =
    after === undefined
      ? ''
      : `and (created_at, id) ${comparison} ($${values.length + 2}::timestamptz, $${values.length + 3}::uuid)`;
  const rows: (Row & PageColumns)[] = await manager.query(
    `select ${columns},
            to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at, id as cursor_id
       from ${table} where ${sql} ${keyset} order by created_at ${direction}, id ${direction} limit $${values.length + 1}`,
    after === undefined ? [...values, first + 1] : [...values, first + 1, after.createdAt, after.id],
  );

  const shown = rows.slice(0, first);
  return {
    edges: shown.map((row) => new RowEdge(toNode(row), row)),
    totalCount: () => countAll(manager, table, sql, values),
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== undefined,
      startCursor: cursorOf(shown[0]),
      endCursor: cursorOf(shown.at(-1)),
    },
  };
}

/** Its cursor is made when it is asked for: most clients want that of the last row only. */
class RowEdge<Node> {
  constructor(
    readonly node: Node,
    private readonly row: PageColumns,
  ) {}

  get cursor(): string {
    return encodePosition(this.row);
  }
}

async function countAll(manager: Statements, table: string, sql: string, values: unknown[]): Promise<number> {
  const [counted]: { total: string }[] = await manager.query(
    `select count(*) as total from ${table} where ${sql}`,
    values,
  );
  return Number(counted?.total ?? 0);
}

function cursorOf(row: PageColumns | undefined): string | null {
  return row === undefined ? null : encodePosition(row);
}

function encodePosition({ cursor_at: createdAt, cursor_id: id }: PageColumns): string {
  return encodeCursor({ createdAt, id });
}

/** What all rows of the connection meet, whichever page they are on. */
function conditionsOf(
  { createdFrom, createdBefore }: PageRequest,
  { where = {}, contains = {} }: Pick<PageQuery<unknown, unknown>, 'where' | 'contains'>,
): { sql: string; values: unknown[] } {
  const conditions: (readonly [render: (place: string) => string, value: unknown])[] = [
    ...Object.entries(where).map(([column, value]) => [(at: string) => `${column} = ${at}`, value] as const),
    ...Object.entries(contains).map(
      ([column, text]) => [(at: string) => `strpos(lower(${column}), lower(${at})) > 0`, text] as const,
    ),
    [(at) => `created_at >= ${at}`, createdFrom],
    [(at) => `created_at < ${at}`, createdBefore],
  ];
  const given = conditions.filter(([, value]) => value != null);
  return {
    sql: given.map(([render], index) => render(`$${index + 1}`)).join(' and ') || 'true',
    values: given.map(([, value]) => value),
  };
}
