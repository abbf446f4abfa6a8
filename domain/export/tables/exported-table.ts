/** Columns that name a row of another table. */
export interface Reference {
  readonly columns: readonly string[];
  /** Exported before this one. */
  readonly to: string;
  /** The columns there, in the order of `columns`. */
  readonly key: readonly string[];
}

/** A table of which an archive holds every row of the tenant. */
export interface ExportedTable {
  readonly table: string;
  /** What a row is. */
  readonly holds: string;
  /** What each column means. `tenant_id` is left out of every table: the manifest names the tenant. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that an archive does not hold, with the reason. */
  readonly withheld?: Readonly<Record<string, string>>;
  readonly references?: readonly Reference[];
}

/** A reference by one column to the `id` of a table. */
export function refersTo(to: string, column: string): Reference {
  return { columns: [column], to, key: ['id'] };
}
