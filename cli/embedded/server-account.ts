import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { EmbeddedServiceError } from './embedded-errors';
import { hasCode } from './system-errors';

/** An account to run a server as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that PostgreSQL must run as when we are root, which it refuses to be: the owner of
 * existing data, else `postgres`, else `nobody`. Undefined when we are not root and need none.
 *
 * @throws {@link EmbeddedServiceError} when the machine has neither account, or the data is somebody else's.
 */
export function serverAccount(clusterDir: string): ServerAccount | undefined {
  const self = process.geteuid?.();
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (self !== 0) {
    if (owner === undefined || owner.uid === self) return undefined;
    throw new EmbeddedServiceError(
      `The database in ${clusterDir} belongs to another account (uid ${owner.uid}). ` +
        'Start as that account or as root, or choose another data folder.',
    );
  }
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };

  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':')); // name:password:uid:gid:… of passwd(5)
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find(([name]) => name === wanted) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedServiceError(
    'PostgreSQL may not run as root, and this machine has neither an account "postgres" nor "nobody". ' +
      'Start as another user, or set DATABASE_URL.',
  );
}

/** True when the account can enter a folder. Asked of the system, which knows of ACLs and mounts as well. */
export function canEnter(folder: string, account: ServerAccount | undefined): boolean {
  return succeedsAs(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', folder]);
}

/** True when the account can run a program. */
export function canRun(program: string, account: ServerAccount | undefined): boolean {
  return succeedsAs(account, program, ['--version']);
}

function succeedsAs(account: ServerAccount | undefined, program: string, args: string[]): boolean {
  const { status, error } = spawnSync(program, args, { ...account, cwd: '/', stdio: 'ignore' });
  if (account !== undefined && hasCode(error, 'EPERM')) {
    throw new EmbeddedServiceError(
      `PostgreSQL may not run as root, and this root may not switch to another account (uid ${account.uid}). ` +
        'Start as another user, or set DATABASE_URL.',
      { cause: error },
    );
  }
  return status === 0;
}
