import { randomUUID } from 'node:crypto';
import { VaultReader } from '../../chains/evm/registry/vault-reads';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type RegistryId, settlementIdSchema, type TenantId } from '../../schema/ids';
import type { Lane } from '../../schema/types/chain';
import type { LaneChoice } from '../../schema/types/dispatch';
import type { Registry } from '../../schema/types/registry';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { LaneService } from '../dispatch/lane-service';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { Batch } from './batches';
import { findRoute } from './route-finder';

/** What no bridge would carry, and why. */
export interface Stranded {
  readonly batch: Batch;
  readonly reason: string;
}

/** Which batches would go, and which no bridge would carry. */
export interface Scouted {
  readonly going: readonly Batch[];
  readonly stranded: readonly Stranded[];
}

/** Tells before anything is asked for what no bridge would carry, as things are set up; what has to wait may go. */
export class RouteScout {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: { readonly registries: RegistryRepository },
    private readonly chains: { readonly accesses: ChainAccesses; readonly signers: Signers },
    private readonly lanes: Pick<LaneService, 'lanesOf'>,
  ) {}

  /** Has each bridge that is chosen from priced and tried for each batch. @throws NotFoundError */
  async scout(
    tenantId: TenantId,
    registryId: RegistryId,
    batches: readonly Batch[],
    laneChoice: LaneChoice,
  ): Promise<Scouted> {
    if (batches.every(isLocal)) return { going: batches, stranded: [] };
    const { registry, lanes } = await this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      return { registry, lanes: await this.lanes.lanesOf(tx, registry) };
    });
    const scouted = await Promise.all(
      batches.map(async (batch) => ({
        batch,
        reason: isLocal(batch)
          ? undefined
          : await this.objection(tenantId, registry, lanes, batch, laneChoice),
      })),
    );
    return {
      going: scouted.filter(({ reason }) => reason === undefined).map(({ batch }) => batch),
      stranded: scouted.flatMap(({ batch, reason }) => (reason === undefined ? [] : [{ batch, reason }])),
    };
  }

  private async objection(
    tenantId: TenantId,
    registry: Registry,
    lanes: readonly Lane[],
    batch: Batch,
    laneChoice: LaneChoice,
  ): Promise<string | undefined> {
    const { sourceChainId, credits } = batch;
    const { royaltyVault } = contractsOn(registry, sourceChainId);
    if (royaltyVault === null) throw new Error('what is owed is owed by a vault');
    const [vault, { address: settler }] = await Promise.all([
      VaultReader.atLatest(this.chains.accesses.get(sourceChainId).public, royaltyVault),
      this.chains.signers.accountFor(tenantId, sourceChainId),
    ]);
    // Under a name that no vault has taken.
    const settlement = { ...batch, id: settlementIdSchema.parse(randomUUID()), laneChoice };
    const found = await findRoute({ settlement, vault, settler, lanes }, credits);
    return found.kind === 'none' ? found.reason : undefined;
  }
}

function isLocal({ sourceChainId, destinationChainId }: Batch): boolean {
  return sourceChainId === destinationChainId;
}
