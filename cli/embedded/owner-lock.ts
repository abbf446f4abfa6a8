import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { EmbeddedServiceError } from './embedded-errors';
import { isRunning, processIdentity } from './processes';
import { hasCode } from './system-errors';

/** Says that this process, and no other, runs the service of a folder. */
export interface OwnerLock {
  release(): void;
}

/**
 * Takes a folder for this process, so that a second start does not mistake a living server for an
 * orphan. A lock whose owner has ended is taken over.
 *
 * The lock is a symbolic link to the owner's identity: made and filled in one step.
 *
 * @throws {@link EmbeddedServiceError} while its owner runs.
 */
export function takeOwnership(lockFile: string, service: string): OwnerLock {
  const own = processIdentity(process.pid);
  if (own === undefined) throw new Error('this process is not listed in /proc');

  const pid = findOwner(lockFile);
  if (pid !== undefined) {
    throw new EmbeddedServiceError(
      `${service} of this data folder is already run by process ${pid} (${lockFile}). ` +
        'Stop that process first, or choose another data folder.',
      { context: { pid } },
    );
  }
  rmSync(lockFile, { force: true });
  symlinkSync(own, lockFile);
  return { release: () => rmSync(lockFile, { force: true }) };
}

/** The process that runs the service of a folder, or undefined if none does. */
export function findOwner(lockFile: string): number | undefined {
  const holder = readHolder(lockFile);
  return holder !== undefined && isRunning(holder) ? Number.parseInt(holder, 10) : undefined;
}

function readHolder(lockFile: string): string | undefined {
  try {
    return readlinkSync(lockFile);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
