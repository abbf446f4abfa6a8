import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { zeroAddress } from 'viem';
import { chainHashOf } from '../../../chains/evm/registry/manifest';
import { LicenceProjection } from '../../../domain/licensing/licence-projection';
import { LicenceRepository } from '../../../domain/licensing/licence-repository';
import { OutboxRepository } from '../../../domain/outbox/outbox-repository';
import type { EventArgs, RegistryEvent, RegistryEventName } from '../../../domain/provenance/registry-event';
import { RegistryEventRepository } from '../../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../../domain/registry/registry-repository';
import { evmAccountId } from '../../../schema/caip';
import { type RegistryId, registryIdSchema, type TenantId } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import { ADA, BOB } from '../../support/travel-events';
import { BASE, HOME } from '../../support/travel-steps';

const GRANT = `0x${'9'.repeat(64)}`;
const TEMPLATE = `0x${'8'.repeat(64)}`;

let database: TestDatabase;
let source: DataSource;
let admin: Pool;
let tenants: TenantDatabase;
let tenantId: TenantId;
let registryId: RegistryId;
const events = new RegistryEventRepository();
const licences = new LicenceRepository();
const registries = new RegistryRepository({ stateChanged: async () => undefined });
const projection = new LicenceProjection({ events, licences, outbox: new OutboxRepository() });

beforeAll(async () => {
  database = await createTestDatabase();
  source = await openDataSource({ url: database.appUrl, poolSize: 2, applicationName: 'test' });
  admin = new Pool({ connectionString: database.adminUrl, max: 2 });
  tenants = new TenantDatabase(source);
});
afterAll(async () => {
  await source.destroy();
  await admin.end();
  await database.drop();
});
beforeEach(async () => {
  tenantId = (await admin.query("insert into tenants (name) values ('t') returning tenant_id")).rows[0]
    .tenant_id;
  registryId = registryIdSchema.parse(randomUUID());
  await admin.query(
    `with project as (
       insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
       values ($1, 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l') returning id)
     insert into registries (tenant_id, id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
     select $1, $2, id, 'n', 's', 'ACTIVE', $3, array[$3, $4], $5, $6, '[]' from project`,
    [
      tenantId,
      registryId,
      HOME,
      BASE,
      evmAccountId(HOME, ADA),
      { artist: zeroAddress, adopted: zeroAddress },
    ],
  );
});

const grant = {
  templateHash: TEMPLATE,
  grantedAt: '1000',
  expiresAt: '0',
  transferable: true,
  revocable: true,
  workIds: '[]',
};
const place = (name: RegistryEventName, blockNumber: number, args: EventArgs): RegistryEvent => ({
  chainId: HOME,
  blockNumber,
  logIndex: 0,
  blockHash: '0xb',
  transactionHash: '0xt',
  name,
  tokenId: null,
  digest: null,
  args,
  final: true,
});
const offered = (price = '5') =>
  place('LicenceOffered', 1, {
    ...grant,
    offerId: '0',
    currency: zeroAddress,
    price,
    termSeconds: '0',
    closesAt: '0',
  });
const bought = (over: Partial<RegistryEvent> = {}): RegistryEvent => ({
  ...place('LicenceBought', 2, { ...grant, grantId: GRANT, offerId: '0', holder: ADA, buyer: BOB }),
  ...over,
});
const applied = (): RegistryEvent => ({
  ...place('GrantApplied', 3, {
    ...grant,
    grantId: GRANT,
    holder: ADA,
    revision: '1',
    issuerChainHash: chainHashOf(HOME),
  }),
  chainId: BASE,
});

/** Makes these the registry's events, and projects what is touched. */
async function project(present: readonly RegistryEvent[], touched = present): Promise<void> {
  await tenants.transaction(tenantId, async (tx) => {
    const heights = [HOME, BASE].map((chainId) => ({ chainId, blockNumber: 0 }));
    await events.replaceAbove(tx, registryId, heights, present);
    const registry = await registries.get(tx, registryId);
    await projection.projected(tx, { registry, touched, fallen: [], works: [] });
  });
}
const found = () => tenants.transaction(tenantId, (tx) => licences.findLicence(tx, registryId, GRANT));
const queued = async () =>
  (
    await admin.query("select payload from outbox where tenant_id = $1 and job = 'replicate-licence'", [
      tenantId,
    ])
  ).rows;

test('what a reorg took away is gone, and is there again when the chain has it again', async () => {
  await project([offered(), bought()]);
  expect(await found()).toMatchObject({ holder: evmAccountId(HOME, ADA), state: 'ACTIVE', copies: [] });
  await project([], [offered(), bought()]);
  expect(await found()).toBeUndefined();
  expect(
    await tenants.transaction(tenantId, (tx) => licences.findOffer(tx, registryId, HOME, '0')),
  ).toBeUndefined();
  await project([offered(), bought({ blockNumber: 4 })]);
  expect(await found()).toMatchObject({ revision: 1 });
});

test('other chains are told of a final licence that was paid for, once, until they have it', async () => {
  await project([offered(), bought({ final: false })]);
  expect(await queued()).toEqual([]);
  await project([offered(), bought()]);
  await project([offered(), bought()]);
  expect(await queued()).toEqual([{ payload: { tenantId, registryId, grantId: GRANT } }]);
  await admin.query('delete from outbox where tenant_id = $1', [tenantId]);
  await project([offered(), bought(), applied()]);
  expect(await queued()).toEqual([]);
  expect(await found()).toMatchObject({ copies: [{ chainId: BASE, revision: 1, provisional: false }] });
});

test('nobody has the tenant pay bridges for licences that cost nothing', async () => {
  await project([offered('0'), bought()]);
  expect(await queued()).toEqual([]);
});

test('changes of a licence that others know are told to them, even if it cost nothing', async () => {
  const revoked = place('LicenceRevoked', 5, {
    grantId: GRANT,
    holder: ADA,
    reasonHash: TEMPLATE,
    revision: '2',
  });
  await project([offered('0'), bought(), applied(), revoked]);
  expect(await found()).toMatchObject({ state: 'REVOKED', revision: 2 });
  expect(await queued()).toHaveLength(1);
});
