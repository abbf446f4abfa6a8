import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { runCheckDatabase } from '../../../cli/check-database/run-check-database';
import { DatabaseCheck, type DatabaseCheckReport } from '../../../domain/database-check/database-check';
import { openDataSource } from '../../../tenants/data-source';
import { SecretBox } from '../../../tenants/secrets/secret-box';
import { SecretVault } from '../../../tenants/secrets/secret-vault';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { type FullTenant, fillTenant } from '../../support/full-tenant';
import { MADE_SOUND } from '../../support/sound-tenant';
import { withClient } from '../../support/template-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

const box = new SecretBox([Buffer.alloc(32, 1)]);
const otherBox = new SecretBox([Buffer.alloc(32, 2)]);

let database: TestDatabase;
let app: DataSource;
let system: DataSource;
let tenant: FullTenant;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await openDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'test' });
  system = await openDataSource({ url: database.systemUrl, poolSize: 2, applicationName: 'test' });
  tenant = await fillTenant(database, 'Tides');
  await withClient(database.adminUrl, (admin) => admin.query(MADE_SOUND));
  // A second entry, so that balances have a past: copied as only the owner can.
  await withClient(database.adminUrl, async (admin) => {
    await admin.query('set session_replication_role = replica');
    await admin.query(SECOND_ENTRY, [tenant.tenantId]);
  });
  const vault = new SecretVault(new TenantDatabase(app), box);
  await vault.findOrCreate(tenant.tenantId, 'test', () => Buffer.from('secret'));
});
afterAll(async () => {
  await app?.destroy();
  await system?.destroy();
  await database?.drop();
});

const SECOND_ENTRY = `
  with e as (select * from ledger_entries where tenant_id = $1),
  p as (
    insert into ledger_postings (tenant_id, sequence, account_id, amount, balance)
    select tenant_id, 2, account_id, amount, balance + amount from ledger_postings where tenant_id = $1),
  ends as (update ledger_ends set sequence = 2 where tenant_id = $1)
  insert into ledger_entries (tenant_id, sequence, posted_at, subject, part, kind, occurrence, project_id, occurred_at, ground, digest)
    select tenant_id, 2, posted_at, gen_random_uuid(), part, kind, occurrence, project_id, occurred_at, ground, digest from e`;

function check(secrets: SecretBox | undefined = box): Promise<DatabaseCheckReport> {
  return new DatabaseCheck(new TenantDatabase(app), new SystemDatabase(system), secrets).run(() => undefined);
}

function codesOf({ tenants }: DatabaseCheckReport): string[] {
  return [
    ...new Set(
      tenants.flatMap(({ checks }) => checks.flatMap(({ faults }) => faults.map(({ code }) => code))),
    ),
  ];
}

/** Breaks the database as nobody but its owner can, and mends it again. */
async function whileBroken<T>(sql: string, mend: string, work: () => Promise<T>): Promise<T> {
  const run = (statements: string) =>
    withClient(database.adminUrl, async (admin: Client) => {
      await admin.query(`set session_replication_role = replica; ${statements}`);
    });
  await run(sql);
  try {
    return await work();
  } finally {
    await run(mend);
  }
}

test('a sound database holds, and every kind of check has looked at something', async () => {
  const report = await check();
  expect(codesOf(report)).toEqual([]);
  expect(report.holds).toBe(true);
  const own = report.tenants.find(({ tenantId }) => tenantId === tenant.tenantId);
  const idle = own?.checks.filter(({ count }) => count === 0).map(({ name }) => name);
  expect(idle).toEqual(['roots of last owners']);
});

const BREAKS: readonly [string, string, string, string][] = [
  [
    'a posting of another amount',
    'update ledger_postings set amount = amount + 1 where sequence = 1 and amount > 0',
    'update ledger_postings set amount = amount - 1 where sequence = 1 and amount > 0',
    'ENTRY_UNBALANCED,BOOKS_UNBALANCED,BALANCE_WRONG,ENTRY_CHANGED',
  ],
  [
    'an entry of another amount that balances',
    'update ledger_postings set amount = amount * 2, balance = balance * 2',
    'update ledger_postings set amount = amount / 2, balance = balance / 2',
    'ENTRY_CHANGED',
  ],
  [
    'a balance that its postings do not make',
    'update ledger_postings set balance = balance + 1 where sequence = 2',
    'update ledger_postings set balance = balance - 1 where sequence = 2',
    'BALANCE_WRONG',
  ],
  [
    'books that end too early',
    'update ledger_ends set sequence = 3',
    'update ledger_ends set sequence = 2',
    'ENTRY_MISSING',
  ],
  [
    'an entry that was posted before the one before it',
    "update ledger_entries set posted_at = posted_at - interval '1 day' where sequence = 2",
    "update ledger_entries set posted_at = posted_at + interval '1 day' where sequence = 2",
    'ENTRY_OUT_OF_TIME',
  ],
  [
    'a history with other facts',
    `update provenance_events set facts = facts || '{"number": 9}' where sequence = 2`,
    `update provenance_events set facts = facts || '{"number": 1}' where sequence = 2`,
    'PROVENANCE_BROKEN',
  ],
  [
    'an audit log that somebody shortened',
    'update audit_ends set sequence = 3',
    'update audit_ends set sequence = 4',
    'AUDIT_BROKEN',
  ],
  [
    'another audit entry',
    "update audit_entries set actor = 'nobody' where sequence = 3",
    "update audit_entries set actor = 'somebody' where sequence = 3",
    'AUDIT_BROKEN',
  ],
  [
    'a work of another seed',
    `update works set seed = '0x' || reverse(substr(seed, 3)) where state = 'LIVE'`,
    `update works set seed = '0x' || reverse(substr(seed, 3)) where state = 'LIVE'`,
    'COMMITMENT_WRONG',
  ],
  [
    'a work without its live leg',
    "update legs set state = 'BURNED'",
    "update legs set state = 'LIVE'",
    'LIVE_COPIES_WRONG',
  ],
  [
    'a live leg with another holder',
    "update legs set holder = holder || '0'",
    'update legs set holder = left(holder, -1)',
    'LIVE_COPIES_WRONG',
  ],
  [
    'a mint without a work',
    `update registry_events set args = args || '{"documentHash": "0x"}'`,
    `update registry_events e set args = jsonb_build_object('documentHash', w.document_hash) from works w where w.tenant_id = e.tenant_id and w.token_id = e.token_id`,
    'WORK_MISSING',
  ],
  [
    'works that are counted once too often',
    'update work_counts set works = works + 1',
    'update work_counts set works = works - 1',
    'WORKS_MISCOUNTED',
  ],
  [
    'a dispatch that nothing confirms',
    "update dispatches set state = 'CONFIRMED'",
    "update dispatches set state = 'HELD'",
    'DISPATCH_UNPROVEN',
  ],
  [
    'a dispatch that nobody takes on',
    "update dispatches set state = 'REQUESTED'",
    "update dispatches set state = 'HELD'",
    'DISPATCH_STUCK',
  ],
  [
    'last owners of another root',
    "update guard_actions set owners_root = '0x'",
    'update guard_actions set owners_root = null',
    'OWNERS_ROOT_WRONG',
  ],
];

test.each(BREAKS)('%s is found', async (_what, sql, mend, codes) => {
  const broken = await whileBroken(sql, mend, () => check());
  expect(broken.holds).toBe(false);
  expect(codesOf(broken).sort()).toEqual(codes.split(',').sort());
  expect((await check()).holds).toBe(true);
});

test('a secret whose master key was not kept is found; without any key none is opened', async () => {
  const report = await check(otherBox);
  expect(codesOf(report)).toEqual(['SECRET_SEALED']);
  expect(JSON.stringify(report)).not.toContain('secret"');
  expect((await check(undefined)).holds).toBe(true);
});

test('equal roots name equal content: what is lost or added changes them', async () => {
  const rootsOf = async () => (await check()).tenants.map(({ roots }) => roots);
  const before = await rootsOf();
  expect(await rootsOf()).toEqual(before);
  const less = await whileBroken(
    'create table kept as select * from provenance_events where sequence = 4; delete from provenance_events where sequence = 4',
    'insert into provenance_events select * from kept; drop table kept',
    rootsOf,
  );
  expect(less).not.toEqual(before);
  expect(await rootsOf()).toEqual(before);
});

test('the command prints each check, as text or JSON, and fails with the codes', async () => {
  const env = { APP_DATABASE_URL: database.appUrl, SYSTEM_DATABASE_URL: database.systemUrl };
  const lines: string[] = [];
  await runCheckDatabase({ json: false }, env, (line) => lines.push(line));
  expect(lines.join('\n')).toContain('The database is sound.');
  expect(lines.join('\n')).toContain('MASTER_KEY is not set');
  const printed: string[] = [];
  const keyed = { ...env, MASTER_KEY: '02'.repeat(32) };
  await expect(runCheckDatabase({ json: true }, keyed, (line) => printed.push(line))).rejects.toThrow(
    'SECRET_SEALED',
  );
  expect(JSON.parse(printed.join(''))).toMatchObject({ holds: false, secretsOpened: true });
});
