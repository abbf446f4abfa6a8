import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hasCode } from './system-errors';

/** A running process, as Linux shows it under /proc (proc(5)). */
export interface RunningProcess {
  readonly pid: number;
  readonly parentPid: number;
}

interface ProcessStat {
  readonly parentPid: number;
  readonly startTicks: string;
}

/** Answers undefined when the process has ended, is a zombie, or may not be looked at. */
function readStat(pid: number): ProcessStat | undefined {
  const stat = readOrUndefined(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in parentheses and may hold anything, spaces too.
  const [state, parentPid, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const startTicks = rest[17]; // field 22 of proc_pid_stat(5)
  if (startTicks === undefined || state === 'Z' || state === 'X') return undefined;
  return { parentPid: Number(parentPid), startTicks };
}

/**
 * A name for one process that no later process shares, although pids are used again. Undefined when
 * there is no such process (any more).
 */
export function processIdentity(pid: number): string | undefined {
  const stat = readStat(pid);
  return stat && `${pid}:${stat.startTicks}`;
}

/** True while the process that had this identity runs. */
export function isRunning(identity: string): boolean {
  return processIdentity(Number.parseInt(identity, 10)) === identity;
}

/**
 * The processes of a program that work in a directory. PostgreSQL and Redis both enter their data
 * directory, so this finds exactly the servers on it, whatever a stale pid file says.
 *
 * @param directory - A canonical path.
 * @param program - The name of the executable, at most 15 bytes.
 */
export function findProcessesIn(directory: string, program: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .flatMap((pid) => {
      const cwd = readOrUndefined(() => readlinkSync(`/proc/${pid}/cwd`));
      if (cwd !== directory) return [];
      const name = readOrUndefined(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
      const stat = readStat(pid);
      return name === program && stat !== undefined ? [{ pid, parentPid: stat.parentPid }] : [];
    });
}

/** Sends a signal; answers false when the process has already ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}

/** Processes end while they are looked at, and those of other users may not be looked at: neither is ours. */
function readOrUndefined(read: () => string): string | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}
