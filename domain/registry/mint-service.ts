import { randomUUID } from 'node:crypto';
import { mintCall } from '../../chains/evm/registry/calls';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { evmAccountId } from '../../schema/caip';
import { type MintId, mintIdSchema, type TenantId, workIdSchema } from '../../schema/ids';
import type { MintWorks } from '../../schema/inputs/work';
import { submitMint } from '../../schema/jobs';
import type { Project } from '../../schema/types/project';
import { type Registry, RegistryState } from '../../schema/types/registry';
import { type Work, WorkState } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { canonicalHash } from '../canonical-json';
import { describeRevert } from '../dispatch/revert-reason';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import { addressOn } from './account-address';
import { mintIntentKey, setMintStand } from './mint-tracker';
import type { ProjectRepository } from './project-repository';
import { provenanceDocument } from './provenance-document';
import { contractsOn } from './registry-contracts';
import { EditionCapExceededError, RegistryNotReadyError } from './registry-errors';
import type { RegistryRepository } from './registry-repository';
import type { NewWork, WorkRepository } from './work-repository';

/** The tables that a mint touches. */
export interface MintStores {
  readonly projects: ProjectRepository;
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly outbox: OutboxRepository;
}

/** Mints works: accepts them with their provenance documents, then has their transaction sent. */
export class MintService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: MintStores,
    private readonly transactions: TransactionManager,
  ) {}

  /**
   * Accepts works for minting, all or none, in one transaction on the home chain. Answers them in the
   * order of the request.
   *
   * @throws {@link NotFoundError} (registry), {@link RegistryNotReadyError}, {@link EditionCapExceededError},
   * and a BAD_USER_INPUT error for a receiver that is not on the home chain.
   */
  async mint(tenantId: TenantId, { registryId, works }: MintWorks): Promise<Work[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
      const project = await this.reserve(tx, registry, works.length);
      const mintId = await this.insertMint(tx, registry);
      const rows = works.map((work): NewWork => {
        const firstHolder = addressOn(registry.homeChainId, work.to, 'to');
        const document = provenanceDocument(randomUUID(), registry, project);
        return {
          id: workIdSchema.parse(randomUUID()),
          projectId: project.id,
          registryId,
          mintId,
          firstHolder: evmAccountId(registry.homeChainId, firstHolder),
          document,
          documentHash: canonicalHash(document),
          metadata: work.metadata,
        };
      });
      await this.stores.works.insert(tx, rows);
      await this.stores.outbox.add(tx, submitMint, { tenantId, mintId });
      const minting = await this.stores.works.findByMint(tx, mintId);
      return rows.flatMap(({ id }) => minting.find((work) => work.id === id) ?? []);
    });
  }

  /** Sends the transaction of a mint. Running again sends nothing twice: the intent and the contract both refuse. */
  async submit(tenantId: TenantId, mintId: MintId): Promise<void> {
    const { registry, orders } = await this.database.transaction(tenantId, async (tx) => {
      const [work] = await this.stores.works.findByMint(tx, mintId);
      if (work === undefined) throw new Error(`mint ${mintId} has no works`);
      const orders = await this.stores.works.mintOrders(tx, mintId);
      return { registry: await this.stores.registries.get(tx, work.registryId), orders };
    });
    const works = orders.map(({ firstHolder, documentHash }) => ({
      to: addressOn(registry.homeChainId, firstHolder, 'to'),
      documentHash,
    }));
    const call = mintCall(contractsOn(registry, registry.homeChainId).collection, works);
    try {
      await this.transactions.submit({
        tenantId,
        chainId: registry.homeChainId,
        intentKey: mintIntentKey(mintId),
        valueWei: 0n,
        ...call,
      });
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      const failure = `The collection refused it: ${describeRevert(error.revertData)}`;
      await this.database.transaction(tenantId, (tx) =>
        setMintStand(tx, this.stores.works, mintId, { state: WorkState.MINT_FAILED, failure }),
      );
    }
  }

  /** The project, if its cap has room. Locks its registry, which is the only one that mints from it. */
  private async reserve(tx: TenantTx, registry: Registry, asked: number): Promise<Project> {
    await this.stores.registries.lock(tx, registry.id);
    const [project] = await this.stores.projects.findByIds(tx, [registry.projectId]);
    if (project === undefined) throw new NotFoundError('Project', registry.projectId);
    const accepted = await this.stores.works.countAccepted(tx, registry.id);
    if (accepted + asked > project.editionCap)
      throw new EditionCapExceededError(project.editionCap, accepted, asked);
    return project;
  }

  private async insertMint(tx: TenantTx, registry: Registry): Promise<MintId> {
    const rows: { id: string }[] = await tx.manager.query(
      'insert into mints (tenant_id, registry_id) values ($1, $2) returning id',
      [tx.tenantId, registry.id],
    );
    return mintIdSchema.parse(rows[0]?.id);
  }
}
