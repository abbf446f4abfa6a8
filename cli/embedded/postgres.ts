import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { launchOnKeptPort } from './launch';
import { type StopPolicy, stopOrphans } from './orphans';
import { type OwnerLock, takeOwnership } from './owner-lock';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import { isReady, prepareCluster, removeStalePidFile } from './postgres-cluster';
import { locateCluster, type PostgresLocation } from './postgres-location';
import { SHARED_FOLDERS } from './shared-folder';
import { type SpawnedServer, spawnServer } from './spawned-server';

export interface PostgresOptions {
  /** Folder for data, password, port and log; made if missing. */
  readonly dataDir: string;
  /** False gives up safety against a crash of the machine for speed: for tests only. */
  readonly durable: boolean;
  /** Told each step that takes a while, and everything the person should know. */
  readonly log: (message: string) => void;
  /** Where data and programs may lie if the database's account cannot enter `dataDir` or node_modules. */
  readonly sharedFolders?: readonly string[];
  /** Default 200. */
  readonly maxConnections?: number;
  /** In place of PostgreSQL's own defaults, e.g. `shared_buffers`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Added to the environment of the server, which otherwise has next to nothing of ours. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server of our own. */
export interface EmbeddedPostgres {
  /** Connects as the superuser, to the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  /** PostgreSQL's own data directory. */
  readonly dataDir: string;
  /** Resolves with the reason when the server ends, also when nobody asked it to. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

const PROGRAM = 'postgres';
/** Recovery after a crash replays at most the default `max_wal_size` of 1 GB. */
const READY_TIMEOUT_MS = 120_000;
/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (https://www.postgresql.org/docs/18/server-shutdown.html). */
const STOP_POLICY: StopPolicy = { askSignal: 'SIGINT', insistSignal: 'SIGQUIT', timeoutMs: 30_000 };

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
/** A killed server still loses nothing, so `synchronous_commit` stays on. */
const UNSAFE_BUT_FAST = ['fsync=off', 'full_page_writes=off'];

/**
 * Starts PostgreSQL 18 from npm on `dataDir`, for Linux; resolves when it accepts connections, on
 * 127.0.0.1 only. Works as root (the server then runs as another account) and as any user. What a
 * killed launcher left running on the same data is stopped first.
 *
 * @throws EmbeddedServiceError with what to do about it.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, durable, log, sharedFolders = SHARED_FOLDERS } = options;
  const location = locateCluster(dataDir, sharedFolders, log);
  const lock = lockCluster(location);
  try {
    await stopOrphans({ directory: location.clusterDir, program: PROGRAM, policy: STOP_POLICY, log });
    removeStalePidFile(location.clusterDir);
    const binaries = findPostgresBinaries(location.account, sharedFolders, log);
    const password = prepareCluster({
      location,
      binaries,
      passwordFile: join(dataDir, 'password'),
      durable,
    });
    const { server, port } = await launch(options, location, binaries);
    return {
      adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      port,
      dataDir: location.clusterDir,
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
 * Deletes a data folder of {@link startPostgres} with all that belongs to it, wherever it lies.
 *
 * @throws EmbeddedServiceError while somebody runs it.
 */
export async function removePostgres({
  dataDir,
  log,
  sharedFolders = SHARED_FOLDERS,
}: Pick<PostgresOptions, 'dataDir' | 'log' | 'sharedFolders'>): Promise<void> {
  const location = locateCluster(dataDir, sharedFolders, log);
  lockCluster(location);
  await stopOrphans({ directory: location.clusterDir, program: PROGRAM, policy: STOP_POLICY, log });
  rmSync(location.home, { recursive: true });
  rmSync(dataDir, { recursive: true, force: true });
}

function lockCluster({ home }: PostgresLocation): OwnerLock {
  return takeOwnership(join(home, 'owner.lock'), 'PostgreSQL');
}

async function launch(
  { dataDir, durable, maxConnections = 200, settings = {}, environment = {} }: PostgresOptions,
  { clusterDir, account }: PostgresLocation,
  binaries: PostgresBinaries,
): Promise<{ server: SpawnedServer; port: number }> {
  const all = [
    ...SETTINGS,
    `max_connections=${maxConnections}`,
    ...(durable ? [] : UNSAFE_BUT_FAST),
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
  ];
  return launchOnKeptPort({
    service: 'PostgreSQL',
    portFile: join(dataDir, 'port'),
    readyTimeoutMs: READY_TIMEOUT_MS,
    spawn: (port) =>
      spawnServer({
        program: binaries.postgres,
        args: ['-D', clusterDir, '-p', String(port), ...all.flatMap((setting) => ['-c', setting])],
        account,
        logFile: join(dataDir, 'postgres.log'),
        stopPolicy: STOP_POLICY,
        environment,
      }),
    isReady: ({ pid }) => isReady(clusterDir, pid),
  });
}
