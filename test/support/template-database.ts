import { randomBytes } from 'node:crypto';
import { migrateDatabase, urlOf, withClient } from '../../cli/database';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import type { ServiceUrls } from './service-urls';

export { urlOf, withClient };

export const TEMPLATE_DATABASE = 'colophon_template';

/** Makes the roles, and a database with all migrations that each test file's own is cloned from. */
export async function createTemplateDatabase(adminUrl: string): Promise<Omit<ServiceUrls, 'redisUrl'>> {
  const passwords = { app: randomBytes(16).toString('hex'), system: randomBytes(16).toString('hex') };
  await withClient(adminUrl, (client) => client.query(`create database ${TEMPLATE_DATABASE}`));
  await migrateDatabase(urlOf(adminUrl, { database: TEMPLATE_DATABASE }), passwords);
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
