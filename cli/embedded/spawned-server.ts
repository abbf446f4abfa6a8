import { spawn, spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { EmbeddedServiceError } from './embedded-errors';
import type { StopPolicy } from './orphans';
import { pollUntil } from './poll';
import { signalProcess } from './processes';
import type { ServerAccount } from './server-account';

const LOG_TAIL_CHARS = 2_000;
/** Nothing of ours belongs into a server's environment: neither secrets nor PG* variables. */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly account?: ServerAccount | undefined;
  readonly logFile: string;
  readonly stopPolicy: StopPolicy;
  /** Added to {@link SERVER_ENVIRONMENT}. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server that is a child of this process. */
export interface SpawnedServer {
  readonly pid: number | undefined;
  /** Resolves when the server has ended, for whatever reason, with the reason. */
  readonly exited: Promise<string>;
  hasExited(): boolean;
  readonly logFile: string;
  /** What the server has written to its log since this start, cut to the last 2,000 characters. */
  logTail(): string;
  /** Ends the server; at once if it has ended. @throws {@link EmbeddedServiceError} if it does not end. */
  stop(): Promise<void>;
}

/**
 * Starts a server of its own process group, so that Ctrl-C reaches it only through us and in order.
 * Where `setpriv` can arrange it (Linux with util-linux ≥ 2.33), the server also ends when this process is killed;
 * elsewhere the next start ends it.
 */
export function spawnServer(command: ServerCommand): SpawnedServer {
  const { program, args, account, logFile, stopPolicy, environment } = command;
  const log = openSync(logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const [file = program, ...fileArgs] = [...dieWithParent(stopPolicy.askSignal), program, ...args];
  const child = spawn(file, fileArgs, {
    ...account,
    cwd: '/',
    env: { ...SERVER_ENVIRONMENT, ...environment },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);

  let ended = false;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be run: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
  }).finally(() => {
    ended = true;
  });

  return {
    pid: child.pid,
    exited,
    hasExited: () => ended,
    logFile,
    logTail: () => readFileSync(logFile).subarray(logStart).toString().slice(-LOG_TAIL_CHARS).trim(),
    async stop() {
      for (const signal of [stopPolicy.askSignal, stopPolicy.insistSignal]) {
        if (!ended && child.pid !== undefined) signalProcess(child.pid, signal);
        if (await pollUntil(() => ended, stopPolicy.timeoutMs)) return;
      }
      throw new EmbeddedServiceError(
        `${program} (process ${child.pid}) does not end; see ${logFile}, and end it by hand.`,
      );
    },
  };
}

function dieWithParent(signal: NodeJS.Signals): string[] {
  const prefix = ['--pdeathsig', signal];
  const probe = spawnSync('setpriv', [...prefix, 'true'], { env: SERVER_ENVIRONMENT, stdio: 'ignore' });
  return probe.status === 0 ? ['setpriv', ...prefix] : [];
}
