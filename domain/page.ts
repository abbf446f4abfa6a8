import { encodeCursor, PageOrder, type PageRequest } from '../schema/inputs/page';
import type { Selection } from '../schema/selection';
import type { Page, PageInfo } from '../schema/types/connection';
import type { SystemTx } from '../tenants/system-database';
import type { Statements, TenantReads } from '../tenants/tenant-database';

/** What a connection reads: a table, by (created_at, id). */
export interface PageQuery<Node> {
  /** The columns, e.g. `id, name`; the statement's own text, never a client's. */
  readonly columns: string;
  readonly table: string;
  /** Joins of other tables, each of which finds at most one row; then all columns are qualified. */
  readonly joins?: string;
  /** Equality filters by column; those that are null or undefined do not filter. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** Texts that columns must contain, whatever their case; null and undefined do not filter. */
  readonly contains?: Readonly<Record<string, string | null | undefined>>;
  /** Where it is kept how many rows there are; undefined if they are counted when it is asked for. */
  readonly counts?: KeptCounts | undefined;
  /** What is shown of the connection; undefined for all of it. */
  readonly selection?: Selection | undefined;
  readonly toNode: (row: never) => Node;
}

/** A table that is kept up to date with how many rows there are. */
export interface KeptCounts {
  readonly table: string;
  /** The column whose sum is the number. */
  readonly sum: string;
  /** Columns of the counted table by which it can be narrowed, of the same names here. */
  readonly by: readonly string[];
}

/** Where a row is; undefined if no cursor is shown. */
interface PageColumns {
  readonly cursor_at?: string;
  readonly cursor_id?: string;
}

const NOTHING: Selection = new Map();

/** What is shown of the nodes of a connection; undefined for all of it. */
export function nodeSelection(connection: Selection | undefined): Selection | undefined {
  return connection && (connection.get('edges')?.get('node') ?? NOTHING);
}

/**
 * Reads one page by keyset, so that a page costs the same however deep it lies and rows that arrive
 * meanwhile neither repeat nor vanish. The tenant comes from `tx`, which lasts: the count is read
 * when it is asked for.
 */
export async function readPage<Node>(
  tx: TenantReads,
  request: PageRequest,
  query: PageQuery<Node>,
): Promise<Page<Node>> {
  return readRows(tx.manager, request, { ...query, where: { tenant_id: tx.tenantId, ...query.where } });
}

/** As {@link readPage}, over all tenants: for the platform's operator. Counts at once, as its transaction ends. */
export async function readPlatformPage<Node>(
  tx: SystemTx,
  request: PageRequest,
  query: PageQuery<Node>,
): Promise<Page<Node>> {
  const page = await readRows(tx.manager, request, query);
  return { ...page, totalCount: await page.totalCount() };
}

async function readRows<Node>(
  manager: Statements,
  request: PageRequest,
  query: PageQuery<Node>,
): Promise<Page<Node> & { totalCount: () => Promise<number> }> {
  const { columns, table, joins = '', toNode, selection } = query;
  const { first, after } = request;
  const { sql, values } = conditionsOf(request, query);
  const [comparison, direction] = request.order === PageOrder.OLDEST_FIRST ? ['>', 'asc'] : ['<', 'desc'];
  const keyset =
    after === undefined
      ? ''
      : `and (created_at, id) ${comparison} ($${values.length + 1}::timestamptz, $${values.length + 2}::uuid)`;
  const sorted = (row: string) => `order by ${row}created_at ${direction}, ${row}id ${direction}`;
  // As a parameter PostgreSQL takes it for a tenth of all rows, and plans anew each time.
  const slice = `${table} where ${sql} ${keyset} ${sorted('')} limit ${first + 1}`;
  // What is joined cannot change which rows are on the page, nor make PostgreSQL read more of them.
  const [from, row] =
    joins === ''
      ? [slice, '']
      : [`(select * from ${slice}) ${table} ${joins} ${sorted(`${table}.`)}`, `${table}.`];
  const rows: PageColumns[] = await manager.query(
    `select ${columns}${showsCursors(selection) ? cursorColumns(row) : ''} from ${from}`,
    after === undefined ? values : [...values, after.createdAt, after.id],
  );

  const shown = rows.slice(0, first);
  return {
    // CAST: the rows are those of the columns, which come with what reads them.
    edges: shown.map((row) => new RowEdge(toNode(row as never), row)),
    totalCount: () => countAll(manager, request, query),
    pageInfo: new RowsInfo(shown, rows.length > first, after !== undefined),
  };
}

function showsCursors(connection: Selection | undefined): boolean {
  if (connection === undefined || connection.get('edges')?.has('cursor') === true) return true;
  const pageInfo = connection.get('pageInfo');
  return pageInfo !== undefined && (pageInfo.has('startCursor') || pageInfo.has('endCursor'));
}

function cursorColumns(row: string): string {
  return `, to_char(${row}created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor_at, ${row}id as cursor_id`;
}

/** Its cursor is made when it is asked for: most clients want that of the last row only. */
class RowEdge<Node> {
  constructor(
    readonly node: Node,
    private readonly row: PageColumns,
  ) {}

  get cursor(): string {
    return cursorOf(this.row);
  }
}

/** As {@link RowEdge}. */
class RowsInfo implements PageInfo {
  constructor(
    private readonly rows: readonly PageColumns[],
    readonly hasNextPage: boolean,
    readonly hasPreviousPage: boolean,
  ) {}

  get startCursor(): string | null {
    const [first] = this.rows;
    return first === undefined ? null : cursorOf(first);
  }

  get endCursor(): string | null {
    const last = this.rows.at(-1);
    return last === undefined ? null : cursorOf(last);
  }
}

async function countAll<Node>(
  manager: Statements,
  request: PageRequest,
  query: PageQuery<Node>,
): Promise<number> {
  const { sql, values } = conditionsOf(request, query);
  const { counts } = query;
  const [number, table] =
    counts !== undefined && isCounted(request, query, counts)
      ? [`coalesce(sum(${counts.sum}), 0)`, counts.table]
      : ['count(*)', query.table];
  const [counted]: { total: string }[] = await manager.query(
    `select ${number} as total from ${table} where ${sql}`,
    values,
  );
  return Number(counted?.total ?? 0);
}

/** Whether what narrows the rows narrows their counts, too. */
function isCounted<Node>(
  { createdFrom, createdBefore }: PageRequest,
  { where = {}, contains = {} }: PageQuery<Node>,
  { by }: KeptCounts,
): boolean {
  const others = [createdFrom, createdBefore, ...Object.values(contains)];
  const columns = Object.entries(where).flatMap(([column, value]) => (value == null ? [] : [column]));
  return others.every((value) => value == null) && columns.every((column) => by.includes(column));
}

/** @throws Error for a cursor that was not among what is shown. */
function cursorOf({ cursor_at: createdAt, cursor_id: id }: PageColumns): string {
  if (createdAt === undefined || id === undefined) throw new Error('the cursors were not read');
  return encodeCursor({ createdAt, id });
}

/** What all rows of the connection meet, whichever page they are on. */
function conditionsOf(
  { createdFrom, createdBefore }: PageRequest,
  { where = {}, contains = {} }: Pick<PageQuery<unknown>, 'where' | 'contains'>,
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
