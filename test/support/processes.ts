import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { KillPoint } from '../../schema/kill-point';
import { until } from '../devnet/polling';

/** What `workers/main.ts` can be run as. */
export type ProcessRole = 'worker' | 'follower';

/** The compiled programs: beside the sources, or where this file was compiled to itself. */
const DIST = join(__dirname, '..', '..', ...(__filename.endsWith('.ts') ? ['dist'] : []));
const START_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 60_000;

/** How a process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A compiled program of ours in a process of its own, which does not outlive the test's process. */
export class OwnProcess {
  private static readonly running = new Set<ChildProcess>();

  private constructor(
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {
    const { running } = OwnProcess;
    if (running.size === 0) process.on('exit', OwnProcess.killRunning);
    running.add(child);
    child.once('exit', () => {
      running.delete(child);
      if (running.size === 0) process.off('exit', OwnProcess.killRunning);
    });
  }

  private static readonly killRunning = () => {
    for (const child of OwnProcess.running) child.kill('SIGKILL');
  };

  /**
   * @param program - Path below `dist`, e.g. `workers/main.js`, or an absolute one.
   * @param environment - All of it but PATH: nothing of the test's own environment leaks in.
   * @throws Error if the program was not compiled.
   */
  static spawn(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    logFile: string,
  ): OwnProcess {
    const path = resolve(DIST, program);
    if (!existsSync(path)) throw new Error(`${path} is missing: compile first (npm run test:faults does)`);
    const log = openSync(logFile, 'w');
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    return new OwnProcess(child, logFile);
  }

  /** Everything that it has printed so far. */
  output(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  get end(): ProcessEnd | undefined {
    const { exitCode, signalCode: signal } = this.child;
    return exitCode === null && signal === null ? undefined : { exitCode, signal };
  }

  /** Waits until it has ended by itself. @throws Error if it still runs after a minute. */
  async ended(): Promise<ProcessEnd> {
    return until('the process to end', () => this.end, { timeoutMs: EXIT_TIMEOUT_MS });
  }

  /** Asks it to end, and waits until it has drained. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended();
  }

  /** Holds it where it is, as a machine does that swaps or moves, until {@link resume}. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Resolves when it has ended, however long that takes. */
  async whenEnded(): Promise<ProcessEnd> {
    if (this.end === undefined) await once(this.child, 'exit');
    return this.end ?? { exitCode: null, signal: null };
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    if (this.end !== undefined) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

/** What one start of a process adds to the environment of all. */
export interface StartOptions {
  readonly killAt?: KillPoint;
  readonly redisUrl?: string;
}

/** The worker and the follower of one deployment, each in a process of its own. */
export class ProcessCrew {
  private readonly running = new Map<ProcessRole, OwnProcess>();

  /**
   * @param environment - What both processes read; see workers/config.ts.
   * @param logDir - Where they log to; a restart begins the log anew.
   */
  constructor(
    private environment: Readonly<Record<string, string>>,
    private readonly logDir: string,
  ) {}

  /** Changes what processes read that are started from now on. */
  setEnvironment(changes: Readonly<Record<string, string>>): void {
    this.environment = { ...this.environment, ...changes };
  }

  /**
   * Starts the role, after stopping the process that has it.
   *
   * @param killAt - The marker at which it is to die, if any: then it may have died before this answers.
   * @param redisUrl - Puts its jobs on Bull; else it takes them straight from the outbox.
   * @throws Error if it ended otherwise before it ran.
   */
  async start(role: ProcessRole, { killAt, redisUrl }: StartOptions = {}): Promise<OwnProcess> {
    await this.stop(role);
    const environment = {
      ...this.environment,
      ...(killAt === undefined ? {} : { KILL_AT: killAt }),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    };
    const child = OwnProcess.spawn('workers/main.js', [role], environment, join(this.logDir, `${role}.log`));
    this.running.set(role, child);
    const isUp = () => child.end !== undefined || child.output().includes('"msg":"running"');
    await until(`the ${role} to run`, isUp, { timeoutMs: START_TIMEOUT_MS });
    if (child.end !== undefined && (killAt === undefined || child.end.signal !== 'SIGKILL')) {
      throw new Error(`the ${role} ended while it started: ${child.output()}`);
    }
    return child;
  }

  async startAll(): Promise<void> {
    await Promise.all([this.start('worker'), this.start('follower')]);
  }

  /** True while the process of this role has not ended. */
  isAlive(role: ProcessRole): boolean {
    const child = this.running.get(role);
    return child !== undefined && child.end === undefined;
  }

  async stop(role: ProcessRole): Promise<void> {
    const child = this.running.get(role);
    if (child !== undefined && child.end === undefined) await child.stop();
    this.running.delete(role);
  }

  async stopAll(): Promise<void> {
    await Promise.all([this.stop('worker'), this.stop('follower')]);
  }

  /** Ends both as `kill -9` does. */
  async killAll(): Promise<void> {
    await Promise.all([...this.running.values()].map((child) => child.kill()));
    this.running.clear();
  }
}
