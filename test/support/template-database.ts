import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrations } from '../../migrations';
import { ensureRoles } from '../../migrations/roles';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { openDataSource } from '../../tenants/data-source';
import type { ServiceUrls } from './service-urls';

export const TEMPLATE_DATABASE = 'colophon_template';

/** Makes the roles, and a database with all migrations that each test file's own is cloned from. */
export async function createTemplateDatabase(adminUrl: string): Promise<Omit<ServiceUrls, 'redisUrl'>> {
  const passwords = { app: randomBytes(16).toString('hex'), system: randomBytes(16).toString('hex') };
  await withClient(adminUrl, async (client) => {
    await ensureRoles(client, passwords);
    await client.query(`create database ${TEMPLATE_DATABASE}`);
  });

  const url = urlOf(adminUrl, { database: TEMPLATE_DATABASE });
  const dataSource = await openDataSource(
    { url, poolSize: 1, applicationName: 'test-setup' },
    { migrations },
  );
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
  // A stray connection to the template would make every later clone fail.
  await withClient(adminUrl, (client) =>
    client.query(`alter database ${TEMPLATE_DATABASE} with is_template true allow_connections false`),
  );
  return {
    adminUrl,
    appUrl: urlOf(adminUrl, { username: APP_ROLE, password: passwords.app }),
    systemUrl: urlOf(adminUrl, { username: SYSTEM_ROLE, password: passwords.system }),
  };
}

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
