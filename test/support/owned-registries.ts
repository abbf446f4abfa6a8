import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { type Hex, zeroAddress } from 'viem';
import { verifyTypedData } from 'viem/utils';
import type { ChainAccess } from '../../chains/transactions/chain-access';
import { ChainLogRepository } from '../../domain/chain-state/log-repository';
import { DispatchRepository } from '../../domain/dispatch/dispatch-repository';
import { GuardActionRepository } from '../../domain/guard/guard-action-repository';
import { GuardService } from '../../domain/guard/guard-service';
import { LastOwnerRepository } from '../../domain/guard/last-owner-repository';
import { LicenceRepository } from '../../domain/licensing/licence-repository';
import { OutboxRepository } from '../../domain/outbox/outbox-repository';
import { OwnerConsentService } from '../../domain/ownership/owner-consent-service';
import { RegistryEventRepository } from '../../domain/provenance/registry-event-repository';
import { RegistryRepository } from '../../domain/registry/registry-repository';
import { WorkRepository } from '../../domain/registry/work-repository';
import { PolicyRepository } from '../../domain/royalties/policy-repository';
import { type ChainId, evmAccountId } from '../../schema/caip';
import { type RegistryId, registryIdSchema, type TenantId } from '../../schema/ids';
import { openDataSource } from '../../tenants/data-source';
import { TenantDatabase } from '../../tenants/tenant-database';
import { createTestDatabase } from './test-database';

/** A registry as a test puts it down. Its first chain is its home. */
export interface OwnedRegistry {
  readonly owner: Hex;
  readonly chainIds: readonly [ChainId, ...ChainId[]];
  /** Of every chain, by component. */
  readonly contracts: Readonly<Record<string, Hex>>;
}

/**
 * A database with what guardians and owners of registries ask for.
 *
 * @param self - The platform's account, of every tenant.
 */
export async function openOwnedRegistries(self: Hex, now?: () => Date) {
  const database = await createTestDatabase();
  const source = await openDataSource({ url: database.appUrl, poolSize: 5, applicationName: 'test' });
  const admin = new Pool({ connectionString: database.adminUrl, max: 2 });
  const tenants = new TenantDatabase(source);
  const registries = new RegistryRepository({ stateChanged: async () => undefined });
  // CAST: services ask a chain for nothing else here; a key's signature needs no chain to be checked, and a key answers no call.
  const client = { verifyTypedData, call: async () => ({}) };
  const chains = { get: () => ({ public: client }) as unknown as ChainAccess };
  // CAST: nobody is asked to sign.
  const account = { address: self } as never;
  const signers = { accountFor: async () => account, accountOf: async () => account };
  const consents = new OwnerConsentService(tenants, registries, chains, signers, now);
  const stores = {
    registries,
    guardActions: new GuardActionRepository(),
    lastOwners: new LastOwnerRepository(),
    works: new WorkRepository(),
    dispatches: new DispatchRepository({ statesChanged: async () => undefined }),
    events: new RegistryEventRepository(),
    outbox: new OutboxRepository(),
    logs: new ChainLogRepository(),
    licences: new LicenceRepository(),
    policies: new PolicyRepository(),
  };
  return {
    admin,
    tenants,
    chains,
    consents,
    signers,
    stores,
    guard: new GuardService(tenants, stores, consents),
    async tenant(): Promise<TenantId> {
      const { rows } = await admin.query("insert into tenants (name) values ('t') returning tenant_id");
      return rows[0].tenant_id;
    },
    async registry(tenantId: TenantId, { owner, chainIds, contracts }: OwnedRegistry): Promise<RegistryId> {
      const registryId = registryIdSchema.parse(randomUUID());
      const [home] = chainIds;
      await admin.query(
        `with project as (
           insert into projects (tenant_id, name, artist_name, artist_account, script, script_hash, edition_cap, royalty_bps, licence)
           values ($1, 'p', 'a', 'eip155:1:0x0', 's', '0x', 1, 0, 'l') returning id)
         insert into registries (tenant_id, id, project_id, name, symbol, state, home_chain_id, chain_ids, owner, manifest, contracts)
         select $1, $2, id, 'n', 's', 'ACTIVE', $3, $4, $5, $6, $7 from project`,
        [
          tenantId,
          registryId,
          home,
          chainIds,
          evmAccountId(home, owner),
          { artist: zeroAddress, adopted: zeroAddress },
          JSON.stringify(chainIds.map((chainId) => ({ chainId, ...contracts }))),
        ],
      );
      return registryId;
    },
    async close(): Promise<void> {
      await source.destroy();
      await admin.end();
      await database.drop();
    },
  };
}

export type OwnedRegistries = Awaited<ReturnType<typeof openOwnedRegistries>>;
