import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase, urlOf, withClient } from '../../cli/database';
import { type EmbeddedPostgres, startPostgres } from '../../cli/embedded/postgres';
import { migrations } from '../../migrations';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { makeFolder } from '../support/launcher-clone';

const OWNER = { username: 'owner', password: 'owner-password', database: 'shop' };
const FIRST = { app: 'first-app-password', system: 'first-system-password' };
const SECOND = { app: 'second-app-password', system: 'second-system-password' };

let folder: string;
let postgres: EmbeddedPostgres;
let ownerUrl: string;

// Roles belong to a server, so this file has one of its own.
beforeAll(async () => {
  folder = makeFolder(mkdtempSync(join(tmpdir(), 'colophon-roles-')), 0o711);
  postgres = await startPostgres({ dataDir: folder, durable: false, log: () => undefined });
  ownerUrl = urlOf(postgres.adminUrl, OWNER);
  await asAdmin("create role owner login createrole password 'owner-password'");
  await asAdmin('create database shop owner owner');
});

afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const asAdmin = (sql: string) => withClient(postgres.adminUrl, (client) => client.query(sql));

async function logsIn(username: string, password: string): Promise<boolean> {
  const url = urlOf(postgres.adminUrl, { username, password, database: 'shop' });
  return withClient(url, () => Promise.resolve(true)).catch(() => false);
}

test('an owner without SUPERUSER migrates, and again with other passwords', async () => {
  expect(await migrateDatabase(ownerUrl, FIRST)).toBe(migrations.length);
  expect(await migrateDatabase(ownerUrl, SECOND)).toBe(0);
  expect(await logsIn(APP_ROLE, SECOND.app)).toBe(true);
  expect(await logsIn(SYSTEM_ROLE, SECOND.system)).toBe(true);
  expect(await logsIn(APP_ROLE, FIRST.app)).toBe(false);
});

test.each(['superuser', 'bypassrls'])('a role with %s is refused', async (attribute) => {
  await asAdmin(`alter role ${APP_ROLE} ${attribute}`);
  await expect(migrateDatabase(ownerUrl, FIRST)).rejects.toThrow('passes over row security');
  await asAdmin(`alter role ${APP_ROLE} no${attribute}`);
});
