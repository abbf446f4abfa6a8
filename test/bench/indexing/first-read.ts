import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';

/** What every contestant asks first of all when it indexes, and never before. */
const FIRST_READ = 'eth_getLogs';

/**
 * Notices when a node is first asked for logs: the one sign of a beginning that looks the same whoever indexes. The node
 * writes down each call that it gets, which costs next to nothing; to pass on what it answers took a twentieth of a run.
 */
export class FirstRead {
  /** On `performance.now()`'s clock; undefined while nobody has asked. */
  at: number | undefined;
  private readonly before: number;
  private readonly watcher: FSWatcher;

  /** @param calls - The file that the node writes to; what is in it already does not count. */
  constructor(private readonly calls: string) {
    this.before = statSync(calls).size;
    this.watcher = watch(calls, () => this.look());
  }

  stop(): void {
    this.watcher.close();
  }

  private look(): void {
    if (!readFileSync(this.calls).includes(FIRST_READ, this.before)) return;
    this.at = performance.now();
    this.stop();
  }
}
