import type { DataSource } from 'typeorm';
import { ChainLogRepository } from '../../domain/chain-state/log-repository';
import { LaneService } from '../../domain/dispatch/lane-service';
import { RegistryEventRepository } from '../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../domain/registry/registry-repository';
import { WorkRepository } from '../../domain/registry/work-repository';
import { chainIdSchema } from '../../schema/caip';
import { type RegistryId, registryIdSchema, type TenantId, tenantIdSchema } from '../../schema/ids';
import type { Registry } from '../../schema/types/registry';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase, type TenantTx } from '../../tenants/tenant-database';
import { fillTenant } from '../support/full-tenant';
import { rowsLookedAt } from '../support/rows-looked-at';
import { withClient } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const HOME = chainIdSchema.parse('eip155:11155111');
const MIRROR = chainIdSchema.parse('eip155:84532');
const QUIET = chainIdSchema.parse('eip155:1284');
const COLLECTION = `0x${'ab'.repeat(20)}` as const;
const STRANGER = `0x${'cd'.repeat(20)}` as const;
/** Of each table, beside what a full tenant has. */
const ROWS = 5_000;

let database: TestDatabase;
let source: DataSource;
let tenants: TenantDatabase;
let tenantId: TenantId;
let registryId: RegistryId;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await openDataSource({ url: database.appUrl, poolSize: 1, applicationName: 'test' });
  tenants = new TenantDatabase(source);
  tenantId = tenantIdSchema.parse((await fillTenant(database, 'searched')).tenantId);
  await withClient(database.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ registry_id: string }>(
      `insert into works (tenant_id, project_id, registry_id, mint_id, state, provisional, first_holder, document,
                          document_hash, metadata, edition, seed, commitment, token_id, chain_id, holder)
       select w.tenant_id, w.project_id, w.registry_id, w.mint_id, 'LIVE', false, w.first_holder, '{}', 'hash ' || n, '{}', n,
              '0x', '0x', 1000000 + n, w.chain_id, w.holder
         from (select * from works where tenant_id = $1 and token_id is not null order by id limit 1) w, generate_series(1, $2) n
       returning registry_id`,
      [tenantId, ROWS],
    );
    registryId = registryIdSchema.parse(rows[0]?.registry_id);
    await admin.query(
      `insert into registry_events (tenant_id, registry_id, chain_id, block_number, log_index, block_hash, transaction_hash,
                                    name, token_id, digest, args, final)
       select $1, $2, $4, n, 0, 'block ' || n, 'transaction ' || n, 'WorkMinted', 1000000 + n, 'digest ' || n,
              jsonb_build_object('grantId', 'grant ' || n, 'offerId', 'offer ' || n), true
         from generate_series(1, $3) n`,
      [tenantId, registryId, ROWS, MIRROR],
    );
    await admin.query(
      `insert into chain_logs (chain_id, block_number, log_index, block_time, address, topics, data, tx_hash, block_hash)
       select $1, n, 0, n, $2, '', '', '', '' from generate_series(1, $3) n`,
      [MIRROR, Buffer.from(COLLECTION.slice(2), 'hex'), ROWS],
    );
    await admin.query(
      `insert into dispatches (tenant_id, registry_id, work_id, kind, origin, source_chain_id, destination_chain_id,
                               lane_choice, transport, hop, sent_at, delivered_at)
       select $1, $2, work_id, 'WORK', 'PLATFORM', $4, $5, 'CCIP', 'CCIP', 1000 + n, sent, sent + n * interval '1 second'
         from (select id as work_id from works where tenant_id = $1 limit 1) w, generate_series(1, $3) n,
              lateral (select now() - n * interval '1 hour' as sent) s`,
      [tenantId, registryId, ROWS, HOME, MIRROR],
    );
    await admin.query('analyze works, registry_events, chain_logs, dispatches');
  });
});

afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const events = new RegistryEventRepository();
const works = new WorkRepository();
const logs = new ChainLogRepository();

/** What `search` found, and how many rows of the table PostgreSQL looked at for it. */
function looking(table: string, search: (tx: TenantTx) => Promise<readonly unknown[]>) {
  return tenants.transaction(tenantId, (tx) => rowsLookedAt(tx, table, () => search(tx)));
}

// Guarantee: what a question costs grows with its answer, not with the registry; row security does not undo an index.
describe('as the application, behind row security, no more rows are looked at than are found', () => {
  test.each<[string, string, (tx: TenantTx) => Promise<readonly unknown[]>]>([
    [
      'events by token',
      'registry_events',
      (tx) => events.find(tx, registryId, { tokenIds: ['1000007', '1000008'] }),
    ],
    [
      'events by token, of some names on a chain',
      'registry_events',
      (tx) =>
        events.find(tx, registryId, {
          tokenIds: ['1000007', '1000008'],
          names: ['WorkMinted', 'WorkBurned'],
        }),
    ],
    [
      'events by statement',
      'registry_events',
      (tx) => events.find(tx, registryId, { digests: ['digest 7', 'digest 8'] as never }),
    ],
    [
      'events by transaction',
      'registry_events',
      (tx) => events.find(tx, registryId, { transactionHashes: ['transaction 7', 'transaction 8'] as never }),
    ],
    [
      'events by grant',
      'registry_events',
      (tx) => events.findNaming(tx, registryId, 'grant_id', ['grant 7', 'grant 8']),
    ],
    [
      'events by offer',
      'registry_events',
      (tx) => events.findNaming(tx, registryId, 'offer_id', ['offer 7', 'offer 8']),
    ],
    [
      'events of chains above heights',
      'registry_events',
      (tx) =>
        events.findAbove(tx, registryId, [
          { chainId: QUIET, blockNumber: 0 },
          { chainId: MIRROR, blockNumber: ROWS - 2 },
        ]),
    ],
    [
      'logs of addresses above heights',
      'chain_logs',
      async (tx) => {
        const afterBlock = ROWS - 2;
        const found = await logs.logsAfter(tx, [
          { chainId: QUIET, addresses: [COLLECTION], afterBlock },
          { chainId: MIRROR, addresses: [COLLECTION, STRANGER], afterBlock },
        ]);
        return [...found.values()].flat();
      },
    ],
    [
      'works by document or token',
      'works',
      (tx) => works.findByChainKeys(tx, registryId, { documentHashes: ['hash 7'], tokenIds: ['1000008'] }),
    ],
  ])('%s', async (_, table, search) => {
    expect(await looking(table, search)).toEqual({ found: 2, rows: 2 });
  });

  test('a lane is as fast as its newest hundred deliveries were', async () => {
    const lanes = new LaneService(
      tenants,
      new RegistryRepository({ stateChanged: async () => undefined }),
      events,
    );
    // CAST: what else a registry has says nothing of its lanes.
    const registry = { id: registryId, homeChainId: HOME, chainIds: [HOME, MIRROR] } as Registry;
    const observed: unknown[] = [];
    const look = await looking('dispatches', async (tx) => {
      for (const { transport, sourceChainId, ...lane } of await lanes.lanesOf(tx, registry)) {
        observed.push([sourceChainId, transport, lane.observedDeliveries, lane.deliverySecondsP50]);
      }
      return observed;
    });
    expect(observed).toEqual([
      [HOME, 'CCIP', 100, 50.5],
      [HOME, 'LAYERZERO', 0, null],
      [MIRROR, 'CCIP', 0, null],
      [MIRROR, 'LAYERZERO', 0, null],
    ]);
    expect(look.rows).toBe(100);
  });

  test('and no index is made to be searched by what row security keeps from it', async () => {
    const { rows } = await withClient(database.adminUrl, (admin) =>
      admin.query(
        `select i.indexrelid::regclass::text as index, coalesce(a.attname, 'an expression') as column
           from pg_index i join pg_class t on t.oid = i.indrelid and t.relrowsecurity
           cross join generate_series(0, i.indnkeyatts - 1) place
           join pg_opclass c on c.oid = i.indclass[place]
           -- 3: the equality of a btree
           join pg_amop o on o.amopfamily = c.opcfamily and o.amoplefttype = c.opcintype
                         and o.amoprighttype = c.opcintype and o.amopstrategy = 3
           join pg_operator e on e.oid = o.amopopr join pg_proc p on p.oid = e.oprcode
           left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[place] and a.attnum > 0
          -- those of constraints keep rows apart, whoever is asking
          where not i.indisprimary and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
            and (a.attnum is null or not p.proleakproof)
          order by 1, 2`,
      ),
    );
    expect(rows).toEqual([]);
  });
});
