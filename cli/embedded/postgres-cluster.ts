import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-errors';
import type { PostgresBinaries } from './postgres-binaries';
import type { PostgresLocation } from './postgres-location';
import { createSecret, readSecret } from './secret-file';
import { SERVER_ENVIRONMENT } from './spawned-server';
import { hasCode } from './system-errors';

interface ClusterSetup {
  readonly location: PostgresLocation;
  readonly binaries: PostgresBinaries;
  /** Keeps the superuser's password. */
  readonly passwordFile: string;
  readonly durable: boolean;
}

/**
 * Makes the cluster if there is none, under another name first, so that a kill in between leaves
 * nothing half made. Answers the superuser's password.
 *
 * @throws {@link EmbeddedServiceError} if `initdb` fails, or a cluster's password is lost.
 */
export function prepareCluster({ location, binaries, passwordFile, durable }: ClusterSetup): string {
  const known = readSecret(passwordFile);
  if (existsSync(location.clusterDir)) {
    if (known !== undefined) return known;
    throw new EmbeddedServiceError(
      `The database in ${location.clusterDir} has lost its password file ${passwordFile}. ` +
        'Bring the file back, or start afresh.',
    );
  }
  const password = known ?? createSecret(passwordFile);
  const unfinished = `${location.clusterDir}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (location.account) chownSync(unfinished, location.account.uid, location.account.gid);
  initialise(unfinished, password, { location, binaries, durable });
  renameSync(unfinished, location.clusterDir);
  return password;
}

function initialise(
  directory: string,
  password: string,
  { location, binaries, durable }: Pick<ClusterSetup, 'location' | 'binaries' | 'durable'>,
): void {
  // initdb takes the password from a file only, which its own account must be able to read.
  const passwordCopy = join(location.home, 'initdb-password');
  rmSync(passwordCopy, { force: true });
  writeFileSync(passwordCopy, password, { mode: 0o600, flag: 'wx' });
  try {
    if (location.account) chownSync(passwordCopy, location.account.uid, location.account.gid);
    const args = ['-D', directory, '-U', 'postgres', `--pwfile=${passwordCopy}`, '--auth=scram-sha-256'];
    args.push('-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C');
    if (!durable) args.push('--no-sync');
    const { status, error, stderr } = spawnSync(binaries.initdb, args, {
      ...location.account,
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new EmbeddedServiceError(
        `PostgreSQL could not make its data in ${directory}: ${error?.message ?? stderr.trim()}`,
      );
    }
  } finally {
    rmSync(passwordCopy, { force: true });
  }
}

/** The file by which PostgreSQL tells about itself: lines as in its source, src/include/utils/pidfile.h (18.0). */
const PID_FILE = 'postmaster.pid';

/**
 * Removes what a killed server said about itself. Its pid may by now belong to somebody else, in
 * which case PostgreSQL would refuse to start. Only safe when no process works in the directory.
 */
export function removeStalePidFile(clusterDir: string): void {
  rmSync(join(clusterDir, PID_FILE), { force: true });
}

/** True once this very server accepts connections: line 1 is its pid, line 8 its state. */
export function isReady(clusterDir: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(clusterDir, PID_FILE), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
