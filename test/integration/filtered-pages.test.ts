import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType } from 'graphql';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { AuditRepository } from '../../domain/audit/audit-repository';
import { DispatchRepository } from '../../domain/dispatch/dispatch-repository';
import { GuardActionRepository } from '../../domain/guard/guard-action-repository';
import { LedgerReader } from '../../domain/ledger/ledger-reader';
import { LicenceRepository } from '../../domain/licensing/licence-repository';
import { WorkRepository } from '../../domain/registry/work-repository';
import { SaleRepository } from '../../domain/sales/sale-repository';
import { SettlementRepository } from '../../domain/settlement/settlement-repository';
import { DeliveryLog } from '../../domain/webhooks/delivery-log';
import { type TenantId, tenantIdSchema, type WebhookEndpointId } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase, type TenantReads } from '../../tenants/tenant-database';
import { fillTenant } from '../support/full-tenant';
import { rowsLookedAt } from '../support/rows-looked-at';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

/** Of each table, newer than what is looked for and unlike it in all that pages can be narrowed by. */
const ROWS = 5_000;
const OTHER_CHAIN = 'eip155:1284';
const OTHER_ID = "'00000000-0000-4000-8000-000000000000'";

/** How what pages of one table are narrowed by is called: in the API, in SQL, and the SQL of what most rows have. */
type Filters = Readonly<Record<string, readonly [column: string, usual: string]>>;

interface Case {
  readonly table: string;
  readonly filters: Filters;
  /** SQL of what else differs between rows, of `n`; besides their ids and times. */
  readonly own?: Readonly<Record<string, string>>;
  readonly page: (tx: TenantReads, filter: never) => Promise<{ readonly edges: readonly unknown[] }>;
}

const PAGE = { first: 10, after: undefined };
const nobody = { stateChanged: async () => undefined, statesChanged: async () => undefined };
const chain = (column: string) => [column, `'${OTHER_CHAIN}'`] as const;
const other = (column: string) => [column, OTHER_ID] as const;

let endpointId: WebhookEndpointId;

const CASES: Readonly<Record<string, Case>> = {
  WorkFilterInput: {
    table: 'works',
    own: { document_hash: "'hash ' || n", token_id: '1000000 + n' },
    filters: {
      projectId: other('project_id'),
      registryId: other('registry_id'),
      state: ['state', "'BURNED'"],
      holder: ['holder', "'somebody'"],
      chainId: chain('chain_id'),
    },
    page: (tx, filter) => new WorkRepository().page(tx, PAGE, filter),
  },
  DispatchFilterInput: {
    table: 'dispatches',
    own: { revision: 'n', hop: 'null' },
    filters: {
      workId: other('work_id'),
      registryId: other('registry_id'),
      state: ['state', "'CONFIRMED'"],
      kind: ['kind', "'STATE'"],
      origin: ['origin', "'PLATFORM'"],
      transport: ['transport', "'LAYERZERO'"],
      sourceChainId: chain('source_chain_id'),
      destinationChainId: chain('destination_chain_id'),
    },
    page: (tx, filter) => new DispatchRepository(nobody).page(tx, PAGE, filter),
  },
  SaleFilterInput: {
    table: 'sales',
    filters: {
      projectId: other('project_id'),
      workId: other('work_id'),
      chainId: chain('chain_id'),
      state: ['state', "'REVERTED'"],
      verdict: ['verdict', "'UNPAID'"],
      venue: ['venue', "'DIRECT'"],
      asset: ['asset', `'${OTHER_CHAIN}/slip44:60'`],
      seller: ['seller', "'somebody'"],
      buyer: ['buyer', "'somebody'"],
    },
    page: (tx, filter) => new SaleRepository().page(tx, PAGE, filter),
  },
  SettlementFilterInput: {
    table: 'settlements',
    own: { subject: "'subject ' || n" },
    filters: {
      registryId: other('registry_id'),
      state: ['state', "'CREDITED'"],
      sourceChainId: chain('source_chain_id'),
      destinationChainId: chain('destination_chain_id'),
    },
    page: (tx, filter) => new SettlementRepository(nobody).page(tx, PAGE, filter),
  },
  GuardActionFilterInput: {
    table: 'guard_actions',
    own: { subject: "'subject ' || n" },
    filters: {
      registryId: other('registry_id'),
      workId: other('work_id'),
      dispatchId: other('dispatch_id'),
      kind: ['kind', "'FREEZE_WORK'"],
      state: ['state', "'DONE'"],
    },
    page: (tx, filter) => new GuardActionRepository().page(tx, PAGE, filter),
  },
  LicenceFilterInput: {
    table: 'licences',
    filters: {
      registryId: other('registry_id'),
      chainId: chain('chain_id'),
      templateHash: ['template_hash', "'0x1'"],
      holder: ['holder', "'somebody'"],
      grantId: ['grant_id', "'grant ' || n"],
    },
    page: (tx, filter) => new LicenceRepository().licencePage(tx, PAGE, filter),
  },
  AuditFilterInput: {
    table: 'audit_entries',
    own: { sequence: '1000 + n' },
    filters: {
      operation: ['operation', "'mintWork'"],
      actor: ['actor', "'somebody else'"],
      requestId: ['request_id', "'another ' || n"],
    },
    page: (tx, filter) => new AuditRepository().page(tx, PAGE, filter),
  },
  LedgerEntryFilterInput: {
    table: 'ledger_entries',
    own: { sequence: '1000 + n' },
    filters: {
      projectId: other('project_id'),
      saleId: ['subject', 'gen_random_uuid()'],
      kind: ['kind', "'SALE'"],
    },
    page: (tx, filter) => new LedgerReader().entries(tx, PAGE, filter),
  },
  WebhookDeliveryFilterInput: {
    table: 'webhook_deliveries',
    filters: {
      state: ['state', "'DEAD'"],
      eventType: ['event_type', "'work.burned'"],
    },
    page: (tx, filter) => new DeliveryLog().page(tx, endpointId, PAGE, filter),
  },
};

/** What is narrowed by reading all of it, and why that is little. */
const FEW: Readonly<Record<string, string>> = {
  ApiKeyFilterInput: 'people make each of them',
  LedgerAccountFilterInput: 'a few for each payee and currency',
  LicenceOfferFilterInput: 'people make each of them',
  MemberFilterInput: 'people',
  ProjectFilterInput: 'people make each of them',
  ProvenanceFilterInput: 'the history of one work',
  RegistryFilterInput: 'people make each of them',
  SigningKeyFilterInput: 'people make each of them',
  SuspendedPaymentFilterInput: 'they wait for people',
  TenantExportFilterInput: 'people ask for each of them',
  TenantFilterInput: 'operators make each of them',
  WebhookEndpointFilterInput: 'a plan says how many at most',
};

let database: TestDatabase;
let source: DataSource;
let tenants: TenantDatabase;
let tenantId: TenantId;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await openDataSource({ url: database.appUrl, poolSize: 1, applicationName: 'test' });
  tenants = new TenantDatabase(source);
  tenantId = tenantIdSchema.parse((await fillTenant(database, 'filtered')).tenantId);
  await withClient(database.adminUrl, async (admin) => {
    // What is copied refers to nothing.
    await admin.query("set session_replication_role = 'replica'");
    await admin.query("update dispatches set transport = 'CCIP'");
    for (const each of Object.values(CASES)) await multiply(admin, each);
    await admin.query(
      `insert into ledger_postings (tenant_id, account_id, sequence, amount, balance)
       select tenant_id, account_id, 1000 + n, amount, balance from ledger_postings, generate_series(1, $1) n`,
      [ROWS],
    );
    const { rows } = await admin.query('select id from webhook_endpoints where tenant_id = $1', [tenantId]);
    endpointId = rows[0].id;
    await admin.query('analyze');
  });
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

/** Adds {@link ROWS} rows like one that is there, but for what pages can be narrowed by. */
async function multiply(admin: Client, { table, filters, own = {} }: Case): Promise<void> {
  const { rows: columns } = await admin.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`,
    [table],
  );
  const values: Record<string, string> = {
    id: 'gen_random_uuid()',
    created_at: "now() + n * interval '1 second'",
    ...Object.fromEntries(Object.values(filters)),
    ...own,
  };
  const names = columns.map(({ name }) => name);
  await admin.query(
    `insert into ${table} (${names.join()})
     select ${names.map((name) => values[name] ?? `t.${name}`).join()}
       from (select * from ${table} where tenant_id = $1 limit 1) t, generate_series(1, $2) n`,
    [tenantId, ROWS],
  );
}

/** The rows that a filter finds, and how many of the table PostgreSQL looked at for it. */
function looking({ table, page }: Case, filter: object) {
  return tenants.transaction(tenantId, async (tx) => {
    // As prepared statements come to be planned, whatever they are asked for.
    await tx.manager.query('set local plan_cache_mode = force_generic_plan');
    return rowsLookedAt(tx, table, async () => {
      // CAST: each of a case's filters is one of its page's.
      const { edges } = await page({ ...tx, lasting: true }, filter as never);
      return edges;
    });
  });
}

const filterTypes = Object.values(
  buildSchema(readFileSync(join(__dirname, '../../schema/schema.graphql'), 'utf8')).getTypeMap(),
).filter((type) => isInputObjectType(type) && type.name.endsWith('FilterInput'));

test('every filter of the API is either of few rows or looked at below', () => {
  expect([...Object.keys(CASES), ...Object.keys(FEW)].sort()).toEqual(
    filterTypes.map(({ name }) => name).sort(),
  );
  for (const type of filterTypes.filter(({ name }) => name in CASES))
    expect([type.name, Object.keys(CASES[type.name]?.filters ?? {}).sort()]).toEqual([
      type.name,
      isInputObjectType(type) ? Object.keys(type.getFields()).sort() : [],
    ]);
});

// Guarantee: what a page costs grows with the page, not with the tenant, whatever it is narrowed to.
describe('a page reads no more rows than it shows', () => {
  const each = Object.entries(CASES).flatMap(([type, one]) =>
    Object.entries(one.filters).map(([name, [column]]) => [type, name, column, one] as const),
  );

  test.each(each)('%s: that of a rare %s', async (_type, name, column, one) => {
    const { rows } = await withClient(database.adminUrl, (admin) =>
      admin.query(`select ${column} as rare from ${one.table} where tenant_id = $1 order by ctid limit 1`, [
        tenantId,
      ]),
    );
    const look = await looking(one, { [name]: rows[0].rare });
    expect(look.found).toBeGreaterThan(0);
    expect(look.rows).toBe(look.found);
  });

  test.each(Object.entries(CASES))(
    '%s: of all rows, and one to see whether there are more',
    async (_type, one) => {
      expect(await looking(one, {})).toEqual({ found: PAGE.first, rows: PAGE.first + 1 });
    },
  );
});

// PostgreSQL plans a statement for its values five times, and then for any values if that is not worse.
test.each(['WorkFilterInput', 'LedgerEntryFilterInput'])(
  '%s: a page is not planned anew each time',
  async (type) => {
    const { table, page } = CASES[type] as Case; // CAST: they are above
    for (let time = 0; time < 8; time += 1)
      // CAST: nothing is a filter of every page.
      await tenants.read(tenantId, (tx) => page(tx, null as never));
    const statements: { generic: number }[] = await tenants.transaction(tenantId, ({ manager }) =>
      manager.query(
        `select generic_plans::int as generic from pg_prepared_statements
        where statement like $1 and statement like '%limit%'`,
        [`%from ${table} where%`],
      ),
    );
    expect(statements).toEqual([{ generic: 3 }]);
  },
);
