import { z } from 'zod';
import { type MasterKeyConfig, masterKeyShape, masterKeysOf } from '../domain/open-foundations';
import { KeyRotation, type RotationProgress } from '../domain/tenancy/key-rotation';
import { openDataSource } from '../tenants/data-source';
import { SecretBox } from '../tenants/secrets/secret-box';
import { SystemDatabase } from '../tenants/system-database';
import { TenantDatabase } from '../tenants/tenant-database';

/** What `rotate-keys` reads from its environment: the same names as every process. */
export const rotationConfigSchema = z.object({
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url(),
  /** Connects as `colophon_system`. */
  SYSTEM_DATABASE_URL: z.url(),
  ...masterKeyShape,
});

type RotationConfig = MasterKeyConfig & Pick<z.output<typeof rotationConfigSchema>, DatabaseUrl>;
type DatabaseUrl = 'APP_DATABASE_URL' | 'SYSTEM_DATABASE_URL';

/**
 * Puts every secret of a database under the current master key.
 *
 * @throws MasterKeyMissingError if a secret's key is among neither; a later run goes on where this one ended.
 */
export async function rotateKeys(
  config: RotationConfig,
  report: (progress: RotationProgress) => void,
): Promise<RotationProgress> {
  const settings = { poolSize: 1, applicationName: 'colophon-rotate-keys' };
  const app = await openDataSource({ url: config.APP_DATABASE_URL, ...settings });
  try {
    const system = await openDataSource({ url: config.SYSTEM_DATABASE_URL, ...settings });
    try {
      const box = new SecretBox(masterKeysOf(config));
      return await new KeyRotation(new SystemDatabase(system), new TenantDatabase(app), box).run(report);
    } finally {
      await system.destroy();
    }
  } finally {
    await app.destroy();
  }
}
