import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Redis } from 'ioredis';
import { findOnPath } from './find-on-path';
import { launchOnKeptPort } from './launch';
import { type StopPolicy, stopOrphans } from './orphans';
import { takeOwnership } from './owner-lock';
import { createSecret, readSecret } from './secret-file';
import { type SpawnedServer, spawnServer } from './spawned-server';

export interface RedisOptions {
  /** Folder for data, password, port and log; made if missing. */
  readonly dataDir: string;
  /** Where to look for the program, as in the environment variable `PATH`. */
  readonly searchPath: string;
  /** Told each step that takes a while, and everything the person should know. */
  readonly log: (message: string) => void;
  /** For a folder that has none yet; drawn at random unless given. */
  readonly password?: string;
}

/** A Redis (or Valkey) server of our own. */
export interface EmbeddedRedis {
  readonly url: string;
  readonly port: number;
  /** The program's path. */
  readonly program: string;
  /** Resolves with the reason when the server ends, also when nobody asked it to. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** In order of preference. */
const PROGRAMS = ['redis-server', 'valkey-server'];
const READY_TIMEOUT_MS = 60_000;
/** On SIGTERM Redis writes its data out and ends (https://redis.io/docs/latest/operate/oss_and_stack/reference/signals/). */
const STOP_POLICY: StopPolicy = { askSignal: 'SIGTERM', insistSignal: 'SIGKILL', timeoutMs: 30_000 };

/** The Redis or Valkey server program of this machine, if it has one. */
export function findRedisProgram(searchPath: string): string | undefined {
  return findOnPath(PROGRAMS, searchPath);
}

/**
 * Starts a private Redis, for Linux, on 127.0.0.1 only, with a password, an append-only file and no
 * eviction, as Bull needs it. Undefined when this machine has no Redis. What a killed launcher left
 * running on the same data is stopped first.
 *
 * @throws EmbeddedServiceError with what to do about it.
 */
export async function startRedis({
  dataDir,
  searchPath,
  log,
  password: wanted,
}: RedisOptions): Promise<EmbeddedRedis | undefined> {
  const program = findRedisProgram(searchPath);
  if (program === undefined) return undefined;

  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const directory = realpathSync(dataDir);
  const lock = takeOwnership(join(directory, 'owner.lock'), 'Redis');
  try {
    await stopOrphans({ directory, program: basename(program), policy: STOP_POLICY, log });
    const passwordFile = join(directory, 'password');
    const password = readSecret(passwordFile) ?? createSecret(passwordFile, wanted);
    const { server, port } = await launch(program, directory, password);
    return {
      url: urlOf(port, password),
      port,
      program,
      exited: server.exited,
      async stop() {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Deletes a data folder of {@link startRedis}, and ends what a killed launcher left running on it.
 *
 * @throws EmbeddedServiceError while somebody runs it.
 */
export async function removeRedis({ dataDir, log }: Pick<RedisOptions, 'dataDir' | 'log'>): Promise<void> {
  if (!existsSync(dataDir)) return;
  const directory = realpathSync(dataDir);
  takeOwnership(join(directory, 'owner.lock'), 'Redis');
  for (const program of PROGRAMS) await stopOrphans({ directory, program, policy: STOP_POLICY, log });
  rmSync(directory, { recursive: true });
}

async function launch(
  program: string,
  directory: string,
  password: string,
): Promise<{ server: SpawnedServer; port: number }> {
  return launchOnKeptPort({
    service: 'Redis',
    portFile: join(directory, 'port'),
    readyTimeoutMs: READY_TIMEOUT_MS,
    spawn: (port) =>
      spawnServer({
        program,
        args: [writeConfiguration(directory, port, password)],
        logFile: join(directory, 'redis.log'),
        stopPolicy: STOP_POLICY,
      }),
    isReady: (_server, port) => answers(port, password),
  });
}

/** Settings go by a file that only we may read: arguments are seen by every user of the machine. */
function writeConfiguration(directory: string, port: number, password: string): string {
  const file = join(directory, 'redis.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    'appendonly yes',
    'maxmemory-policy noeviction',
    'daemonize no',
  ];
  writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  return file;
}

/** True once the server lets us in and has read its data. */
async function answers(port: number, password: string): Promise<boolean> {
  const client = new Redis(urlOf(port, password), { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined); // the same error rejects `connect`
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false; // not up yet; the caller gives up after a while and shows the server's log
  } finally {
    // On a connection that has ended it would only leave a timer behind.
    if (client.status !== 'end') client.disconnect();
  }
}

function urlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}
