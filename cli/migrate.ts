import { z } from 'zod';
import { migrateDatabase } from './database';

export const migrateConfigSchema = z.object({
  /** Connects as the owner of the database, with CREATEROLE. */
  DATABASE_URL: z.url(),
  /** What the role colophon_app is to log in with. */
  APP_ROLE_PASSWORD: z.string().min(16),
  /** What the role colophon_system is to log in with. */
  SYSTEM_ROLE_PASSWORD: z.string().min(16),
});

/** `migrate`: roles and tables, then ends. */
export async function runMigrate(env: NodeJS.ProcessEnv, print: (line: string) => void): Promise<void> {
  const { DATABASE_URL, APP_ROLE_PASSWORD, SYSTEM_ROLE_PASSWORD } = migrateConfigSchema.parse(env);
  const count = await migrateDatabase(DATABASE_URL, { app: APP_ROLE_PASSWORD, system: SYSTEM_ROLE_PASSWORD });
  print(count === 0 ? 'The tables are up to date.' : `${count} migrations were run.`);
}
