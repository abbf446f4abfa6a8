import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SigningKey } from '../../domain/export/archive/signing-key';
import type { RolePasswords } from '../../migrations/roles';
import { ProcessRegistry } from '../../test/devnet/process-registry';
import { CommandError } from '../cli-errors';
import { findOwner, takeOwnership } from '../embedded/owner-lock';
import { removePostgres } from '../embedded/postgres';
import { removeRedis } from '../embedded/redis';
import { createSecret, readSecret } from '../embedded/secret-file';
import { removeConnection } from './connection';

/** What a start keeps on disk, and where. */
export interface DataFolder {
  /** Canonical. */
  readonly dir: string;
  readonly postgresDir: string;
  readonly redisDir: string;
  readonly devnetDir: string;
  readonly chainsFile: string;
  readonly demoTenantFile: string;
  readonly logFile: string;
}

/** What a data folder is known by: the first file that a start makes in it. */
const MASTER_KEY_FILE = 'master-key';
const PREVIOUS_MASTER_KEYS_FILE = 'previous-master-keys';
const EXPORT_KEY_FILE = 'export-key.pem';

/** Secrets that are made once per data folder, each in a file that only this user may read. */
export interface FolderSecrets {
  /** 32 bytes in hex; encrypts the tenants' keys. */
  readonly masterKey: string;
  /** Earlier ones, one a line, which a person has put there to change the master key. */
  readonly previousMasterKeys: readonly string[];
  readonly operatorKey: string;
  readonly rolePasswords: RolePasswords;
}

/** The process that runs a start on this data folder, or undefined if none does. */
export function findRunningStart(dataDir: string): number | undefined {
  return findOwner(lockFileOf(dataDir));
}

/**
 * Takes a data folder for this process, making it if need be.
 *
 * @param fresh - Removes first what an earlier start has kept in it; anything else in it stays.
 * @throws EmbeddedServiceError while another process runs it; {@link CommandError} if `fresh` is asked for a folder
 * that no start has made.
 */
export async function openDataFolder(
  dataDir: string,
  { fresh, log }: { fresh: boolean; log: (message: string) => void },
): Promise<{ folder: DataFolder; release(): void }> {
  mkdirSync(dataDir, { recursive: true });
  const folder = layOut(realpathSync(dataDir));
  const hasData = existsSync(join(folder.dir, MASTER_KEY_FILE));
  if (fresh && !hasData) refuseForeign(folder.dir);
  const lock = takeOwnership(lockFileOf(folder.dir), 'Colophon');
  try {
    if (fresh && hasData) await clear(folder, log);
    mkdirSync(folder.devnetDir, { recursive: true });
    return { folder, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The folder's secrets, made if they are not there yet. */
export function folderSecrets({ dir }: DataFolder): FolderSecrets {
  const keep = (name: string, secret?: string) =>
    readSecret(join(dir, name)) ?? createSecret(join(dir, name), secret);
  const secrets = {
    masterKey: keep(MASTER_KEY_FILE, randomBytes(32).toString('hex')),
    previousMasterKeys: (readSecret(join(dir, PREVIOUS_MASTER_KEYS_FILE)) ?? '')
      .split('\n')
      .filter((line) => line !== ''),
    operatorKey: keep('operator-key'),
    rolePasswords: { app: keep('app-role-password'), system: keep('system-role-password') },
  };
  // Read by exports alone.
  keep(EXPORT_KEY_FILE, SigningKey.generatePem().trim());
  return secrets;
}

/** The key that signs exports; made with the other secrets. */
export function exportKeyFileOf(dataDir: string): string {
  return join(dataDir, EXPORT_KEY_FILE);
}

function lockFileOf(dir: string): string {
  return join(dir, 'owner.lock');
}

/** Where a start keeps what, in its folder. */
export function layOut(dir: string): DataFolder {
  return {
    dir,
    postgresDir: join(dir, 'postgres'),
    redisDir: join(dir, 'redis'),
    devnetDir: join(dir, 'devnet'),
    chainsFile: join(dir, 'chains.json'),
    demoTenantFile: join(dir, 'demo-tenant.json'),
    logFile: join(dir, 'colophon.log'),
  };
}

/** A mistyped `--data` must not cost anybody a folder that happens to hold a `redis` or a `postgres`. */
function refuseForeign(dir: string): void {
  if (readdirSync(dir).length === 0) return;
  throw new CommandError(`${dir} holds files and was not made by a start, so --fresh removes nothing there.`);
}

async function clear(folder: DataFolder, log: (message: string) => void): Promise<void> {
  log(`Removing the data in ${folder.dir}.`);
  if (existsSync(folder.postgresDir)) await removePostgres({ dataDir: folder.postgresDir, log });
  await removeRedis({ dataDir: folder.redisDir, log });
  if (existsSync(folder.devnetDir)) {
    await ProcessRegistry.claim(folder.devnetDir);
    rmSync(folder.devnetDir, { recursive: true });
  }
  const files = [folder.chainsFile, folder.demoTenantFile, folder.logFile];
  const secrets = [
    'operator-key',
    'app-role-password',
    'system-role-password',
    PREVIOUS_MASTER_KEYS_FILE,
    EXPORT_KEY_FILE,
  ];
  for (const file of [...files, ...secrets.map((name) => join(folder.dir, name))])
    rmSync(file, { force: true });
  removeConnection(folder.dir);
  // Last: a removal that was cut short can be asked for again.
  rmSync(join(folder.dir, MASTER_KEY_FILE), { force: true });
}
