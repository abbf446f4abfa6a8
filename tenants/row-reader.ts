import { types } from 'pg';

/** A column of a statement's rows, as PostgreSQL describes it. */
export interface DescribedColumn {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Makes a row of its columns' texts. */
export type ReadRow = (texts: readonly (string | null)[]) => object;

type Parse = (text: string) => unknown;

/** How pg reads types that it does not know: as the text that they are. */
const AS_TEXT: Parse = types.getTypeParser(types.builtins.TEXT);

/** So many are remembered. */
const MAX_READERS = 2_000;
const readers = new Map<string, ReadRow>();

/** Reads rows with these columns as pg does, by code that is made for them. */
export function readerOf(columns: readonly DescribedColumn[]): ReadRow {
  const shape = JSON.stringify(columns.map(({ name, dataTypeID }) => [name, dataTypeID]));
  const known = readers.get(shape) ?? compile(columns);
  if (readers.size >= MAX_READERS) readers.clear();
  readers.set(shape, known);
  return known;
}

/** Columns are called as our own statements say, never as a client does. */
function compile(columns: readonly DescribedColumn[]): ReadRow {
  const parsers = columns.map(({ dataTypeID }): Parse => types.getTypeParser(dataTypeID));
  const fields = columns.map(({ name }, at) => {
    const value = parsers[at] === AS_TEXT ? `t[${at}]` : `t[${at}] === null ? null : p[${at}](t[${at}])`;
    return `${JSON.stringify(name)}: ${value}`;
  });
  // CAST: this is what it is made to be.
  return new Function('p', `return (t) => ({ ${fields.join(', ')} })`)(parsers) as ReadRow;
}
