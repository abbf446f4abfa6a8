import type { ClientBase } from 'pg';
import { CopyIn } from '../../../domain/chain-state/copy-in';

/** A value as PostgreSQL's text format writes it; null is null, and a Date or number its text. */
export type Value = string | number | boolean | bigint | Date | null;

/** A table's rows as they are made, written by COPY in pieces. */
export class RowBuffer {
  private lines: string[] = [];

  constructor(
    private readonly table: string,
    private readonly columns: string,
  ) {}

  add(...values: readonly Value[]): void {
    this.lines.push(values.map(textOf).join('\t'));
  }

  /** Writes what was added so far. */
  async flush(client: ClientBase): Promise<void> {
    if (this.lines.length === 0) return;
    const data = Buffer.from(`${this.lines.join('\n')}\n`);
    this.lines = [];
    await client.query(new CopyIn(`copy ${this.table} (${this.columns}) from stdin`, data)).done;
  }
}

/** https://www.postgresql.org/docs/18/sql-copy.html, “Text Format” (read 2026-11). */
function textOf(value: Value): string {
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  return value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
