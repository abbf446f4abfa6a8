import { Client } from 'pg';
import { migrations } from '../migrations';
import { ensureRoles, type RolePasswords } from '../migrations/roles';
import { openDataSource } from '../tenants/data-source';

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server's URL with other credentials or another database. */
export function urlOf(
  serverUrl: string,
  { username, password, database }: { username?: string; password?: string; database?: string },
): string {
  const url = new URL(serverUrl);
  if (username !== undefined) url.username = username;
  if (password !== undefined) url.password = password;
  if (database !== undefined) url.pathname = `/${database}`;
  return url.href;
}

/**
 * Gives the two login roles these passwords, making them if need be, and brings the tables up to date.
 * Running it again changes nothing.
 *
 * @param ownerUrl - Connects as the database's owner, with CREATEROLE; the processes never do.
 * @returns How many migrations were run.
 */
export async function migrateDatabase(ownerUrl: string, passwords: RolePasswords): Promise<number> {
  await withClient(ownerUrl, (owner) => ensureRoles(owner, passwords));
  const dataSource = await openDataSource(
    { url: ownerUrl, poolSize: 1, applicationName: 'colophon-migrate' },
    { migrations },
  );
  try {
    return (await dataSource.runMigrations()).length;
  } finally {
    await dataSource.destroy();
  }
}
