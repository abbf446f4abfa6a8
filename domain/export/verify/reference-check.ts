import { fileOfTable, type Manifest } from '../archive/manifest';
import type { Row } from '../table-reader';
import { ArchiveFault, RunningCheck } from './fault';
import type { RowCheck } from './row-check';

/** A key that rows of other tables refer to, with the values that were seen of it. */
interface Target {
  readonly table: string;
  readonly columns: readonly string[];
  readonly seen: Set<string>;
}

interface Outgoing {
  readonly columns: readonly string[];
  readonly target: Target;
}

/** Whether every row that a row names is in the archive. Remembers each key that may be named: some 100 bytes for each. */
export class ReferenceCheck implements RowCheck {
  private readonly resolved = new RunningCheck('references');
  readonly checks = [this.resolved];
  private readonly targets: Target[] = [];
  private readonly outgoing = new Map<string, Outgoing[]>();

  constructor({ tables }: Manifest) {
    for (const { table, references } of tables)
      this.outgoing.set(
        table,
        references.map(({ columns, to, key }) => ({ columns, target: this.targetOf(to, key) })),
      );
  }

  look(table: string, row: Row, where: string): void {
    for (const { columns, target } of this.outgoing.get(table) ?? []) {
      const key = keyOf(row, columns);
      // As in SQL: a null names nothing.
      if (key === undefined) continue;
      const what = `no row of ${fileOfTable(target.table)} is ${key}, which ${columns.join(', ')} names`;
      this.resolved.expect(target.seen.has(key), ArchiveFault.ReferenceBroken, where, what);
    }
    for (const target of this.targets.filter((candidate) => candidate.table === table)) {
      const key = keyOf(row, target.columns);
      if (key === undefined || target.seen.has(key))
        this.resolved.fail(
          ArchiveFault.RowDuplicate,
          where,
          `there is another row ${key ?? 'without a key'}`,
        );
      else target.seen.add(key);
    }
  }

  finish(): void {
    return;
  }

  private targetOf(table: string, columns: readonly string[]): Target {
    const known = this.targets.find(
      (target) => target.table === table && target.columns.join() === columns.join(),
    );
    if (known !== undefined) return known;
    const target = { table, columns, seen: new Set<string>() };
    this.targets.push(target);
    return target;
  }
}

function keyOf(row: Row, columns: readonly string[]): string | undefined {
  const values = columns.map((column) => row[column] ?? null);
  return values.includes(null) ? undefined : values.join(' ');
}
