import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { keccak256, stringToBytes, toHex } from 'viem';
import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import { commitmentOf, tokenIdOf } from '../../chains/evm/registry/work-origin';
import { AuditRepository } from '../../domain/audit/audit-repository';
import { canonicalHash } from '../../domain/canonical-json';
import { Ledger } from '../../domain/ledger/ledger';
import { LedgerRepository } from '../../domain/ledger/ledger-repository';
import { ProvenanceRepository } from '../../domain/provenance/provenance-repository';
import { depositEntry } from '../../domain/royalties/sale-entries';
import { TenancyService } from '../../domain/tenancy/tenancy-service';
import { accountIdSchema, erc721ContractSchema, moneyIdSchema } from '../../schema/caip';
import { paymentIdSchema, projectIdSchema, type TenantId, workIdSchema } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { SystemDatabase } from '../../tenants/system-database';
import { TenantDatabase } from '../../tenants/tenant-database';
import { withClient } from './template-database';
import type { TestDatabase } from './test-database';

const HOME = 'eip155:11155111';
const MIRROR = 'eip155:84532';
const CONTRACT = '0x52908400098527886E0F7030069857D2E4169EE7';
const HOLDER = `${HOME}:${CONTRACT}`;
const SCRIPT = 'draw("≈")\n';
const HISTORY_LENGTH = 4;

export interface FullTenant {
  readonly tenantId: TenantId;
  readonly apiKey: string;
}

interface SampleWork {
  readonly id: string;
  readonly document: object;
  readonly documentHash: string;
  readonly edition: number;
  readonly seed: string;
  readonly commitment: string;
  readonly tokenId: bigint;
}

/** The tables that hold rows of tenants, as the database knows them. */
export async function tablesOfTenants(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** How many rows each of those tables has of a tenant. */
export async function rowsOf(client: Client, tenantId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await tablesOfTenants(client)) {
    const { rows } = await client.query(`select count(*)::int as count from ${table} where tenant_id = $1`, [
      tenantId,
    ]);
    counts[table] = rows[0].count;
  }
  return counts;
}

/** A tenant with rows in every table: works with unbroken histories, an audit log, and all the rest as samples. */
export async function fillTenant(
  { adminUrl, appUrl, systemUrl }: TestDatabase,
  name: string,
): Promise<FullTenant> {
  const own = { poolSize: 1, applicationName: 'test' };
  const [app, system] = await Promise.all([
    openDataSource({ url: appUrl, ...own }),
    openDataSource({ url: systemUrl, ...own }),
  ]);
  try {
    const tenant = await new TenancyService(new SystemDatabase(system)).createTenant(name);
    const works = [mintedWork(name, 1), mintedWork(name, 2), adoptedWork()];
    await withClient(adminUrl, async (admin) => {
      const { registryId } = await insertRegistry(admin, tenant.tenantId);
      await insertWorks(admin, tenant.tenantId, registryId, works);
      await admin.query(REST, [tenant.tenantId]);
      await admin.query(TRANSACTION, [tenant.tenantId]);
    });
    await writeHistories(new TenantDatabase(app), tenant.tenantId, works);
    await writeBooks(new TenantDatabase(app), tenant.tenantId);
    return tenant;
  } finally {
    await Promise.all([app.destroy(), system.destroy()]);
  }
}

function mintedWork(name: string, edition: number): SampleWork {
  const document = { version: 1, nonce: randomUUID(), project: { name, artist: 'Ada ≈' } };
  const origin = {
    documentHash: canonicalHash(document),
    seed: toHex(randomBytes(32)),
    edition: BigInt(edition),
  };
  const commitment = commitmentOf(origin);
  const tokenId = tokenIdOf(commitment, origin.edition);
  return { id: randomUUID(), document, ...origin, edition, commitment, tokenId };
}

function adoptedWork(): SampleWork {
  const contract = erc721ContractSchema.parse(`${HOME}/erc721:${CONTRACT}`);
  const tokenId = BigInt(toHex(randomBytes(8)));
  const { workId, ...origin } = adoptedOrigin(contract, tokenId);
  const adopted = { chainId: contract.chainId, contract: contract.address, tokenId: String(tokenId) };
  return { id: randomUUID(), document: { version: 1, adopted }, ...origin, edition: 0, tokenId: workId };
}

async function insertRegistry(admin: Client, tenantId: string): Promise<{ registryId: string }> {
  const projectId = randomUUID();
  const registryId = randomUUID();
  await admin.query(
    `insert into projects (tenant_id, id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence, metadata)
     values ($1, $2, 'Tides', 'Ada', $3, $4, $5, 10, 500, 'CC0-1.0', '{"note": "line\\nbreak", "size": 1.5e300}')`,
    [tenantId, projectId, HOLDER, SCRIPT, keccak256(stringToBytes(SCRIPT))],
  );
  await admin.query(
    `insert into registries (tenant_id, id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
     values ($1, $2, $3, 'Tides', 'TIDE', 'ACTIVE', $4, array[$4, $5], $6, '{}', '[]')`,
    [tenantId, registryId, projectId, HOME, MIRROR, HOLDER],
  );
  return { registryId };
}

async function insertWorks(
  admin: Client,
  tenantId: string,
  registryId: string,
  works: readonly SampleWork[],
): Promise<void> {
  const mintId = randomUUID();
  await admin.query('insert into mints (tenant_id, id, registry_id) values ($1, $2, $3)', [
    tenantId,
    mintId,
    registryId,
  ]);
  const insert = `
    insert into works (tenant_id, id, project_id, registry_id, mint_id, state, provisional, first_holder, document,
                       document_hash, metadata, edition, seed, commitment, token_id, chain_id, holder)
    select $1, $2, project_id, $3, $4, $5, false, $6, $7, $8, '{}', $9, $10, $11, $12::numeric, $13, $6
      from registries where tenant_id = $1 and id = $3`;
  for (const { id, document, documentHash, edition, seed, commitment, tokenId } of works)
    await admin.query(insert, [
      tenantId,
      id,
      registryId,
      mintId,
      'LIVE',
      HOLDER,
      document,
      documentHash,
      edition,
      seed,
      commitment,
      String(tokenId),
      HOME,
    ]);
  const waiting = { version: 1, nonce: randomUUID() };
  const none = [null, null, null, null, null];
  await admin.query(insert, [
    tenantId,
    randomUUID(),
    registryId,
    mintId,
    'MINTING',
    HOLDER,
    waiting,
    canonicalHash(waiting),
    ...none,
  ]);
}

/** Rows of every table that the above leaves empty, with values that only have to fit. */
const REST = `
  with r as (select * from registries where tenant_id = $1),
  w as (select * from works where tenant_id = $1 and token_id is not null order by id limit 1),
  step as (insert into registry_steps (tenant_id, registry_id, step_key, position, chain_id, action, done_at)
    select tenant_id, id, 'deploy', 1, home_chain_id, '{}', now() from r),
  watch as (insert into watched_addresses (tenant_id, chain_id, address, registry_id, from_block)
    select tenant_id, home_chain_id, decode(repeat('ab', 20), 'hex'), id, 7 from r),
  event as (insert into registry_events (tenant_id, registry_id, chain_id, block_number, log_index, block_hash, transaction_hash, name, token_id, args, final)
    select tenant_id, registry_id, chain_id, 9007199254740993, 0, '0xb', '0xt', 'WorkMinted', token_id, '{}', true from w),
  projection as (insert into projections (tenant_id, registry_id, chain_id, final_block)
    select tenant_id, id, home_chain_id, 12 from r),
  leg as (insert into legs (tenant_id, work_id, chain_id, asset_id, state, hop, revision, provisional)
    select tenant_id, id, 'eip155:11155111', 'asset', 'LIVE', 0, 0, false from w),
  revision as (insert into work_revisions (tenant_id, work_id, revision, metadata, state_hash)
    select tenant_id, id, 0, '{"title": "One"}', '' from w),
  finding as (insert into findings (tenant_id, work_id, rule, evidence) select tenant_id, id, 'rule', '{}' from w),
  dispatch as (insert into dispatches (tenant_id, registry_id, work_id, kind, origin, source_chain_id, destination_chain_id, lane_choice, hop, fee_wei)
    select tenant_id, registry_id, id, 'WORK', 'HOLDER', 'eip155:11155111', 'eip155:84532', 'CCIP', 1, 123456789012345678901 from w returning *),
  action as (insert into guard_actions (tenant_id, registry_id, work_id, dispatch_id, kind, reason, chain_id, subject)
    select tenant_id, registry_id, work_id, id, 'RETIRE_CHAIN', 'dead', 'eip155:84532', 's' from dispatch returning *),
  licence_text as (insert into licence_templates (tenant_id, hash, name, uri, document, terms)
    values ($1, '0xa', 'Gallery licence', 'https://gallery.example', 'You may show it.', '{}')),
  licence_offer as (insert into licence_offers (tenant_id, registry_id, chain_id, offer_id, template_hash, price, transferable,
                                                revocable, token_ids, withdrawn, provisional)
    select tenant_id, id, home_chain_id, 0, '0xa', 5, false, true, '{}', false, false from r),
  licence as (insert into licences (tenant_id, registry_id, grant_id, chain_id, offer_id, template_hash, holder, token_ids, revision,
                                    granted_at, transferable, revocable, revoked, provisional, copies)
    select tenant_id, id, '0xb', home_chain_id, 0, '0xa', owner, '{}', 1, now(), false, true, false, false, '[]' from r),
  last_owner as (insert into last_owners (tenant_id, action_id, token_id, holder) select tenant_id, id, 5, '0x1' from action),
  lane as (insert into nonce_lanes (tenant_id, chain_id, account) values ($1, 'eip155:11155111', '0xa')),
  secret as (insert into tenant_secrets (tenant_id, purpose, key_id, sealed)
    values ($1, 'signing', 'k', decode(repeat('5ec2e7', 20), 'hex'))),
  job as (insert into outbox (tenant_id, job, payload) values ($1, 'project-registry', '{}')),
  endpoint as (insert into webhook_endpoints (tenant_id, url, description, event_types)
    values ($1, 'https://receiver.example', 'd', '{*}') returning *),
  webhook_secret as (insert into webhook_secrets (tenant_id, endpoint_id, id, key_id, sealed)
    select tenant_id, id, gen_random_uuid(), 'k', decode(repeat('5ec2e7', 20), 'hex') from endpoint),
  told as (insert into webhook_events (tenant_id, id, type, finality, order_key, body)
    values ($1, gen_random_uuid(), 'work.minted', 'final', 'o', '{"a": "≈"}') returning *),
  delivery as (insert into webhook_deliveries (tenant_id, endpoint_id, event_id, origin, order_key, event_type, state, finished_at)
    select e.tenant_id, e.id, t.id, 'EVENT', 'o', 'work.minted', 'DELIVERED', now() from endpoint e, told t),
  warning as (insert into quota_warnings (tenant_id, quota, period, percent) values ($1, 'works', '10', 80)),
  metered as (insert into metered_deliveries (tenant_id, day, delivered) values ($1, '2026-11-01', 3)),
  asked as (insert into metered_requests (tenant_id, day, requests, refused) values ($1, '2026-11-01', 5, 1)),
  brought as (insert into signing_keys (tenant_id, kind, label, address) values ($1, 'IMPORTED', 'l', '0xa') returning *),
  assigned as (insert into signing_assignments (tenant_id, chain_id, signing_key_id)
    select tenant_id, 'eip155:1', id from brought),
  bounded as (insert into fee_limits (tenant_id, chain_id, max_total_fee_wei) values ($1, 'eip155:1', 5)),
  nodes as (insert into rpc_endpoints (tenant_id, chain_id, fallback, key_id, sealed)
    values ($1, 'eip155:1', true, 'k', decode(repeat('5ec2e7', 20), 'hex'))),
  member as (insert into members (tenant_id, email, name, role, password_hash)
    values ($1, 'ada@example.org', 'Ada', 'OWNER', '5ec2e75ec2e7') returning *),
  identity as (insert into member_identities (tenant_id, member_id, issuer, subject)
    select tenant_id, id, 'wallet', 'eip155:1:0xa' from member),
  session as (insert into sessions (tenant_id, member_id, token_hash, method, expires_at)
    select tenant_id, id, sha256(id::text::bytea), 'WALLET', now() + interval '1 h' from member),
  nonce as (insert into used_nonces (tenant_id, nonce, expires_at) values ($1, 'n', now())),
  provider as (insert into identity_providers (tenant_id, issuer, client_id, key_id, sealed)
    values ($1, 'https://login.example', 'c', 'k', decode(repeat('5ec2e7', 20), 'hex'))),
  request as (insert into idempotency_keys (tenant_id, key, fingerprint, expires_at)
    values ($1, 'request', sha256('x'), now() + interval '1 day') returning *),
  request_step as (insert into idempotency_steps (tenant_id, key, field, ordinal, result_key_id, result)
    select tenant_id, key, 'f', 0, 'k', '\\x00' from request),
  seen as (insert into sale_transactions (tenant_id, registry_id, chain_id, transaction_hash, block_number, block_hash, block_time, standing, final)
    select tenant_id, id, home_chain_id, '0xt', 9, '0xb', now(), true, true from r),
  sold as (insert into sales (tenant_id, id, project_id, registry_id, work_id, chain_id, transaction_hash, log_place, block_number,
                              block_hash, sold_at, venue, seller, buyer, asset, price, bundled, marks, state, policy_revision,
                              ground, verdict, expected, paid)
    select tenant_id, gen_random_uuid(), project_id, registry_id, id, 'eip155:11155111', '0xt', 1, 9, '0xb', now(), 'SEAPORT', 'a',
           'b', 'eip155:1/slip44:60', 123456789012345678901, false, '{PRIVATE}', 'FINAL', 0, 'PROVEN', 'EXACT', 5, 5 from w returning tenant_id, id),
  payment as (insert into sale_payments (tenant_id, id, project_id, registry_id, chain_id, transaction_hash, log_place, block_number,
                                         block_hash, paid_at, receiver, asset, amount, suspended, state)
    select tenant_id, gen_random_uuid(), project_id, id, home_chain_id, '0xt', 0, 9, '0xb', now(), 'c', 'eip155:1/slip44:60', 12, 7,
           'FINAL' from r returning tenant_id, id),
  attribution as (insert into payment_attributions (tenant_id, payment_id, sale_id, amount, settled, reason)
    select p.tenant_id, p.id, s.id, 5, 0, 'by hand' from payment p, sold s),
  settlement as (insert into settlements (tenant_id, registry_id, source_chain_id, destination_chain_id, asset, lane_choice,
                                          subject, credits, amount, fee_wei)
    select tenant_id, id, 'eip155:84532', home_chain_id, 'eip155:84532/slip44:60', 'CCIP', home_chain_id, '[]',
           123456789012345678901, 5 from r returning *),
  approval as (insert into settlement_approvals (tenant_id, settlement_id, member_id)
    select s.tenant_id, s.id, m.id from settlement s, member m),
  settlement_rule as (insert into settlement_rules (tenant_id, asset, approval_above, max_cost_bps, wait_above_cap,
                                                    valued_amount, valued_wei)
    values ($1, 'eip155:84532/slip44:60', 123456789012345678901, 500, true, 1, 1)),
  vault_posting as (insert into vault_postings (tenant_id, registry_id, movement_id, inclusion, standing)
    select tenant_id, id, gen_random_uuid(), 0, true from r),
  policy as (insert into royalty_policies (tenant_id, project_id, revision, effective_from, policy, hash)
    select tenant_id, project_id, 1, now(), '{}', '0x' from r),
  wallet_change as (insert into royalty_wallet_changes (tenant_id, project_id, number, state, old_wallet, new_wallet, seen_revision,
                                                       requested_at, effective_at, ended_at, cancelled_by)
    select tenant_id, project_id, 1, 'CANCELLED', 'eip155:84532:0x0', 'eip155:84532:0x1', 1, now(), now() + interval '3 days',
           now(), 'OWNER' from r),
  requested as (insert into export_requests (tenant_id, state, failure_code, failure_message)
    values ($1, 'FAILED', 'EXPORT_TOO_LARGE', 'too large') returning tenant_id, id),
  piece as (insert into export_chunks (tenant_id, export_id, attempt, position, bytes)
    select tenant_id, id, 1, 0, decode('5ec2e75ec2e7', 'hex') from requested)
  insert into tenant_exports (tenant_id, manifest_hash, signer, snapshot_at)
  values ($1, repeat('0', 64), 'ed25519:0', now() - interval '1 day')`;

const TRANSACTION = `
  with made as (
    insert into chain_transactions (tenant_id, chain_id, intent_key, account, to_address, data, value_wei, fills_gap, state, nonce,
                                    mined_hash, mined_block_number, mined_block_hash, succeeded)
    values ($1, 'eip155:11155111', 'intent', '0xa', '0xt', '\\x00ff', 5, false, 'final', 0, '0xh', 7, '0xb', true) returning *)
  insert into transaction_attempts (tenant_id, transaction_id, ordinal, hash, raw, nonce, gas, max_fee_per_gas_wei,
                                    max_priority_fee_per_gas_wei, signed_at_block, signed_at)
  select tenant_id, id, 1, '0xh', '\\x02', 0, 21000, 5, 1, 6, now() from made`;

async function writeHistories(
  database: TenantDatabase,
  tenantId: TenantId,
  works: readonly SampleWork[],
): Promise<void> {
  const provenance = new ProvenanceRepository();
  const audit = new AuditRepository();
  await database.transaction(tenantId, (tx) =>
    provenance.append(
      tx,
      works.map(({ id, commitment }) => ({
        workId: workIdSchema.parse(id),
        last: undefined,
        entries: Array.from({ length: HISTORY_LENGTH }, (_, index) => ({
          kind: index === 0 ? 'WorkMinted' : 'Transferred',
          facts: { commitment, number: index },
          evidence: null,
        })),
      })),
    ),
  );
  for (let index = 0; index < HISTORY_LENGTH; index += 1)
    await database.transaction(tenantId, (tx) =>
      audit.append(tx.manager, tenantId, {
        operation: 'createProject',
        actor: 'somebody',
        scopes: ['read'],
        requestId: `request ${index}`,
        inputHash: '0'.repeat(64),
      }),
    );
}

async function writeBooks(database: TenantDatabase, tenantId: TenantId): Promise<void> {
  const ledger = new Ledger(new LedgerRepository());
  await database.transaction(tenantId, async (tx) => {
    const [project]: { id: string }[] = await tx.manager.query('select id from projects limit 1');
    const entry = depositEntry({
      projectId: projectIdSchema.parse(project?.id),
      payment: {
        paymentId: paymentIdSchema.parse(randomUUID()),
        inclusion: 0,
        transactionHash: '0x1',
        paidAt: new Date(),
        receiver: accountIdSchema.parse(`${HOME}:${CONTRACT}`),
        asset: moneyIdSchema.parse(`${HOME}/slip44:60`),
        amount: 5n,
      },
    });
    await ledger.post(tx, [entry]);
    await ledger.finalise(tx, [entry]);
  });
}
