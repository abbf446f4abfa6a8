import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-errors';
import { canEnter, type ServerAccount, serverAccount } from './server-account';
import { sharedFolder } from './shared-folder';

/** Where the database of a data folder lies, and who runs it. */
export interface PostgresLocation {
  /** Holds the cluster and its lock; canonical. The data folder itself, unless the account cannot enter that. */
  readonly home: string;
  /** PostgreSQL's own data directory. */
  readonly clusterDir: string;
  readonly account: ServerAccount | undefined;
}

/**
 * Decides once where the cluster lies. If the database's account cannot enter the data folder, that
 * is a new folder elsewhere, and the file `cluster-location` in the data folder says which.
 *
 * @throws {@link EmbeddedServiceError} if the noted folder is gone, or an existing cluster can no longer be entered.
 */
export function locateCluster(
  dataDir: string,
  sharedFolders: readonly string[],
  log: (message: string) => void,
): PostgresLocation {
  mkdirSync(dataDir, { recursive: true });
  const home = realpathSync(chooseHome(dataDir, sharedFolders));
  const clusterDir = join(home, 'cluster');
  if (home !== realpathSync(dataDir))
    log(`The database lies in ${clusterDir}, where its account can reach it.`);
  return { home, clusterDir, account: serverAccount(clusterDir) };
}

function chooseHome(dataDir: string, sharedFolders: readonly string[]): string {
  const pointerFile = join(dataDir, 'cluster-location');
  if (existsSync(pointerFile)) return notedHome(pointerFile);

  const account = serverAccount(join(dataDir, 'cluster'));
  if (canEnter(dataDir, account)) return dataDir;
  if (existsSync(join(dataDir, 'cluster')) || account === undefined) {
    throw new EmbeddedServiceError(
      `The database's account cannot enter ${dataDir} any more. ` +
        'Let it (chmod o+x on that folder and those above), or choose another data folder.',
    );
  }
  const home = mkdtempSync(join(sharedFolder(account, sharedFolders), 'postgres-'));
  chmodSync(home, 0o711);
  writeFileSync(pointerFile, `${home}\n`, { flag: 'wx' });
  return home;
}

function notedHome(pointerFile: string): string {
  const home = readFileSync(pointerFile, 'utf8').trim();
  if (existsSync(home)) return home;
  throw new EmbeddedServiceError(
    `The database lay in ${home} (${pointerFile} says so), and that folder is gone. Bring it back, or start afresh.`,
  );
}
