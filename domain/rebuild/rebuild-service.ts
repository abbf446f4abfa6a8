import type { LeaderLock } from '../../chains/follower/chain-store';
import type { ChainId } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { OwnerDatabase } from '../../tenants/owner-database';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { ChainComparison, ChainRebuilder } from './chain-rebuilder';
import { FollowerLeadsError, ProjectionWaitsError } from './rebuild-errors';
import { type RecordRebuilder, type RegistryComparison, RegistryState } from './record-rebuilder';

/** A registry with how it compares. */
export interface TenantRegistryComparison extends RegistryComparison {
  readonly tenantId: TenantId;
}

/** What a rebuild found, of all chains and registries that it looked at. */
export interface RebuildReport {
  readonly chains: readonly ChainComparison[];
  readonly registries: readonly TenantRegistryComparison[];
  /** Rows that were written or removed, by table; undefined if nothing was to be replaced. */
  readonly replaced: Readonly<Record<string, number>> | undefined;
}

/** Told of each chain and registry when it is done. */
export type OnCompared = (what: string) => void;

const NOTHING: ReadonlyMap<string, number> = new Map();

interface Place {
  readonly tenantId: TenantId;
  readonly registryId: RegistryId;
}

/** Rebuilds what is derived from chains: first the followers' record from the chains, then all else from that record. */
export class RebuildService {
  constructor(
    private readonly databases: { readonly tenants: TenantDatabase; readonly system: SystemDatabase },
    private readonly chains: ChainRebuilder,
    private readonly records: RecordRebuilder,
  ) {}

  /** Compares, and changes nothing. Followers and workers may run. */
  async compare(chainIds: readonly ChainId[], onCompared: OnCompared): Promise<RebuildReport> {
    const chains: ChainComparison[] = [];
    for (const chainId of chainIds) {
      chains.push(await this.chains.compare(chainId));
      onCompared(chainId);
    }
    const registries: TenantRegistryComparison[] = [];
    for (const { tenantId, registryId } of await this.registriesOn(chainIds)) {
      const comparison = await this.databases.tenants.rehearse(tenantId, (tx) =>
        this.records.compare(tx, registryId),
      );
      registries.push({ tenantId, ...comparison });
      onCompared(`registry ${registryId}`);
    }
    return { chains, registries, replaced: undefined };
  }

  /**
   * Puts what is rebuilt in the place of what differs: of each chain under its follower's lock, of each registry in one
   * transaction that no projection of it can get into.
   *
   * @param owner - Histories are append-only for everybody but the owner of the database.
   * @throws FollowerLeadsError while a follower leads on a chain; ProjectionWaitsError if events wait to be projected.
   */
  async replace(
    chainIds: readonly ChainId[],
    { owner, lock }: { readonly owner: OwnerDatabase; readonly lock: LeaderLock },
    onCompared: OnCompared,
  ): Promise<RebuildReport> {
    const leases = [];
    try {
      for (const chainId of chainIds) {
        const lease = await lock.tryAcquire(chainId);
        if (lease === undefined) throw new FollowerLeadsError(chainId);
        leases.push(lease);
      }
      const chains: ChainComparison[] = [];
      for (const chainId of chainIds) {
        chains.push(await this.chains.replace(chainId));
        onCompared(chainId);
      }
      const replaced: Record<string, number> = {};
      const registries: TenantRegistryComparison[] = [];
      for (const { tenantId, registryId } of await this.registriesOn(chainIds)) {
        const { comparison, changed } = await this.repair(owner, tenantId, registryId);
        for (const [table, rows] of changed) replaced[table] = (replaced[table] ?? 0) + rows;
        registries.push({ tenantId, ...comparison });
        onCompared(`registry ${registryId}`);
      }
      return { chains, registries, replaced };
    } finally {
      for (const lease of leases) await lease.release();
    }
  }

  private async repair(owner: OwnerDatabase, tenantId: TenantId, registryId: RegistryId) {
    const repaired = await owner.repair(tenantId, async (tx, asOwner) => {
      const place = [tenantId, registryId];
      const lock = 'select from projections where tenant_id = $1 and registry_id = $2 for update';
      await tx.manager.query(lock, place);
      const comparison = await this.records.compare(tx, registryId);
      const { state } = comparison;
      if (state === RegistryState.Behind) throw new ProjectionWaitsError(registryId);
      const isRight = state === RegistryState.Identical;
      const changed = isRight ? NOTHING : await this.records.replace(tx, registryId, asOwner);
      return { comparison, changed };
    });
    if (repaired.changed === NOTHING) return repaired;
    const after = await this.databases.tenants.rehearse(tenantId, (tx) =>
      this.records.compare(tx, registryId),
    );
    if (after.state === RegistryState.Different)
      throw new Error(`registry ${registryId} is still different after it was replaced`);
    return repaired;
  }

  /** The registries that stand on any of these chains, by tenant. */
  private async registriesOn(chainIds: readonly ChainId[]): Promise<Place[]> {
    const { tenants, system } = this.databases;
    const rows = await system.read<{ tenant_id: TenantId }>(
      'select tenant_id from tenants order by tenant_id',
      [],
    );
    const places: Place[] = [];
    for (const { tenant_id: tenantId } of rows) {
      const ids = await tenants.transaction(
        tenantId,
        ({ manager }): Promise<{ id: RegistryId }[]> =>
          manager.query(
            'select id from registries where tenant_id = $1 and chain_ids && $2::text[] order by id',
            [tenantId, chainIds],
          ),
      );
      places.push(...ids.map(({ id }) => ({ tenantId, registryId: id })));
    }
    return places;
  }
}
