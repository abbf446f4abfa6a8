import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { until } from './polling';
import { hasCode } from './system-errors';

const processSchema = z.strictObject({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/PID/stat: with the pid it names one process for ever, while a pid alone is reused. */
  startTicks: z.string(),
});
const registrySchema = z.strictObject({ owner: processSchema, children: z.array(processSchema) });

type ProcessIdentity = z.output<typeof processSchema>;

const FILE = 'processes.json';

/** Another living process runs the devnet of this data folder. */
export class DevnetInUseError extends Error {
  constructor(dataDir: string, pid: number) {
    super(`The devnet in ${dataDir} is already run by process ${pid}.`);
    this.name = 'DevnetInUseError';
  }
}

/**
 * The processes of one data folder, on disk, so that the next start can end what a killed one left.
 *
 * Children are leaders of their own process groups.
 */
export class ProcessRegistry {
  private readonly file: string;
  private readonly children: ProcessIdentity[] = [];

  private constructor(dataDir: string) {
    this.file = path.join(dataDir, FILE);
  }

  /**
   * Takes the data folder for this process and ends children that an earlier owner left.
   *
   * @throws DevnetInUseError if the earlier owner still lives.
   */
  static async claim(dataDir: string): Promise<ProcessRegistry> {
    const registry = new ProcessRegistry(dataDir);
    const left = registry.read();
    if (left !== undefined) {
      if (left.owner.pid !== process.pid && isAlive(left.owner))
        throw new DevnetInUseError(dataDir, left.owner.pid);
      for (const child of left.children.filter(isAlive)) killGroup(child.pid);
      await until('the leftover processes to end', () => !left.children.some(isAlive));
    }
    registry.write();
    return registry;
  }

  add(pid: number): void {
    const child = identify(pid);
    if (child === undefined) return;
    this.children.push(child);
    this.write();
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  private read(): z.output<typeof registrySchema> | undefined {
    const text = readIfPresent(this.file);
    return text === undefined || text === '' ? undefined : registrySchema.parse(JSON.parse(text));
  }

  private write(): void {
    const owner = identify(process.pid);
    writeFileSync(this.file, JSON.stringify({ owner, children: this.children.filter(isAlive) }));
  }
}

/** Sends SIGKILL to a process group; a group that is gone is what was wanted. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

function identify(pid: number): ProcessIdentity | undefined {
  const stat = readIfPresent(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field may hold spaces and brackets; fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || startTicks === undefined ? undefined : { pid, startTicks };
}

function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  return identify(pid)?.startTicks === startTicks;
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return undefined;
    throw error;
  }
}
