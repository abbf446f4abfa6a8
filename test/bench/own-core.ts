import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Separates the process that is measured from all that serves it: that has a core of its own, and this process with
 * what it starts from now on has the others. Otherwise Linux wakes PostgreSQL, to which a request has just been
 * written, on the very core of the process that wrote, which then waits for it while another core is idle: on two
 * cores that took a fifth of our API's time, and little of a peer's that asks no database. In a deployment they are
 * on machines of their own.
 */
export class OwnCore {
  private constructor(private readonly core: number | undefined) {}

  /** Without `taskset` or a second core it says so and separates nothing. */
  static reserve(log: (line: string) => void): OwnCore {
    const [core, ...others] = process.platform === 'linux' ? allowedCores() : [];
    if (core === undefined || others.length === 0 || !hasTaskset()) {
      log('what is measured has no core of its own: it takes Linux, two cores and taskset');
      return new OwnCore(undefined);
    }
    move(process.pid, others);
    return new OwnCore(core);
  }

  /** Moves a process there, with all of its threads. */
  give(pid: number): void {
    if (this.core !== undefined) move(pid, [this.core]);
  }
}

function allowedCores(): number[] {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (list === undefined) throw new Error('Linux says which cores a process may use');
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function hasTaskset(): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, 'taskset')));
}

function move(pid: number, cores: readonly number[]): void {
  execFileSync('taskset', ['-acp', cores.join(','), String(pid)]);
}
