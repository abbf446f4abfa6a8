import { randomUUID } from 'node:crypto';
import { DatabaseError } from 'pg';
import { readServiceUrls } from './service-urls';
import { TEMPLATE_DATABASE, urlOf, withClient } from './template-database';

/** https://www.postgresql.org/docs/18/errcodes-appendix.html */
const OBJECT_IN_USE = '55006';

/** A migrated database of one test file's own. */
export interface TestDatabase {
  /** Its owner, a superuser that row policies do not bind: for arranging and inspecting only. */
  readonly adminUrl: string;
  /** The application's role: what a test exercises connects as this. */
  readonly appUrl: string;
  /** The narrow role of work that belongs to no tenant. */
  readonly systemUrl: string;
  /** Drops it, whoever is still connected. Call it in `afterAll`. */
  drop(): Promise<void>;
}

/** Clones a database from the migrated template; call it in `beforeAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, appUrl, systemUrl } = readServiceUrls();
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(adminUrl, (client) =>
    client.query(`create database ${database} template ${TEMPLATE_DATABASE}`),
  );
  return {
    adminUrl: urlOf(adminUrl, { database }),
    appUrl: urlOf(appUrl, { database }),
    systemUrl: urlOf(systemUrl, { database }),
    async drop() {
      await withClient(adminUrl, async (client) => {
        try {
          // Waits five seconds for the connections of pools, which say that they have ended before those have: one that is
          // cut meanwhile fails whatever test runs by then.
          await client.query(`drop database ${database}`);
        } catch (error) {
          if (!(error instanceof DatabaseError) || error.code !== OBJECT_IN_USE) throw error;
          await client.query(`drop database ${database} with (force)`);
        }
      });
    },
  };
}
