import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pollUntil } from '../../../cli/embedded/poll';
import type { WorkerReport } from './contest';

/** A contestant's worker, in a process of its own. */
export class WorkerProcess {
  /** Jobs that it has ended. */
  ended = 0;
  /** When it began the watched tenant's jobs, by their number. */
  readonly begunMs = new Map<number, number>();
  private exited = false;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message) => {
      // CAST: the scripts beside this file send nothing else.
      const { ended, begun } = message as WorkerReport;
      this.ended = ended;
      for (const { n, atMs } of begun) this.begunMs.set(n, atMs);
    });
    child.once('exit', () => {
      this.exited = true;
    });
  }

  /** Resolves when it works. @param script - Beside this file, or an absolute path. */
  static async start(script: string, args: string[]): Promise<WorkerProcess> {
    const child = fork(resolve(__dirname, script), args);
    const worker = new WorkerProcess(child);
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (worker.exited) throw new Error(`${script} could not start`);
    return worker;
  }

  /** @throws If it ends by itself before `condition` holds, or that takes longer than `timeoutMs`. */
  async until(condition: () => boolean, timeoutMs: number): Promise<void> {
    const held = await pollUntil(() => this.exited || condition(), timeoutMs);
    if (!held || this.exited) throw new Error(held ? 'a worker has ended by itself' : 'a worker is too slow');
  }

  async stop(): Promise<void> {
    if (this.exited) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
