import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-errors';
import { canEnter, type ServerAccount } from './server-account';
import { hasCode } from './system-errors';

/** Where root may lay what another account must reach, best first; the second does not survive every reboot. */
export const SHARED_FOLDERS: readonly string[] = ['/var/lib/colophon', join(tmpdir(), 'colophon')];

/**
 * Makes and answers the first of `candidates` that the account can enter.
 *
 * A folder that somebody else owns or may write to is passed over: what lies in it is run, and
 * names under the temporary folder can be taken beforehand by anyone.
 *
 * @throws {@link EmbeddedServiceError} if none will do.
 */
export function sharedFolder(account: ServerAccount, candidates: readonly string[]): string {
  const folder = candidates.find((candidate) => makeOwnFolder(candidate) && canEnter(candidate, account));
  if (folder !== undefined) return folder;
  throw new EmbeddedServiceError(
    `The database's account (uid ${account.uid}) can enter neither this folder nor ${candidates.join(' nor ')}. ` +
      'Let it enter one of them (chmod o+x on it and the folders above), or set DATABASE_URL.',
  );
}

function makeOwnFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (hasCode(error, 'EEXIST', 'ENOTDIR', 'EACCES', 'EROFS', 'EPERM')) return false;
    throw error;
  }
  const { uid, mode } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || uid !== process.geteuid?.() || (mode & 0o022) !== 0) return false;
  chmodSync(folder, 0o711);
  return true;
}
