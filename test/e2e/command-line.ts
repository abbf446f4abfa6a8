import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pollUntil } from '../../cli/embedded/poll';
import { hasCode } from '../../cli/embedded/system-errors';

const ROOT = resolve(__dirname, '../..');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command that a person has typed: in a process group of its own, as a shell makes it. */
export class Typed {
  private text = '';
  readonly ended: Promise<Ended>;
  private hasEnded = false;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.text += chunk;
      });
    }
    this.ended = new Promise((done) => {
      child.once('close', (code, signal) => {
        this.hasEnded = true;
        done({ code, signal });
      });
    });
  }

  /** All that it has said so far, errors included. */
  get output(): string {
    return this.text;
  }

  /** Waits until it has said `words`. @throws Error with what it said instead, if it ended or took too long. */
  async says(words: string, timeoutMs = 30_000): Promise<void> {
    await pollUntil(() => this.hasEnded || this.text.includes(words), timeoutMs);
    if (!this.text.includes(words)) throw new Error(`it never said "${words}", but:\n${this.text}`);
  }

  /** As Ctrl-C, which the terminal sends to the whole group. */
  interrupt(): void {
    this.signalGroup('SIGINT');
  }

  /** As an init system, which knows only the process that it started. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** As `kill -9` of everything that the shell knows of. */
  kill(): void {
    this.signalGroup('SIGKILL');
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined || this.hasEnded) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error; // ended in this very moment
    }
  }
}

/** Makes sure that what `npm start` runs is of these sources; to be called before time is measured. */
export function build(): void {
  const { status, stderr } = spawnSync(process.execPath, ['cli/build.mjs', '--if-stale'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
}

/** Types `npm run SCRIPT -- ARGS`. */
export function typeNpm(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Typed {
  return new Typed(
    spawn('npm', ['run', '--silent', script, '--', ...args], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...env },
    }),
  );
}

/** A temporary folder that the database's account can enter, so that everything of a start lies in it. */
export function makeOpenFolder(prefix: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  chmodSync(folder, 0o711);
  return folder;
}

/** The processes that work in a folder or were told of it, zombies aside. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      const cwd = orEmpty(() => readlinkSync(`/proc/${pid}/cwd`));
      const commandLine = orEmpty(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      return cwd.startsWith(folder) || commandLine.includes(folder);
    })
    .map(Number);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return '';
    throw error;
  }
}
