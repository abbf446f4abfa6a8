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
    const node = list.add(this.table, selection, this.table.name);
    return {
      table: this.table.name,
      columns: list.columns.join(', '),
      joins: list.joins.join(' '),
      // CAST: the table has every field of the node, and nobody reads one that is not shown.
      toNode: new Function('reads', `return (row) => (${node})`)(list.reads) as (row: object) => Node,
    };
  }
}

/** The columns and joins of one statement, and code that makes nodes of its rows. */
class SelectList {
  readonly columns: string[] = [];
  readonly joins: string[] = [];
  /** What the code calls `reads`. */
  readonly reads: Computed['read'][] = [];

  /**
   * Selects what is shown of the rows that the statement calls `alias`.
   *
   * @returns an expression that makes the node of `row`, all of whose names are those of tables in this code.
   */
  add(table: NodeTable, selection: Selection | undefined, alias: string): string {
    const fields = shownFields(table, selection).map(([name, source]) => [name, this.field(source, alias)]);
    const references = Object.entries(table.references).flatMap(([name, reference]) => {
      const below = selection?.get(name);
      return below === undefined ? [] : [[name, this.reference(reference, below, alias)]];
    });
    return `{ ${[...fields, ...references].map(([name, value]) => `${name}: ${value}`).join(', ')} }`;
  }

  private field(source: Source, alias: string): string {
    if (typeof source === 'string') return this.column(`${alias}.${source}`);
    if (typeof source === 'function') return this.column(source(alias));
    return `reads[${this.reads.push(source.read) - 1}](${this.column(source.sql(alias))})`;
  }

  private reference({ by, rows: { table } }: Reference, below: Selection, from: string): string {
    const alias = `joined_${this.joins.length + 1}`;
    const on = `${alias}.tenant_id = ${from}.tenant_id and ${alias}.id = ${from}.${by}`;
    this.joins.push(`left join ${table.name} ${alias} on ${on}`);
    return `${this.column(`${alias}.id`)} === null ? null : ${this.add(table, below, alias)}`;
  }

  /** @returns where rows have it: by a short name, which is never one of the table's, whatever is joined. */
  private column(sql: string): string {
    const name = `c${this.columns.length}`;
    this.columns.push(`${sql} as ${name}`);
    return `row.${name}`;
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
