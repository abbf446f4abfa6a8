import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { killGroup, type ProcessRegistry } from './process-registry';

/** A program that ends when its standard input closes, and so never outlives its parent. */
export class Child {
  readonly exited: Promise<void>;
  private alive = true;

  constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('exit', () => {
        this.alive = false;
        child.stdin?.destroy();
        resolve();
      });
    });
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** Asks the program to end and waits until it has. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    await this.exited;
  }

  /** Ends it as `kill -9` would, with everything that it started. */
  async kill(): Promise<void> {
    if (this.alive) killGroup(this.pid);
    await this.exited;
  }
}

/** Where and under which name children run. */
export interface ChildContext {
  readonly registry: ProcessRegistry;
  /** Standard output and errors of the children go to `<logDir>/<name>.log`. */
  readonly logDir: string;
  /** All that were started, in order. */
  readonly children: Child[];
}

/** Starts `command` in a process group of its own, with its standard input as the line to its parent. */
export function startChild(
  { registry, logDir, children }: ChildContext,
  name: string,
  command: string,
  args: readonly string[],
): Child {
  const log = openSync(logFile(logDir, name), 'a');
  const spawned = spawn(command, args, { stdio: ['pipe', log, log], detached: true });
  closeSync(log);
  spawned.stdin?.on('error', () => spawned.stdin?.destroy());
  if (spawned.pid === undefined) throw new Error(`${name} did not start: ${command}`);
  registry.add(spawned.pid);
  const child = new Child(spawned, spawned.pid);
  children.push(child);
  return child;
}

/** The end of what a child has written to its log. */
export function lastWords({ logDir }: Pick<ChildContext, 'logDir'>, name: string): string {
  return readFileSync(logFile(logDir, name), 'utf8').slice(-2_000);
}

function logFile(logDir: string, name: string): string {
  return path.join(logDir, `${name}.log`);
}

/** From sources (Jest) Node has to translate TypeScript; compiled programs run as they are. */
const RUN_FROM_SOURCE = __filename.endsWith('.ts')
  ? ['--require', path.join(__dirname, 'register-typescript.cjs')]
  : [];

/** Starts a program of this folder, e.g. `don`, with its configuration file. */
export function startProgram(context: ChildContext, name: string, configFile: string): Child {
  const script = path.join(__dirname, `${name}${path.extname(__filename)}`);
  return startChild(context, name, process.execPath, [...RUN_FROM_SOURCE, script, configFile]);
}

/** In a program started by {@link startProgram}: calls `stop` when the parent ends or asks for it. */
export function onParentGone(stop: () => void): void {
  process.stdin.resume();
  process.stdin.once('close', stop);
  process.stdin.once('error', stop);
}
