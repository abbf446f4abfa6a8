import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommand } from '../../../cli/arguments';
import { runExport } from '../../../cli/export/run-export';
import { runVerify } from '../../../cli/verify/run-verify';
import { MANIFEST_FILE } from '../../../domain/export/archive/manifest';
import { readTarGz } from '../../../domain/export/archive/read-tar';
import { SigningKey } from '../../../domain/export/archive/signing-key';
import { EXCLUDED_TABLES, EXPORTED_TABLES } from '../../../domain/export/tables';
import { TenantExporter } from '../../../domain/export/tenant-exporter';
import { verifyArchive } from '../../../domain/export/verify/verify-archive';
import { tenantIdSchema } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { type FullTenant, fillTenant, rowsOf, tablesOfTenants } from '../../support/full-tenant';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const folder = mkdtempSync(join(tmpdir(), 'colophon-export-'));
const key = SigningKey.fromPem(SigningKey.generatePem());
let database: TestDatabase;
let app: Awaited<ReturnType<typeof openDataSource>>;
let exporter: TenantExporter;
let tenant: FullTenant;
let stranger: FullTenant;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await openDataSource({ url: database.appUrl, poolSize: 1, applicationName: 'test' });
  exporter = new TenantExporter(new TenantDatabase(app), key, 'LastMigration');
  tenant = await fillTenant(database, 'Gallery ≈ North');
  stranger = await fillTenant(database, 'Stranger');
  await admin(`insert into chain_cursors (chain_id, head_number, head_hash, final_number, final_hash)
               values ('eip155:11155111', 20, '\\x0a', 12, '\\x0b')`);
});
afterAll(async () => {
  await app.destroy();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const admin = (sql: string, values: unknown[] = []) =>
  withClient(database.adminUrl, (client) => client.query(sql, values));
const freshFile = () => join(folder, `${randomUUID()}.tar.gz`);
const running = () => new AbortController().signal;
const onRows = () => undefined;

async function exported({ tenantId }: FullTenant): Promise<string> {
  const file = freshFile();
  await exporter.export(tenantId, file, { signal: running(), onRows });
  return file;
}

/** Every file of an archive, by its name. */
async function contents(file: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name, content } of readTarGz(createReadStream(file))) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    texts.set(name, Buffer.concat(chunks).toString());
  }
  return texts;
}

describe('what is exported', () => {
  test('every table with a tenant is exported, or left out for a reason that is given', async () => {
    const tables = await withClient(database.adminUrl, tablesOfTenants);
    const known = [...EXPORTED_TABLES.map(({ table }) => table), ...Object.keys(EXCLUDED_TABLES)];
    expect([...known].sort()).toEqual(tables);
  });

  test('so is every column, and each that is exported is described', async () => {
    const { rows } = await admin(
      `select table_name as table, array_agg(column_name::text order by column_name) as columns
         from information_schema.columns where table_schema = 'public' and column_name <> 'tenant_id'
        group by 1`,
    );
    const columns = new Map(rows.map((row) => [row.table, row.columns]));
    for (const { table, columns: described, withheld } of EXPORTED_TABLES)
      expect([table, [...Object.keys(described), ...Object.keys(withheld ?? {})].sort()]).toEqual([
        table,
        [...(columns.get(table) ?? [])].sort(),
      ]);
  });

  test('every foreign key is checked as a reference, to a table that comes before', async () => {
    const { rows } = await admin(
      `select conrelid::regclass::text as table, confrelid::regclass::text as to,
              (select array_agg(attname::text order by k.place) from unnest(conkey) with ordinality as k (number, place)
                 join pg_attribute on attrelid = conrelid and attnum = k.number) as columns,
              (select array_agg(attname::text order by k.place) from unnest(confkey) with ordinality as k (number, place)
                 join pg_attribute on attrelid = confrelid and attnum = k.number) as key
         from pg_constraint where contype = 'f'`,
    );
    const known = EXPORTED_TABLES.map(({ table }) => table);
    // Plans are the platform's own. A row that refers to another of its table has none that comes before.
    const isWithin = ({ table, to }: { table: string; to: string }) =>
      table !== to &&
      known.includes(table) &&
      (known.includes(to) || to in EXCLUDED_TABLES) &&
      to !== 'tenants';
    const checked = EXPORTED_TABLES.flatMap(({ table, references = [] }) =>
      references.map(({ columns, to, key: target }) => JSON.stringify({ table, to, columns, key: target })),
    );
    const withoutTenant = (names: string[]) => names.filter((name) => name !== 'tenant_id');
    const needed = rows
      .filter(isWithin)
      .map(({ table, to, columns, key: target }) =>
        JSON.stringify({ table, to, columns: withoutTenant(columns), key: withoutTenant(target) }),
      );
    expect(needed.length).toBeGreaterThan(15);
    expect(checked).toEqual(expect.arrayContaining(needed));
    for (const { table, references = [] } of EXPORTED_TABLES)
      for (const { to } of references) expect(known.slice(0, known.indexOf(table))).toContain(to);
  });

  test('every row is in the archive, the samples have rows everywhere, and it verifies', async () => {
    const counts = await withClient(database.adminUrl, (client) => rowsOf(client, tenant.tenantId));
    const empty = Object.keys(counts).filter((table) => counts[table] === 0);
    expect(empty).toEqual(['tenant_tombstones']);
    const file = await exported(tenant);
    const verdict = await verifyArchive(() => createReadStream(file), key.publicKey);
    expect(verdict.checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect(verdict.holds).toBe(true);
    const rows = verdict.manifest?.tables.map((table) => [table.table, table.rows]);
    expect(rows).toEqual(EXPORTED_TABLES.map(({ table }) => [table, counts[table]]));
    const looked = Object.fromEntries(verdict.checks.map(({ name, count }) => [name, count]));
    expect(looked).toMatchObject({
      signature: 1,
      'script hashes': 1,
      'document hashes': 4,
      commitments: 3,
      'work ids': 3,
      histories: 3,
      'provenance entries': 12,
      'audit entries': 4,
    });
  });

  test('neither another tenant’s rows nor any secret is in it', async () => {
    const text = [...(await contents(await exported(tenant))).values()].join('\n');
    expect(text).toContain(tenant.tenantId);
    expect(text).not.toContain(stranger.tenantId);
    expect(text).not.toContain('Stranger');
    expect(text).not.toContain('5ec2e75ec2e7');
    const { rows } = await admin("select encode(key_hash, 'hex') as hash from api_keys");
    for (const { hash } of rows) expect(text).not.toContain(hash);
  });

  test('values keep all of their digits, and the archive describes each file and column itself', async () => {
    const texts = await contents(await exported(tenant));
    expect(texts.get('data/dispatches.jsonl')).toContain('"fee_wei":"123456789012345678901"');
    expect(texts.get('data/registry_events.jsonl')).toContain('"block_number":"9007199254740993"');
    expect(texts.get('data/chain_transactions.jsonl')).toContain('"data":"0x00ff"');
    expect(texts.get('data/tenants.jsonl')).toMatch(/"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"/);
    expect(texts.get('data/tenants.jsonl')).toContain('Gallery ≈ North');
    for (const { table, columns } of EXPORTED_TABLES)
      for (const column of Object.keys(columns))
        expect(texts.get('README.md')?.split(`data/${table}.jsonl\`\n`)[1]).toContain(`- \`${column}\` (`);
    expect(JSON.parse(texts.get(MANIFEST_FILE) ?? '')).toMatchObject({
      schemaVersion: 'LastMigration',
      chains: [{ chainId: 'eip155:11155111', headBlock: '20', finalBlock: '12', finalHash: '0x0b' }],
    });
  });
});

describe('how it is exported', () => {
  test('it shows one moment, whatever is written meanwhile', async () => {
    const count = 'select count(*)::int as count from webhook_events where tenant_id = $1';
    const eventsNow = async () => (await admin(count, [tenant.tenantId])).rows[0].count;
    class DisturbedDatabase extends TenantDatabase {
      override snapshot: TenantDatabase['snapshot'] = (tenantId, work) =>
        super.snapshot(tenantId, async (tx) => {
          await admin(
            `insert into webhook_events (tenant_id, id, type, finality, order_key, body)
             values ($1, gen_random_uuid(), 'late', 'final', 'o', '{}')`,
            [tenantId],
          );
          return work(tx);
        });
    }
    const before = await eventsNow();
    const disturbed = new TenantExporter(new DisturbedDatabase(app), key, 'LastMigration');
    const { manifest } = await disturbed.export(tenant.tenantId, freshFile(), { signal: running(), onRows });
    expect(manifest.tables.find(({ table }) => table === 'webhook_events')?.rows).toBe(before);
    expect(await eventsNow()).toBe(before + 1);
  });

  test('one that is stopped leaves nothing behind, and is not on record', async () => {
    const stop = new AbortController();
    const before = await withClient(database.adminUrl, (client) => rowsOf(client, tenant.tenantId));
    const file = freshFile();
    const stopped = exporter.export(tenant.tenantId, file, {
      signal: stop.signal,
      onRows: (table) => table === 'works' && stop.abort(),
    });
    await expect(stopped).rejects.toThrow('aborted');
    expect(readdirSync(folder).filter((name) => file.endsWith(name) || name.includes('partial'))).toEqual([]);
    expect(await withClient(database.adminUrl, (client) => rowsOf(client, tenant.tenantId))).toEqual(before);
  });

  test('nothing is written over a file that is there, and there is no export of nobody', async () => {
    const file = await exported(tenant);
    const bytes = readFileSync(file);
    const again = exporter.export(tenant.tenantId, file, { signal: running(), onRows });
    await expect(again).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const nobody = tenantIdSchema.parse('11111111-1111-4111-8111-111111111111');
    const missing = exporter.export(nobody, freshFile(), { signal: running(), onRows });
    await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('an export is on record with its manifest, its key and the suspension that it saw', async () => {
    await admin(
      "update tenants set suspended_at = '2026-11-29T10:00:00.123456Z', suspension_reason = 'leaves' where tenant_id = $1",
      [tenant.tenantId],
    );
    const file = freshFile();
    const { manifestHash } = await exporter.export(tenant.tenantId, file, { signal: running(), onRows });
    const { rows } = await admin(
      `select e.signer, e.suspended_at = t.suspended_at as same from tenant_exports e join tenants t using (tenant_id)
        where e.manifest_hash = $1`,
      [manifestHash],
    );
    expect(rows).toEqual([{ signer: key.id, same: true }]);
  });
});

describe('the commands', () => {
  test('export and verify work with files and environment alone', async () => {
    const [file, keyFile] = [freshFile(), join(folder, 'key.pem')];
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    writeFileSync(keyFile, SigningKey.generatePem());
    const command = parseCommand(['export', '--out', file, '--tenant', tenant.tenantId]);
    if (command.name !== 'export') throw new Error('another command');
    const env = { APP_DATABASE_URL: database.appUrl, EXPORT_KEY_FILE: keyFile };
    await runExport(command.export, { env, print, signal: running() });
    expect(lines.join('\n')).toMatch(/works +4 rows/);
    const publicKey = /key +([0-9a-f]{64})/.exec(lines.join('\n'))?.[1] ?? '';
    lines.length = 0;
    await runVerify({ file, key: publicKey, json: false }, print);
    expect(lines.join('\n')).toContain('Nothing was changed since the given key signed it.');
    expect(lines.join('\n')).toContain('eip155:11155111 final to 12');
    lines.length = 0;
    await runVerify({ file, key: undefined, json: false }, print);
    expect(lines.join('\n')).toContain('By whom is not proven');
    const other = runVerify({ file, key: key.publicKey, json: false }, print);
    await expect(other).rejects.toThrow('KEY_MISMATCH');
    const nothing = runVerify({ file: join(folder, 'none'), key: undefined, json: false }, print);
    await expect(nothing).rejects.toThrow('ARCHIVE_UNREADABLE');
    expect(existsSync(file)).toBe(true);
  });
});
