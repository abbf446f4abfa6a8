import type { Manifest } from '../../chains/evm/registry/manifest';
import type { AccountId, ChainId } from '../../schema/caip';
import type { ProjectId, RegistryId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { RegistryFilter } from '../../schema/inputs/registry';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { PreparedCall } from '../../schema/types/prepared-call';
import type { Registry, RegistryContracts, RegistryState, ReleasePolicy } from '../../schema/types/registry';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import { nodeSelection, readPage } from '../page';
import { type DeploymentStep, type StepAction, stepSchema } from './deployment-plan';
import { type StoredManifest, storedManifestSchema } from './manifest';
import { REGISTRIES } from './registry-rows';

export interface NewRegistry {
  readonly id: RegistryId;
  readonly projectId: ProjectId;
  readonly name: string;
  readonly symbol: string;
  readonly homeChainId: ChainId;
  readonly chainIds: readonly ChainId[];
  readonly owner: AccountId;
  readonly manifest: StoredManifest;
  readonly contracts: readonly RegistryContracts[];
  readonly releasePolicy: ReleasePolicy;
}

/** Whoever must know how far the deployment of registries is. */
export interface RegistryListener {
  /** Runs in the transaction in which the registry was made or entered another state. */
  stateChanged(tx: TenantTx, registry: Registry): Promise<void>;
}

/** Registries and the steps of their deployment. */
export class RegistryRepository {
  constructor(private readonly listener: RegistryListener) {}

  async insert(tx: TenantTx, registry: NewRegistry, steps: readonly DeploymentStep[]): Promise<void> {
    await tx.manager.query(
      `insert into registries (tenant_id, id, project_id, name, symbol, home_chain_id, chain_ids, owner, manifest, contracts,
                               release_policy)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tx.tenantId,
        registry.id,
        registry.projectId,
        registry.name,
        registry.symbol,
        registry.homeChainId,
        registry.chainIds,
        registry.owner,
        JSON.stringify(registry.manifest),
        JSON.stringify(registry.contracts),
        registry.releasePolicy,
      ],
    );
    await tx.manager.query(
      `insert into registry_steps (tenant_id, registry_id, step_key, position, chain_id, action)
       select $1, $2, * from unnest($3::text[], $4::int[], $5::text[], $6::jsonb[])`,
      [
        tx.tenantId,
        registry.id,
        steps.map(({ key }) => key),
        steps.map((_step, index) => index),
        steps.map(({ chainId }) => chainId),
        steps.map(({ action }) => JSON.stringify(action)),
      ],
    );
    await this.listener.stateChanged(tx, await this.get(tx, registry.id));
  }

  async findByIds(tx: TenantTx, ids: readonly RegistryId[]): Promise<Registry[]> {
    const rows: object[] = await tx.manager.query(
      `select ${REGISTRIES.columns} from registries where tenant_id = $1 and id = any($2)`,
      [tx.tenantId, ids],
    );
    return REGISTRIES.nodes(rows);
  }

  /** Those that are deployed and stand on a chain. */
  async activeOn(tx: TenantTx, chainId: ChainId): Promise<RegistryId[]> {
    const rows: { id: RegistryId }[] = await tx.manager.query(
      `select id from registries where tenant_id = $1 and state = 'ACTIVE' and $2 = any(chain_ids) order by created_at, id`,
      [tx.tenantId, chainId],
    );
    return rows.map(({ id }) => id);
  }

  /** @throws {@link NotFoundError} if the tenant has no such registry. */
  async get(tx: TenantTx, registryId: RegistryId): Promise<Registry> {
    const [registry] = await this.findByIds(tx, [registryId]);
    if (registry === undefined) throw new NotFoundError('Registry', registryId);
    return registry;
  }

  /** The registry of a project, locked until the transaction ends, so that it does not enter another state meanwhile. */
  async lockOfProject(tx: TenantTx, projectId: ProjectId): Promise<Registry | undefined> {
    await tx.manager.query(
      'select from registries where tenant_id = $1 and project_id = $2 for no key update',
      [tx.tenantId, projectId],
    );
    return this.findOfProject(tx, projectId);
  }

  /** A project's registry; undefined before it has one. */
  async findOfProject(tx: TenantTx, projectId: ProjectId): Promise<Registry | undefined> {
    const rows: { id: RegistryId }[] = await tx.manager.query(
      'select id from registries where tenant_id = $1 and project_id = $2',
      [tx.tenantId, projectId],
    );
    const [registry] = await this.findByIds(
      tx,
      rows.map(({ id }) => id),
    );
    return registry;
  }

  /**
   * Locks a registry until the transaction ends, so that two mints cannot both take the last place under the cap. Not its
   * key: whoever writes something else that belongs to it (a dispatch) neither waits for a mint nor gets into a deadlock
   * with it over the tenant's usage.
   */
  async lock(tx: TenantTx, registryId: RegistryId): Promise<void> {
    await tx.manager.query('select from registries where tenant_id = $1 and id = $2 for no key update', [
      tx.tenantId,
      registryId,
    ]);
  }

  async page(
    tx: TenantReads,
    request: PageRequest,
    filter: RegistryFilter,
    selection?: Selection,
  ): Promise<Page<Registry>> {
    return readPage(tx, request, {
      ...REGISTRIES.select(nodeSelection(selection)),
      selection,
      where: {
        project_id: filter?.projectId,
        state: filter?.state,
        home_chain_id: filter?.homeChainId,
      },
    });
  }

  async manifest(tx: TenantTx, registryId: RegistryId): Promise<Manifest> {
    const rows: { manifest: unknown }[] = await tx.manager.query(
      'select manifest from registries where tenant_id = $1 and id = $2',
      [tx.tenantId, registryId],
    );
    return storedManifestSchema.parse(rows[0]?.manifest);
  }

  /** The steps that are still to be done, in the order of the plan. */
  async openSteps(tx: TenantTx, registryId: RegistryId): Promise<DeploymentStep[]> {
    const rows: { step_key: string; chain_id: ChainId; action: StepAction }[] = await tx.manager.query(
      `select step_key, chain_id, action from registry_steps
        where tenant_id = $1 and registry_id = $2 and done_at is null order by position`,
      [tx.tenantId, registryId],
    );
    return rows.map((row) =>
      stepSchema.parse({ key: row.step_key, chainId: row.chain_id, action: row.action }),
    );
  }

  async markDone(tx: TenantTx, registryId: RegistryId, stepKeys: readonly string[]): Promise<void> {
    await tx.manager.query(
      `update registry_steps set done_at = coalesce(done_at, now())
        where tenant_id = $1 and registry_id = $2 and step_key = any($3)`,
      [tx.tenantId, registryId, stepKeys],
    );
  }

  /** Whom the contracts on the home chain belong to now. */
  async setOwner(tx: TenantTx, registryId: RegistryId, owner: AccountId): Promise<void> {
    await tx.manager.query('update registries set owner = $3 where tenant_id = $1 and id = $2', [
      tx.tenantId,
      registryId,
      owner,
    ]);
  }

  async setState(
    tx: TenantTx,
    registryId: RegistryId,
    state: RegistryState,
    waitingFor: string | null,
    preparedCalls: readonly PreparedCall[] = [],
  ): Promise<void> {
    const [row]: { state_before: RegistryState }[] = await tx.manager.query(
      `with changed as (
         update registries set state = $3, waiting_for = $4, prepared_calls = $5
           from (select id as known_id, state as state_before from registries
                  where tenant_id = $1 and id = $2 for no key update) known
          where tenant_id = $1 and id = known_id returning state_before
       ) select * from changed`,
      [tx.tenantId, registryId, state, waitingFor, JSON.stringify(preparedCalls)],
    );
    if (row !== undefined && row.state_before !== state)
      await this.listener.stateChanged(tx, await this.get(tx, registryId));
  }
}
