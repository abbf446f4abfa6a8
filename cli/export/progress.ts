const EVERY_MS = 2_000;

/** Tells how far an export is: each table with rows once it is done, and one that takes long every two seconds. */
export class ExportProgress {
  private table = '';
  private rows = 0;
  private toldAt = performance.now();

  constructor(private readonly print: (line: string) => void) {}

  readonly onRows = (table: string, rows: number): void => {
    if (table !== this.table) this.finish();
    [this.table, this.rows] = [table, rows];
    if (performance.now() - this.toldAt < EVERY_MS) return;
    this.tell(' so far');
  };

  finish(): void {
    if (this.rows > 0) this.tell('');
    this.rows = 0;
  }

  private tell(suffix: string): void {
    this.print(`  ${this.table.padEnd(22)} ${this.rows.toLocaleString('en')} rows${suffix}`);
    this.toldAt = performance.now();
  }
}
