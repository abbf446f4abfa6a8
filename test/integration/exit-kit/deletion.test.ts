import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { pollUntil } from '../../../cli/embedded/poll';
import { BlockStore } from '../../../domain/chain-state/block-store';
import { WatchRepository } from '../../../domain/chain-state/watch-repository';
import { ERASED_TABLES } from '../../../domain/erasure/erased-tables';
import { TenantEraser } from '../../../domain/erasure/tenant-eraser';
import { TombstoneRepository } from '../../../domain/erasure/tombstone-repository';
import { SigningKey } from '../../../domain/export/archive/signing-key';
import { TenantExporter } from '../../../domain/export/tenant-exporter';
import { OutboxRepository } from '../../../domain/outbox/outbox-repository';
import { ProjectionScheduler } from '../../../domain/projection-scheduler';
import { evmChainId } from '../../../schema/caip';
import { tenantIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { workerConfigSchema } from '../../../workers/config';
import { startWorkers } from '../../../workers/workers';
import { unreachableChain } from '../../support/chain-entry';
import { type FullTenant, fillTenant, rowsOf, tablesOfTenants } from '../../support/full-tenant';
import { withClient } from '../../support/template-database';
import { FakeDomain } from '../api/support/fake-domain';
import { TestApi } from '../api/support/test-api';

const DELETE = `mutation ($input: DeleteTenantInput!) { deleteTenant(input: $input) { tombstone {
  tenantId deletedAt manifestHash auditSequence auditHash erasedAt } } }`;
const folder = mkdtempSync(join(tmpdir(), 'colophon-deletion-'));
const key = SigningKey.fromPem(SigningKey.generatePem());
let api: TestApi;
let app: Awaited<ReturnType<typeof openDataSource>>;
let system: typeof app;
let exporter: TenantExporter;
let archives = 0;

beforeAll(async () => {
  api = await TestApi.start(new FakeDomain());
  const own = { poolSize: 3, applicationName: 'test' };
  app = await openDataSource({ url: api.database.appUrl, ...own });
  system = await openDataSource({ url: api.database.systemUrl, ...own });
  exporter = new TenantExporter(new TenantDatabase(app), key, 'LastMigration');
});
afterAll(async () => {
  await Promise.all([app.destroy(), system.destroy()]);
  await api.stop();
  rmSync(folder, { recursive: true });
});

const admin = (sql: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));
const rows = ({ tenantId }: FullTenant) =>
  withClient(api.database.adminUrl, (client) => rowsOf(client, tenantId));
const eraser = (batch?: number) =>
  new TenantEraser(new SystemDatabase(system), new TombstoneRepository(), batch);
const running = () => new AbortController().signal;

const suspend = ({ tenantId }: FullTenant) =>
  admin(
    "update tenants set suspended_at = clock_timestamp(), suspension_reason = 'leaves' where tenant_id = $1",
    [tenantId],
  );
async function exportOf({ tenantId }: FullTenant): Promise<string> {
  archives += 1;
  const options = { signal: running(), onRows: () => undefined };
  return (await exporter.export(tenantId, join(folder, `${archives}.tar.gz`), options)).manifestHash;
}
const remove = ({ tenantId }: FullTenant, manifestHash: string) =>
  api.send(DELETE, { input: { tenantId, manifestHash } }, api.operatorKey);
async function leaving(name: string): Promise<{ tenant: FullTenant; manifestHash: string }> {
  const tenant = await fillTenant(api.database, name);
  await suspend(tenant);
  return { tenant, manifestHash: await exportOf(tenant) };
}
const codeOf = ({ errors }: Awaited<ReturnType<TestApi['send']>>) => errors?.[0]?.extensions.code;

/** Every table of the database, tenant column or not, in which a text occurs. */
async function tablesThatSay(text: string): Promise<string[]> {
  return withClient(api.database.adminUrl, async (client) => {
    const { rows: tables } = await client.query(
      "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await client.query(`select from ${name} t where t::text like $1 limit 1`, [
        `%${text}%`,
      ]);
      if (rowCount) found.push(name);
    }
    return found;
  });
}

describe('deleteTenant is refused', () => {
  test('unless the tenant is suspended, and exported since then by the archive that is named', async () => {
    const tenant = await fillTenant(api.database, 'Staying');
    const early = await exportOf(tenant);
    const before = await rows(tenant);
    expect(codeOf(await remove(tenant, early))).toBe('TENANT_NOT_SUSPENDED');
    await suspend(tenant);
    expect(codeOf(await remove(tenant, early))).toBe('TENANT_NOT_EXPORTED');
    const during = await exportOf(tenant);
    expect(codeOf(await remove(tenant, 'f'.repeat(64)))).toBe('TENANT_NOT_EXPORTED');
    // Resumed and suspended anew: what was written in between is in no archive.
    await suspend(tenant);
    expect(codeOf(await remove(tenant, during))).toBe('TENANT_NOT_EXPORTED');
    expect(await rows(tenant)).toEqual({ ...before, tenant_exports: (before['tenant_exports'] ?? 0) + 1 });
    expect(codeOf(await remove({ ...tenant, tenantId: tenantIdSchema.parse(randomUUID()) }, during))).toBe(
      'NOT_FOUND',
    );
  });

  test('by anybody but the operator', async () => {
    const { tenant, manifestHash } = await leaving('Own end');
    const input = { tenantId: tenant.tenantId, manifestHash };
    const stranger = await api.tenant();
    expect(codeOf(await api.send(DELETE, { input }, stranger.apiKey))).toBe('FORBIDDEN');
    expect(codeOf(await api.send(DELETE, { input }, tenant.apiKey))).toBe('TENANT_SUSPENDED');
    expect(codeOf(await api.send(DELETE, { input }))).toBe('UNAUTHENTICATED');
  });
});

test('after a deletion no table names the tenant but its tombstone, and nobody else has lost a row', async () => {
  const [{ tenant, manifestHash }, other] = [
    await leaving('Leaving'),
    await fillTenant(api.database, 'Other'),
  ];
  const othersBefore = await rows(other);
  expect(Object.keys(othersBefore).filter((table) => othersBefore[table] === 0)).toEqual([
    'tenant_tombstones',
  ]);
  const { rows: ends } = await admin('select sequence, hash from audit_ends where tenant_id = $1', [
    tenant.tenantId,
  ]);

  const first = await remove(tenant, manifestHash);
  expect(first.data.deleteTenant.tombstone).toMatchObject({
    tenantId: tenant.tenantId,
    manifestHash,
    auditSequence: ends[0].sequence,
    auditHash: ends[0].hash,
    erasedAt: null,
  });
  expect(codeOf(await api.send('{ me { tenant { name } } }', {}, tenant.apiKey))).toBe('UNAUTHENTICATED');

  // Two workers at once, in small batches, both cut short and begun again.
  const stop = new AbortController();
  stop.abort();
  expect(await eraser(2).pass(stop.signal)).toEqual([]);
  await Promise.all([eraser(2).pass(running()), eraser(2).pass(running())]);
  await eraser(2).pass(running());

  expect(await tablesThatSay(tenant.tenantId)).toEqual(['tenant_tombstones']);
  expect(await rows(other)).toEqual(othersBefore);
  const again = await remove(tenant, 'f'.repeat(64));
  expect(again.data.deleteTenant.tombstone).toEqual({
    ...first.data.deleteTenant.tombstone,
    erasedAt: expect.any(String),
  });
  const { rows: log } = await admin(
    "select count(*)::int as count from audit_entries where operation = 'deleteTenant' and actor = 'operator'",
  );
  expect(log[0].count).toBe(1);
});

test('an erasure that was cut short after each table goes on where it was', async () => {
  const { tenant, manifestHash } = await leaving('Interrupted');
  await remove(tenant, manifestHash);
  const stop = new AbortController();
  let transactions = 0;
  class Interrupting extends SystemDatabase {
    override transaction: SystemDatabase['transaction'] = (work) => {
      transactions += 1;
      if (transactions === 12) stop.abort();
      return super.transaction(work);
    };
  }
  const cut = new TenantEraser(new Interrupting(system), new TombstoneRepository());
  expect(await cut.pass(stop.signal)).toEqual([]);
  const left = Object.entries(await rows(tenant)).filter(([, count]) => count > 0);
  expect(left.length).toBeGreaterThan(5);
  expect(left.length).toBeLessThan(ERASED_TABLES.length - 5);
  expect(await eraser().pass(running())).toEqual([tenant.tenantId]);
  expect(await tablesThatSay(tenant.tenantId)).toEqual(['tenant_tombstones']);
});

test('what comes in late, from a job or a request that was running, is erased or refused, and never stays', async () => {
  const { tenant, manifestHash } = await leaving('Late');
  await remove(tenant, manifestHash);
  const late = new TenantDatabase(app);
  let transactions = 0;
  class Disturbed extends SystemDatabase {
    override transaction: SystemDatabase['transaction'] = async (work) => {
      transactions += 1;
      // The outbox is done with by then. A job that was running asks for another one.
      if (transactions === 12)
        await late.transaction(tenant.tenantId, (tx) =>
          tx.manager.query("insert into outbox (tenant_id, job, payload) values ($1, 'submit-mint', '{}')", [
            tenant.tenantId,
          ]),
        );
      return super.transaction(work);
    };
  }
  expect(ERASED_TABLES.indexOf('outbox')).toBeLessThan(10);
  const disturbed = new TenantEraser(new Disturbed(system), new TombstoneRepository());
  expect(await disturbed.pass(running())).toEqual([tenant.tenantId]);
  for (const statement of [
    "insert into outbox (tenant_id, job, payload) values ($1, 'submit-mint', '{}')",
    "insert into audit_ends (tenant_id, sequence, hash) values ($1, 1, '')",
    `insert into audit_entries (tenant_id, sequence, created_at, operation, actor, scopes, request_id, input_hash, previous_hash, hash)
     values ($1, 1, now(), '', '', '{}', '', '', '', '')`,
    `insert into idempotency_keys (tenant_id, key, fingerprint, expires_at) values ($1, 'k', sha256('x'), now())`,
  ])
    await expect(
      late.transaction(tenant.tenantId, (tx) => tx.manager.query(statement, [tenant.tenantId])),
    ).rejects.toMatchObject({ driverError: { code: '23503' } });
  expect(await tablesThatSay(tenant.tenantId)).toEqual(['tenant_tombstones']);
});

describe('the database itself', () => {
  test('lets the system erase rows of a tenant that is given up, in every table, and of nobody else', async () => {
    const { tenant } = await leaving('Guarded');
    const tables = await withClient(api.database.adminUrl, tablesOfTenants);
    expect([...ERASED_TABLES, 'tenants', 'tenant_tombstones'].sort()).toEqual(tables);
    // Finished jobs of all tenants are removed as they grow old.
    const guarded = ['tenants', ...ERASED_TABLES].filter((table) => table !== 'outbox');
    await withClient(api.database.systemUrl, async (client) => {
      for (const table of guarded) {
        const { rowCount } = await client.query(`delete from ${table} where tenant_id = $1`, [
          tenant.tenantId,
        ]);
        expect([table, rowCount]).toEqual([table, 0]);
      }
      await expect(client.query('delete from tenant_tombstones')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('select document from works')).rejects.toMatchObject({ code: '42501' });
      await client.query('begin');
      await client.query(
        "insert into tenant_tombstones (tenant_id, manifest_hash, audit_sequence, audit_hash) values ($1, '', 0, '')",
        [tenant.tenantId],
      );
      for (const table of ERASED_TABLES) {
        const { rowCount } = await client.query(`delete from ${table} where tenant_id = $1`, [
          tenant.tenantId,
        ]);
        expect([table, rowCount === 0]).toEqual([table, false]);
      }
      await client.query('rollback');
    });
  });
});

describe('what runs beside it', () => {
  const WATCHED = `0x${'ab'.repeat(20)}` as const;
  const position = (number: number) => {
    const block = { number, hash: `0x${String(number).padStart(64, '0')}` as const };
    return { head: block, final: block };
  };
  const chainId = evmChainId(11155111);

  test('a follower goes on, and queues jobs for those who still watch', async () => {
    const { tenant, manifestHash } = await leaving('Watched');
    const other = await fillTenant(api.database, 'Watching');
    const sink = new ProjectionScheduler(new WatchRepository(), new OutboxRepository(), {
      reopen: () => Promise.reject(new Error('there was no breach')),
    });
    const store = new BlockStore(new SystemDatabase(system), sink);
    const log = {
      blockNumber: 1,
      logIndex: 0,
      blockTime: 1,
      address: WATCHED,
      topics: [position(1).head.hash],
      data: '0x',
      txHash: position(2).head.hash,
      blockHash: position(1).head.hash,
    } as const;
    const nothing = { chainId, blocks: [], logs: [], repairs: new Map() };
    await store.commit({ ...nothing, before: undefined, after: position(0) });
    await remove(tenant, manifestHash);
    await store.commit({ ...nothing, before: position(0), after: position(1), logs: [log] });
    await eraser().pass(running());
    const later = { ...log, blockNumber: 2, blockHash: position(2).head.hash };
    await store.commit({ ...nothing, before: position(1), after: position(2), logs: [later] });
    expect(await store.position(chainId)).toEqual(position(2));
    const { rows: jobs } = await admin(
      "select distinct tenant_id from outbox where job = 'project-registry' and payload <> '{}'",
    );
    expect(jobs.map(({ tenant_id }) => tenant_id)).toContain(other.tenantId);
    expect(jobs.map(({ tenant_id }) => tenant_id)).not.toContain(tenant.tenantId);
    expect(await tablesThatSay(tenant.tenantId)).toEqual(['tenant_tombstones']);
  });

  test('workers erase what is deleted, and go on with the jobs of others', async () => {
    const [first, second] = [await leaving('Erased by a worker'), await leaving('With jobs')];
    const other = await fillTenant(api.database, 'Working');
    const chainsFile = join(folder, 'chains.json');
    writeFileSync(chainsFile, JSON.stringify([unreachableChain(chainId, 1)]));
    const config = workerConfigSchema.parse({
      APP_DATABASE_URL: api.database.appUrl,
      SYSTEM_DATABASE_URL: api.database.systemUrl,
      CHAINS_FILE: chainsFile,
      MASTER_KEY: randomBytes(32).toString('hex'),
    });
    const queue = ({ tenantId }: FullTenant, count: number) =>
      admin(
        `insert into outbox (tenant_id, job, payload)
         select e.tenant_id, 'deliver-webhooks', jsonb_build_object('tenantId', e.tenant_id, 'endpointId', e.id)
           from webhook_endpoints e, generate_series(1, $2) where e.tenant_id = $1`,
        [tenantId, count],
      );
    // A sample's secret cannot be opened.
    await admin('delete from webhook_secrets where tenant_id = $1', [other.tenantId]);
    await remove(first.tenant, first.manifestHash);
    await queue(second.tenant, 40);
    const workers = await startWorkers(config, pino({ level: 'silent' }));
    try {
      await remove(second.tenant, second.manifestHash);
      await eraser().pass(running());
      await queue(other, 5);
      const worked = await pollUntil(async () => {
        const { rows: done } = await admin(
          "select count(*)::int as count from outbox where tenant_id = $1 and job = 'deliver-webhooks' and state = 'DONE'",
          [other.tenantId],
        );
        return done[0].count === 5;
      }, 10_000);
      expect(worked).toBe(true);
      const isGone = async () => {
        const { rowCount } = await admin(
          'select from tenant_tombstones where tenant_id = $1 and erased_at is not null',
          [first.tenant.tenantId],
        );
        return rowCount === 1;
      };
      expect(await pollUntil(isGone, 10_000)).toBe(true);
    } finally {
      await workers.stop();
    }
    for (const { tenant } of [first, second])
      expect(await tablesThatSay(tenant.tenantId)).toEqual(['tenant_tombstones']);
  });
});
