import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { SigningKey } from '../../domain/export/archive/signing-key';
import type { TenantId } from '../../schema/ids';
import { tenantIdSchema } from '../../schema/ids';
import { CommandError, UsageError } from '../cli-errors';
import { hasCode } from '../embedded/system-errors';
import { readConnection } from '../start/connection';
import { exportKeyFileOf } from '../start/data-folder';
import type { ExportCommand } from './export-arguments';

/** Where an export reads, whom, and what signs it. */
export interface ExportSource {
  readonly databaseUrl: string;
  readonly tenantId: TenantId;
  readonly key: SigningKey;
}

const environmentSchema = z.object({
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url().optional(),
  /** An Ed25519 key (PKCS #8 in PEM). */
  EXPORT_KEY_FILE: z.string().min(1).optional(),
});

/**
 * The deployment of the environment or, without one, the start that runs on the data folder.
 *
 * @throws {@link UsageError}, {@link CommandError} that say what is missing.
 */
export function findSource(
  { tenantId, dataDir }: ExportCommand,
  env: Readonly<Record<string, string | undefined>>,
): ExportSource {
  const { APP_DATABASE_URL, EXPORT_KEY_FILE } = environmentSchema.parse(env);
  if (APP_DATABASE_URL !== undefined) {
    if (EXPORT_KEY_FILE === undefined)
      throw new CommandError('EXPORT_KEY_FILE is missing: the key that signs. See docs/exit-kit.md.');
    if (tenantId === undefined) throw new UsageError('export needs --tenant ID.');
    return { databaseUrl: APP_DATABASE_URL, tenantId, key: readKey(EXPORT_KEY_FILE) };
  }
  const connection = readConnection(dataDir);
  if (connection === undefined)
    throw new CommandError(
      `No start runs on ${dataDir}. Start it, or set APP_DATABASE_URL and EXPORT_KEY_FILE.`,
    );
  return {
    databaseUrl: connection.appDatabaseUrl,
    tenantId: tenantId ?? tenantIdSchema.parse(connection.tenantId),
    key: readKey(EXPORT_KEY_FILE ?? exportKeyFileOf(dataDir)),
  };
}

function readKey(file: string): SigningKey {
  try {
    return SigningKey.fromPem(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'EACCES', 'EISDIR'))
      throw new CommandError(`The key file ${file} cannot be read.`, { cause });
    // The cause stays out of what is shown: OpenSSL may quote what it read.
    throw new CommandError(
      `${file} holds no Ed25519 key in PEM. openssl genpkey -algorithm ed25519 makes one.`,
    );
  }
}
