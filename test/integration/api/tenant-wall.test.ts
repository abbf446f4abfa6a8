import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { decodeGlobalId, encodeGlobalId } from '../../../schema/global-id';
import { MemberRole } from '../../../schema/roles';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { unreachableChain } from '../../support/chain-entry';
import { withClient } from '../../support/template-database';
import {
  Foreign,
  type Ids,
  MUTATIONS,
  NO_ROWS,
  type Operation,
  QUERIES,
  SUBSCRIPTIONS,
} from './support/operations';
import { HOLDER, HOME, MIRROR, SAMPLE_GRANT } from './support/samples';
import { type Answer, TestApi, type TestTenant } from './support/test-api';

const folder = mkdtempSync(join(tmpdir(), 'colophon-wall-'));
let api: TestApi;
let owner: TestTenant;
let stranger: TestTenant;
let ids: Ids;
let strangersIds: Ids;
/** A superuser's connection. */
let inspector: Client;
let printAll: string;

beforeAll(async () => {
  const chainsFile = join(folder, 'chains.json');
  writeFileSync(chainsFile, JSON.stringify([unreachableChain(HOME, 1), unreachableChain(MIRROR, 2)]));
  api = await TestApi.startWhole({ CHAINS_FILE: chainsFile, MASTER_KEY: randomBytes(32).toString('hex') });
  [owner, stranger] = await Promise.all([api.tenant(), api.tenant()]);
  [ids, strangersIds] = [await ownRows(owner), await ownRows(stranger)];
  inspector = new Client(api.database.adminUrl);
  await inspector.connect();
  printAll = await fingerprintOf(inspector);
});
afterAll(async () => {
  await inspector.end();
  await api.stop();
  rmSync(folder, { recursive: true });
});

const admin = (sql: string, values: unknown[]) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));

/** A project, a registry, a live work and a failed dispatch, of which only the chain's part is made up. */
async function ownRows(tenant: TestTenant): Promise<Ids> {
  const { tenantId, apiKey } = tenant;
  const rows: { -readonly [Name in keyof Ids]: string } = { ...NO_ROWS };
  rows.leavingTenant = await api.leavingTenant();
  const make = async (mutation: string) => {
    const { query, variables } = MUTATIONS[mutation] as Operation;
    return (await api.ask(query, variables(rows), apiKey))[mutation];
  };
  rows.project = (await make('createProject')).project.id;
  rows.registry = (await make('createRegistry')).registry.id;
  await admin("update registries set state = 'ACTIVE' where tenant_id = $1", [tenantId]);
  rows.work = (await make('mintWork')).work.id;
  await admin(
    `update works set state = 'LIVE', provisional = false, token_id = 1, edition = 1, chain_id = $2, holder = $3, seed = '0x', commitment = '0x'
      where tenant_id = $1`,
    [tenantId, HOME, HOLDER],
  );
  const inserted = await admin(
    `insert into dispatches (tenant_id, registry_id, work_id, kind, state, origin, source_chain_id, destination_chain_id, lane_choice, hop, digest)
     select tenant_id, registry_id, id, 'WORK', 'FAILED', 'PLATFORM', $2, $3, 'CCIP', 1, '0x' from works where tenant_id = $1 returning id`,
    [tenantId, HOME, MIRROR],
  );
  rows.dispatch = encodeGlobalId('Dispatch', inserted.rows[0].id);
  const { saleId, paymentId } = await insertSale(tenantId);
  rows.sale = encodeGlobalId('Sale', saleId);
  rows.payment = paymentId;
  await admin(
    `with offer as (
       insert into licence_offers (tenant_id, registry_id, chain_id, offer_id, template_hash, price, transferable, revocable,
                                   token_ids, withdrawn, provisional)
       select tenant_id, id, $2, 0, '0x', 5, false, true, '{}', false, false from registries where tenant_id = $1
       returning tenant_id, registry_id)
     insert into licences (tenant_id, registry_id, grant_id, chain_id, offer_id, template_hash, holder, token_ids, revision,
                           granted_at, transferable, revocable, revoked, provisional, copies)
     select tenant_id, registry_id, $3, $2, 0, '0x', $4, '{}', 1, now(), false, true, false, false, '[]' from offer`,
    [tenantId, HOME, SAMPLE_GRANT, HOLDER],
  );
  await api.pendingWalletChanges(tenantId);
  rows.guardAction = (await make('freezeWork')).action.id;
  const settled = await admin(
    `insert into settlements (tenant_id, registry_id, state, source_chain_id, destination_chain_id, asset, lane_choice, subject, credits, amount)
     select tenant_id, id, 'AWAITING_APPROVAL', $2, $3, $2 || '/slip44:60', 'CCIP', $3, '[]', 0 from registries where tenant_id = $1 returning id`,
    [tenantId, MIRROR, HOME],
  );
  rows.settlement = encodeGlobalId('Settlement', settled.rows[0].id);
  rows.apiKey = (await make('createApiKey')).apiKey.id;
  rows.export = await api.readyExport(tenant);
  rows.signingKey = (await make('importSigningKey')).signingKey.id;
  rows.webhookEndpoint = (await make('createWebhookEndpoint')).endpoint.id;
  rows.webhookDelivery = (await make('sendTestWebhook')).delivery.id;
  const { memberId, sessionId } = await api.member(tenant, MemberRole.AUDITOR);
  Object.assign(rows, { member: memberId, session: sessionId, tenant: tenantId });
  return rows;
}

/** A sale of the tenant's work, with a payment that somebody has attributed to it. */
async function insertSale(tenantId: string): Promise<{ saleId: string; paymentId: string }> {
  const { rows } = await admin(
    `with seen as (
       insert into sale_transactions (tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash, block_time, standing, final)
       select tenant_id, registry_id, $2, '0xt', 7, '0xb', now(), true, true from works where tenant_id = $1 returning *
     ), paid as (
       insert into sale_payments (tenant_id, id, project_id, registry_id, chain_id, transaction_hash, log_place, block_number,
                                  block_hash, paid_at, receiver, asset, amount, state)
       select tenant_id, gen_random_uuid(), w.project_id, registry_id, $2, '0xt', 0, 7, '0xb', now(), $3, 'eip155:1/slip44:60', 5, 'FINAL'
         from works w where tenant_id = $1 returning id
     ), sold as (
     insert into sales (tenant_id, id, project_id, registry_id, work_id, chain_id, transaction_hash, log_place, block_number,
                        block_hash, sold_at, venue, seller, buyer, asset, price, bundled, marks, state, policy_revision, ground,
                        verdict, expected, paid)
     select w.tenant_id, gen_random_uuid(), w.project_id, w.registry_id, w.id, $2, '0xt', 1, 7, '0xb', now(), 'SEAPORT', $3, $3,
            'eip155:1/slip44:60', 100, false, '{}', 'FINAL', 0, 'PROVEN', 'EXACT', 5, 5
       from works w join seen on true where w.tenant_id = $1 returning id
     ), attributed as (
       insert into payment_attributions (tenant_id, payment_id, sale_id, amount, settled, reason)
       select $1, paid.id, sold.id, 5, 0, 'by hand' from paid, sold
     )
     select sold.id as "saleId", paid.id as "paymentId" from sold, paid`,
    [tenantId, HOME, HOLDER],
  );
  return rows[0];
}

/**
 * A fingerprint of all rows of the owner, in every table that has a tenant: but for the counts of requests, to which the
 * owner's own are added some seconds after they were made.
 */
async function fingerprint(): Promise<Record<string, string>> {
  const { rows } = await inspector.query<{ name: string; print: string }>({
    name: 'fingerprint',
    text: printAll,
    values: [owner.tenantId],
  });
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}

/** One statement over all those tables: each operation's fingerprint is taken four times. */
async function fingerprintOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'metered_requests'
      order by 1`,
  );
  const prints = rows.map(
    ({
      name,
    }) => `select '${name}' as name, count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as print
                     from ${name} t where tenant_id = $1`,
  );
  return prints.join(' union all ');
}

async function run({ query, variables }: Operation, of: Ids, key: string): Promise<Answer> {
  if (!query.startsWith('subscription')) return api.send(query, variables(of), key);
  const subscription = api.subscribe(query, variables(of), key);
  try {
    return (await subscription.next()) ?? {};
  } finally {
    await subscription.close();
  }
}

/** A person of the stranger's, with all rights there. */
let strangersPerson: string;
beforeAll(async () => {
  strangersPerson = (await api.member(stranger, MemberRole.OWNER)).token;
});
const strangersKey = ({ scope }: Operation) => (scope === 'person' ? strangersPerson : stranger.apiKey);
const expectNothingOf = (of: Ids, answer: Answer) => {
  const shown = JSON.stringify(answer);
  for (const id of Object.values(of)) {
    expect(shown).not.toContain(id);
    expect(shown).not.toContain(decodeGlobalId(id)?.id ?? id);
  }
};
const codes = ({ errors }: Answer) => errors && [...new Set(errors.map(({ extensions }) => extensions.code))];
const all = Object.entries({ ...QUERIES, ...MUTATIONS, ...SUBSCRIPTIONS });
const withForeignIds = all.filter(([, { foreign }]) => foreign !== Foreign.NO_IDS);

describe.each(withForeignIds)('%s', (_name, operation) => {
  test("neither shows nor changes another tenant's rows, though the caller has rows of its own", async () => {
    const before = await fingerprint();
    const answer = await run(operation, ids, strangersKey(operation));
    expectNothingOf(ids, answer);
    expect(await fingerprint()).toEqual(before);
    const isRefused = operation.foreign === Foreign.NOT_FOUND || operation.foreign === Foreign.FORBIDDEN;
    expect(codes(answer)).toEqual(isRefused ? [operation.foreign] : operation.refused && [operation.refused]);
    if (operation.foreign === Foreign.NULL)
      expect(new Set(Object.values(answer.data))).toEqual(new Set([null]));
  });
});

test.each(withForeignIds)('%s finds the same rows for their owner', async (_name, operation) => {
  const key = operation.scope === 'operator' ? api.operatorKey : strangersKey(operation);
  const answer = await run(operation, strangersIds, key);
  // Rules about the work, its lanes and its holder may still refuse, and so may chains that no endpoint
  // of this test serves: all of those have looked at the rows.
  const refusals = [
    operation.refused,
    'CONFLICT',
    'LANE_NOT_OPEN',
    'NOT_WORK_HOLDER',
    'OWNER_CONSENT_MISSING',
    'REGISTRY_KIND',
    'RPC_UNAVAILABLE',
    'NOTHING_TO_SETTLE',
    'PAYMENT_NOT_SUSPENDED',
    'SETTLEMENT_NOT_CANCELLABLE',
  ];
  expect((codes(answer) ?? []).filter((code) => !refusals.includes(code))).toEqual([]);
});

/** Statements as they are without their tenant filter, e.g. when somebody forgot it. */
const withoutFilter = (sql: string) => sql.replaceAll(/\btenant_id = \$1\b/g, '($1::uuid is not null)');

describe('with the tenant filter deleted from every statement of every service', () => {
  /** A read of a list that has lost its filter, as it was sent. */
  const reads: { sql: string; values: unknown[] }[] = [];

  beforeAll(() => {
    const transaction = TenantDatabase.prototype.transaction;
    jest.spyOn(TenantDatabase.prototype, 'transaction').mockImplementation(function (
      this: TenantDatabase,
      tenantId,
      work,
    ) {
      return transaction.call(this, tenantId, (tx) => {
        const manager = Object.create(tx.manager, {
          query: {
            value: (sql: string, values: unknown[] = []) => {
              const changed = withoutFilter(sql);
              if (changed !== sql && /from projects where/.test(sql)) reads.push({ sql: changed, values });
              return tx.manager.query(changed, values);
            },
          },
        });
        return work({ ...tx, manager });
      });
    } as TenantDatabase['transaction']);
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });

  test.each(withForeignIds)(
    '%s still leaks nothing: row security is the second wall',
    async (_name, operation) => {
      const before = await fingerprint();
      expectNothingOf(ids, await run(operation, ids, strangersKey(operation)));
      expect(await fingerprint()).toEqual(before);
    },
  );

  test('and it is row security alone that stops it: without it the same statements leak', async () => {
    const leaked = await Promise.all(reads.map(({ sql, values }) => admin(sql, values)));
    expect(JSON.stringify(leaked.map(({ rows }) => rows))).toContain(decodeGlobalId(ids.project)?.id);
  });
});

test('the fingerprint sees a change', async () => {
  const before = await fingerprint();
  await run(MUTATIONS['updateMetadata'] as Operation, ids, owner.apiKey);
  expect(await fingerprint()).not.toEqual(before);
});
