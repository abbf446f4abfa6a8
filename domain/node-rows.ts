import type { Selection } from '../schema/selection';

/** Where a field comes from: a column of the node's table, or SQL over the row that `row` names. */
type Source = string | ((row: string) => string) | Computed;

interface Computed {
  readonly sql: (row: string) => string;
  /** Makes the field of the column's value. */
  readonly read: (value: never) => unknown;
}

/** Another node of the same tenant that a row refers to. */
interface Reference {
  /** The column that holds its id; null refers to none. */
  readonly by: string;
  readonly rows: { readonly table: NodeTable };
}

interface NodeTable {
  readonly name: string;
  readonly fields: Readonly<Record<string, Source>>;
  readonly references: Readonly<Record<string, Reference>>;
}

/** As {@link NodeTable}, with a source for every field of the node. */
interface TableOf<Node, Refers extends keyof Node> {
  readonly name: string;
  readonly fields: { readonly [Field in Exclude<keyof Node, Refers>]-?: Source };
  readonly references: { readonly [Name in Refers]-?: Reference };
}

type Row = Readonly<Record<string, unknown>>;
type ReadNode = (row: Row) => Record<string, unknown>;

/** What a statement over a table selects, and how its rows are read. */
export interface SelectedRows<Node> {
  readonly table: string;
  readonly columns: string;
  /** Joins what is shown along with a row; each finds at most one row. */
  readonly joins: string;
  readonly toNode: (row: object) => Node;
}

/**
 * How the rows of a table are read as nodes of the API: each field from a column or an expression. Only what an answer
 * shows is read, and with it, in the same statement, what it shows of nodes that the rows refer to.
 */
export class NodeRows<Node extends { id: string }, Refers extends keyof Node = never> {
  readonly table: NodeTable;
  /** Whole nodes, without those that they refer to. */
  private readonly whole: SelectedRows<Node>;
  /** Selections are as many as documents that are remembered, and go with them. */
  private readonly selected = new WeakMap<Selection, SelectedRows<Node>>();

  constructor(table: TableOf<Node, Refers>) {
    this.table = table;
    this.whole = this.make(undefined);
  }

  /** All fields, for `select` and `returning`. */
  get columns(): string {
    return this.whole.columns;
  }

  /** The nodes in rows with these {@link columns}. */
  nodes(rows: readonly object[]): Node[] {
    return rows.map(this.whole.toNode);
  }

  /** @param selection - What is shown of a node; undefined for whole ones. */
  select(selection: Selection | undefined): SelectedRows<Node> {
    if (selection === undefined) return this.whole;
    const known = this.selected.get(selection) ?? this.make(selection);
    this.selected.set(selection, known);
    return known;
  }

  private make(selection: Selection | undefined): SelectedRows<Node> {
    const list = new SelectList();
    const read = list.add(this.table, selection, this.table.name);
    return {
      table: this.table.name,
      columns: list.columns.join(', '),
      joins: list.joins.join(' '),
      // CAST: the table has every field of the node, and nobody reads one that is not shown.
      toNode: (row) => read(row as Row) as unknown as Node,
    };
  }
}

/** The columns and joins of one statement. */
class SelectList {
  readonly columns: string[] = [];
  readonly joins: string[] = [];

  /** Selects what is shown of the rows that the statement calls `alias`. */
  add(table: NodeTable, selection: Selection | undefined, alias: string): ReadNode {
    const fields = shownFields(table, selection).map(([field, source]) => this.field(field, source, alias));
    const references = Object.entries(table.references).flatMap(([name, reference]) => {
      const below = selection?.get(name);
      return below === undefined ? [] : [this.reference(name, reference, below, alias)];
    });
    return (row) => {
      const node: Record<string, unknown> = {};
      for (const { name, column, read } of fields) node[name] = read(row[column] as never);
      for (const { name, key, read } of references) node[name] = row[key] === null ? null : read(row);
      return node;
    };
  }

  private field(name: string, source: Source, alias: string) {
    if (typeof source === 'string') return { name, column: this.column(`${alias}.${source}`), read: asItIs };
    const { sql, read } = typeof source === 'function' ? { sql: source, read: asItIs } : source;
    return { name, column: this.column(sql(alias)), read };
  }

  private reference(name: string, { by, rows: { table } }: Reference, below: Selection, from: string) {
    const alias = `joined_${this.joins.length + 1}`;
    const on = `${alias}.tenant_id = ${from}.tenant_id and ${alias}.id = ${from}.${by}`;
    this.joins.push(`left join ${table.name} ${alias} on ${on}`);
    return { name, key: this.column(`${alias}.id`), read: this.add(table, below, alias) };
  }

  /** @returns by which name rows have it: short, and never one of the table's, whatever is joined. */
  private column(sql: string): string {
    const name = `c${this.columns.length}`;
    this.columns.push(`${sql} as ${name}`);
    return name;
  }
}

/** The id, and what is shown; all of the row if that is made by a resolver, which may want anything of it. */
function shownFields(
  { fields, references }: NodeTable,
  selection: Selection | undefined,
): [string, Source][] {
  const all = Object.entries(fields);
  if (selection === undefined) return all;
  const isRead = (name: string) => name in fields || name in references || name === '__typename';
  if (![...selection.keys()].every(isRead)) return all;
  return all.filter(([name]) => name === 'id' || selection.has(name));
}

function asItIs(value: unknown): unknown {
  return value;
}
