import type { Client } from 'pg';
import { AdvisoryLeaderLock } from '../../domain/chain-state/follower-lock';
import { composeRebuild } from '../../domain/rebuild/compose-rebuild';
import { DERIVED_TABLES, type DerivedTable } from '../../domain/rebuild/derived-tables';
import type { RebuildReport } from '../../domain/rebuild/rebuild-service';
import { type RegistryComparison, RegistryState } from '../../domain/rebuild/record-rebuilder';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { OwnerDatabase } from '../../tenants/owner-database';
import { withClient } from './template-database';
import type { TravelHarness } from './travel';
import { ALL_CHAINS, until } from './travel-steps';

/** Compares everything with the chains, once workers have projected what followers brought. */
export async function rebuiltReport(harness: TravelHarness): Promise<RebuildReport> {
  const { service } = composeRebuild(harness.foundations);
  return until('no projection waits', async () => {
    const report = await service.compare(ALL_CHAINS, () => undefined);
    const waits = report.registries.some(({ state }) => state === RegistryState.Behind);
    return waits ? undefined : report;
  });
}

/** Only what differs: empty if all is as the chains say. */
export function differencesOf({ chains, registries }: RebuildReport) {
  return [...chains, ...registries].flatMap(({ tables }) =>
    tables.filter(({ differences }) => differences > 0),
  );
}

/** Compares one registry in a transaction in which everything may be broken; nothing of it stays. */
async function withBrokenRecord<T>(
  harness: TravelHarness,
  { tenantId, registryId }: { readonly tenantId: TenantId; readonly registryId: RegistryId },
  work: (admin: Client, compare: () => Promise<RegistryComparison>) => Promise<T>,
): Promise<T> {
  const { records } = composeRebuild(harness.foundations);
  return withClient(harness.database.adminUrl, async (admin) => {
    await admin.query(`begin isolation level repeatable read; set local session_replication_role = replica;
                       select set_config('app.tenant_id', '${tenantId}', true)`);
    const { rows } = await admin.query<{ statement: string }>(
      `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
         from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace`,
    );
    for (const { statement } of rows) await admin.query(statement);
    const manager = {
      query: async <Rows>(sql: string, values?: unknown[]) =>
        // CAST: as the statement's author says.
        (await admin.query(sql, values)).rows as Rows,
    };
    return work(admin, async () => {
      await admin.query('savepoint before');
      const comparison = await records.compare({ tenantId, manager }, registryId);
      await admin.query('rollback to before');
      return comparison;
    });
  });
}

const FLIPPED: Readonly<Record<string, (column: string) => string>> = {
  text: (column) => `coalesce(${column}, '') || '!'`,
  boolean: (column) => `not ${column}`,
  integer: (column) => `coalesce(${column}, 0) + 1000`,
  bigint: (column) => `coalesce(${column}, 0) + 1000`,
  numeric: (column) => `coalesce(${column}, 0) + 1000`,
  uuid: () => 'gen_random_uuid()',
  jsonb: (column) => `jsonb_build_object('flipped', ${column})`,
  'timestamp with time zone': (column) => `coalesce(${column}, now()) + interval '1 second'`,
  'text[]': (column) => `${column} || array['flipped']`,
};

/** Changes one column of one row of a registry. @throws Error if it has none. */
async function flip(
  admin: Client,
  { table, ofRegistry }: DerivedTable,
  column: string,
  { tenantId, registryId }: { readonly tenantId: TenantId; readonly registryId: RegistryId },
): Promise<void> {
  const { rows } = await admin.query<{ type: string }>(
    'select format_type(atttypid, null) as type from pg_attribute where attrelid = to_regclass($1) and attname = $2',
    [table, column],
  );
  const flipped = FLIPPED[rows[0]?.type ?? ''];
  if (flipped === undefined) throw new Error(`${table}.${column} is of a type that is not flipped yet`);
  // Of a work that was never revised no chain tells the metadata, nor that no revision was refused.
  const first = table === 'works' ? 't.revision desc, t.ctid' : 't.ctid';
  const { rowCount } = await admin.query(
    `update ${table} set ${column} = ${flipped(column)}
      where ctid = (select t.ctid from ${table} t where ${ofRegistry} order by ${first} limit 1)`,
    [tenantId, registryId],
  );
  if (rowCount !== 1) throw new Error(`the registry has no row in ${table}`);
}

/**
 * Changes one row of each table in one column: of tables that also hold what no chain tells in each compared column, of
 * the others in a part of the key and in one more. @returns The changes that no comparison found.
 */
export async function unseenFlips(
  harness: TravelHarness,
  place: { readonly tenantId: TenantId; readonly registryId: RegistryId },
  tables: readonly string[],
): Promise<string[]> {
  return withBrokenRecord(harness, place, async (admin, compare) => {
    const unseen: string[] = [];
    for (const derived of DERIVED_TABLES.filter(({ table }) => tables.includes(table)))
      for (const column of await columnsToFlip(admin, derived)) {
        await admin.query('savepoint flip');
        await flip(admin, derived, column, place);
        const { state, tables: compared } = await compare();
        const isSeen = compared.some(({ table, differences }) => table === derived.table && differences > 0);
        if (state === RegistryState.Identical || !isSeen) unseen.push(`${derived.table}.${column}`);
        await admin.query('rollback to flip');
      }
    return unseen;
  });
}

/** Breaks every column of the logs of a chain, each in another row, and the hashes of a block and of the final one. */
export async function breakChainTables(admin: Client, chainId: ChainId): Promise<void> {
  const otherByte = (column: string) => `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`;
  const broken = {
    log_index: 'log_index + 1000',
    block_time: 'block_time + 1',
    address: otherByte('address'),
    topics: otherByte('topics'),
    data: "data || '\\x00'",
    tx_hash: otherByte('tx_hash'),
    block_hash: otherByte('block_hash'),
  };
  // Chosen before any is changed: each breaks a log of its own.
  const { rows } = await admin.query<{ block_number: string; log_index: number }>(
    'select block_number, log_index from chain_logs where chain_id = $1 order by block_number, log_index limit $2',
    [chainId, Object.keys(broken).length],
  );
  for (const [index, [column, value]] of Object.entries(broken).entries())
    await admin.query(
      `update chain_logs set ${column} = ${value} where chain_id = $1 and block_number = $2 and log_index = $3`,
      [chainId, rows[index]?.block_number, rows[index]?.log_index],
    );
  await admin.query(
    `update chain_blocks set hash = ${otherByte('hash')} where chain_id = $1 and number = (
       select min(number) from chain_blocks where chain_id = $1)`,
    [chainId],
  );
  await admin.query(`update chain_cursors set final_hash = ${otherByte('final_hash')} where chain_id = $1`, [
    chainId,
  ]);
}

async function columnsToFlip(
  admin: Client,
  { table, excluded, reset, key }: DerivedTable,
): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = to_regclass($1) and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [table],
  );
  const compared = rows.map(({ name }) => name).filter((name) => !(name in excluded));
  // What names a row that a tenant asked for is the tenant's, too.
  return reset === undefined
    ? [...key.slice(-1), ...compared.slice(-1)]
    : compared.filter((name) => !key.includes(name));
}

/** The tables of which there was not one row to compare. */
export function emptyTablesOf({ chains, registries }: RebuildReport): string[] {
  const compared = [...chains, ...registries].flatMap(({ tables }): { table: string; rows: number }[] => [
    ...tables,
  ]);
  return compared.filter(({ rows }) => rows === 0).map(({ table }) => table);
}

/** What it takes to replace what is broken: the database's owner and the followers' lock. */
export async function openRepairTools(harness: TravelHarness) {
  const { adminUrl, systemUrl } = harness.database;
  const dataSource = await openDataSource({ url: adminUrl, poolSize: 1, applicationName: 'test-owner' });
  return {
    owner: new OwnerDatabase(dataSource),
    lock: new AdvisoryLeaderLock(systemUrl),
    close: () => dataSource.destroy(),
  };
}

/** What stands in the tables of each registry, by their hashes. */
export function hashesOf({ registries }: RebuildReport): string[] {
  return registries.flatMap(({ registryId, tables }) =>
    tables.map(({ table, recordedHash }) => `${registryId} ${table} ${recordedHash}`),
  );
}
