import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueryRunner } from 'typeorm';
import { migrateDatabase, urlOf, withClient } from '../../cli/database';
import { type EmbeddedPostgres, startPostgres } from '../../cli/embedded/postgres';
import { migrations } from '../../migrations';
import { BothBridges1700000000010 } from '../../migrations/0010-both-bridges';
import { WatchLanes1700000000011 } from '../../migrations/0011-watch-lanes';
import { APP_ROLE, SYSTEM_ROLE } from '../../migrations/sql';
import { makeFolder } from '../support/launcher-clone';

const GATEWAY = `0x${'1'.repeat(40)}`;
const LANES = `0x${'2'.repeat(40)}`;
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

test('migrations that fill tables reach the rows of every tenant, though the wall binds their owner', async () => {
  const asShopAdmin = (sql: string) =>
    withClient(urlOf(postgres.adminUrl, { database: 'shop' }), (client) => client.query(sql));
  await asShopAdmin(`
    with tenant as (insert into tenants (name) values ('t') returning tenant_id),
    project as (
      insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
      select tenant_id, 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l' from tenant returning tenant_id, id
    ), registry as (
      insert into registries (tenant_id, id, project_id, name, symbol, home_chain_id, chain_ids, owner, manifest, contracts)
      select tenant_id, gen_random_uuid(), id, 'r', 'R', 'eip155:1', '{}', 'o', '{}',
             '[{"chainId": "eip155:1", "gateway": "${GATEWAY}", "lanes": "${LANES}"}]' from project
      returning tenant_id, id, project_id
    ), watch as (
      insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
      select tenant_id, 'eip155:1', decode('${GATEWAY.slice(2)}', 'hex'), id, 7 from registry
    ), mint as (
      insert into mints (tenant_id, registry_id) select tenant_id, id from registry returning tenant_id, id, registry_id
    ), work as (
      insert into works (tenant_id, project_id, registry_id, mint_id, first_holder, document, document_hash, metadata)
      select r.tenant_id, r.project_id, r.id, m.id, 'h', '{}', '0x', '{}' from registry r, mint m
      returning tenant_id, registry_id, id
    )
    insert into dispatches (tenant_id, registry_id, work_id, kind, origin, source_chain_id, destination_chain_id,
                            lane_choice, transport, message_id, hop)
    select tenant_id, registry_id, id, 'WORK', 'PLATFORM', 'eip155:1', 'eip155:2', 'CCIP', 'CCIP', '0xm1', 1 from work`);
  await withClient(ownerUrl, async (owner) => {
    // CAST: a migration only asks.
    const runner = { query: (sql: string) => owner.query(sql) } as unknown as QueryRunner;
    const migration = new BothBridges1700000000010();
    await migration.down(runner);
    await migration.up(runner);
    await new WatchLanes1700000000011().up(runner);
  });
  const { rows } = await asShopAdmin('select messages from dispatches');
  expect(rows).toEqual([{ messages: [{ transport: 'CCIP', messageId: '0xm1' }] }]);
  const watches = await asShopAdmin(
    "select encode(address, 'hex') as address, from_block from watched_addresses order by address",
  );
  expect(watches.rows).toEqual(
    [GATEWAY, LANES].map((address) => ({ address: address.slice(2), from_block: '7' })),
  );
  const { rows: walls } = await asShopAdmin(
    `select relname, relforcerowsecurity as forced from pg_class
      where relname in ('dispatches', 'registries', 'watched_addresses') order by relname`,
  );
  expect(walls).toEqual(
    ['dispatches', 'registries', 'watched_addresses'].map((relname) => ({ relname, forced: true })),
  );
});

test.each(['superuser', 'bypassrls'])('a role with %s is refused', async (attribute) => {
  await asAdmin(`alter role ${APP_ROLE} ${attribute}`);
  await expect(migrateDatabase(ownerUrl, FIRST)).rejects.toThrow('passes over row security');
  await asAdmin(`alter role ${APP_ROLE} no${attribute}`);
});
