import { randomUUID } from 'node:crypto';
import type { Address, Hex } from 'viem';
import { commitMintsCall, type MintRequest, mintCall } from '../../chains/evm/registry/calls';
import { decodeRevert } from '../../chains/revert-reason';
import { hasFailed, type TransactionIntent } from '../../chains/transactions/transaction';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { evmAccountId } from '../../schema/caip';
import { type MintId, type TenantId, workIdSchema } from '../../schema/ids';
import type { MintWorks } from '../../schema/inputs/work';
import { submitMint } from '../../schema/jobs';
import type { Project } from '../../schema/types/project';
import { type Registry, RegistryState } from '../../schema/types/registry';
import { type Work, WorkState } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { canonicalHash } from '../canonical-json';
import { describeRevert } from '../dispatch/revert-reason';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { QuotaGuard } from '../tenancy/quota-guard';
import { addressOn } from './account-address';
import { type ConsentService, requireConsents } from './consent-service';
import { commitIntentKey, mintIntentKey, setMintStand } from './mint-tracker';
import type { ProjectRepository } from './project-repository';
import { provenanceDocument } from './provenance-document';
import { contractsOn } from './registry-contracts';
import { EditionCapExceededError, PreparedMintUsedError, RegistryNotReadyError } from './registry-errors';
import { requireOwnWorks } from './registry-kind';
import type { RegistryRepository } from './registry-repository';
import type { NewWork, WorkRepository } from './work-repository';

/** The tables that a mint touches. */
export interface MintStores {
  readonly projects: ProjectRepository;
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly outbox: OutboxRepository;
  readonly quotas: QuotaGuard;
}

/** How often a mint is sent before it is given up: more than one reorg should ever ask for. */
const MINT_ATTEMPTS = 5;

/** The collection's refusals that pass: the seed is not there yet, or this endpoint has not seen the commit. */
const TOO_EARLY = ['CommitTooYoung', 'EntropyNotReady', 'DocumentNotCommitted'];

/** A mint as its transactions need it. */
interface Order {
  readonly mintId: MintId;
  readonly intent: Pick<TransactionIntent, 'tenantId' | 'chainId' | 'valueWei'>;
  readonly collection: Address;
  readonly requests: readonly MintRequest[];
}

/** Mints works: accepts them with their provenance documents, then has their two transactions sent. */
export class MintService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: MintStores,
    private readonly transactions: TransactionManager,
    private readonly consents: ConsentService,
  ) {}

  /**
   * Accepts works for minting, all or none, in one commit on the home chain. Answers them in the
   * order of the request.
   *
   * @throws {@link NotFoundError} (registry), {@link RegistryKindError}, {@link RegistryNotReadyError},
   * {@link EditionCapExceededError}, {@link QuotaExceededError},
   * {@link ArtistSignatureMissingError}, {@link ArtistSignatureInvalidError}, {@link PreparedMintUsedError},
   * and a BAD_USER_INPUT error for a receiver that is not on the home chain.
   */
  async mint(tenantId: TenantId, input: MintWorks): Promise<Work[]> {
    if (input.works.some(({ artistSignature }) => artistSignature != null))
      await this.consents.check(tenantId, input);
    try {
      return await this.accept(tenantId, input);
    } catch (error) {
      if (isUniqueViolation(error, 'works_tenant_id_registry_id_document_hash_key'))
        throw new PreparedMintUsedError({ cause: error });
      throw error;
    }
  }

  private async accept(tenantId: TenantId, input: MintWorks): Promise<Work[]> {
    return this.database.transaction(tenantId, (tx) =>
      this.stores.quotas.within(tx, ['works', 'storageBytes'], () => this.begin(tx, input)),
    );
  }

  private async begin(tx: TenantTx, { registryId, works }: MintWorks): Promise<Work[]> {
    const registry = await this.stores.registries.get(tx, registryId);
    requireOwnWorks(registry, 'call adoptWorks.');
    if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
    requireConsents(registry, works);
    const project = await this.reserve(tx, registry, works.length);
    const mintId = await this.stores.works.insertMint(tx, registry.id);
    const rows = works.map((work): NewWork => {
      const firstHolder = addressOn(registry.homeChainId, work.to, 'to');
      const document = provenanceDocument(work.artistSignature?.nonce ?? randomUUID(), registry, project);
      return {
        id: workIdSchema.parse(randomUUID()),
        projectId: project.id,
        registryId,
        mintId,
        firstHolder: evmAccountId(registry.homeChainId, firstHolder),
        document,
        documentHash: canonicalHash(document),
        metadata: work.metadata,
        artistSignature: work.artistSignature?.signature,
      };
    });
    await this.stores.works.insert(tx, rows);
    await this.stores.outbox.add(tx, submitMint, { tenantId: tx.tenantId, mintId });
    const minting = await this.stores.works.findByMint(tx, mintId);
    return rows.flatMap(({ id }) => minting.find((work) => work.id === id) ?? []);
  }

  /**
   * Takes a mint its next step: has its works committed to, then minted, once the block is there that makes
   * their seeds. Running again sends nothing twice: the intents and the contract both refuse.
   *
   * @returns False if the next step is possible only later: ask again. Otherwise whoever follows the
   * transactions asks when there is more to do.
   */
  async submit(tenantId: TenantId, mintId: MintId): Promise<boolean> {
    const order = await this.order(tenantId, mintId);
    try {
      const commit = await this.transactions.submit({
        ...order.intent,
        intentKey: commitIntentKey(mintId),
        ...commitMintsCall(order.collection, order.requests),
      });
      return commit.inclusion?.succeeded === true ? await this.mintCommitted(order) : true;
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      if (isTooEarly(error.revertData)) return false;
      await this.giveUp(order, `The collection refused it: ${describeRevert(error.revertData)}`);
      return true;
    }
  }

  /** A reorg can move the commit behind the mint's block: that mint then failed for being early, and is sent anew. */
  private async mintCommitted(order: Order): Promise<boolean> {
    const documentHashes = order.requests.map(({ documentHash }) => documentHash);
    for (let attempt = 1; attempt <= MINT_ATTEMPTS; attempt += 1) {
      const mint = await this.transactions.submit({
        ...order.intent,
        intentKey: mintIntentKey(order.mintId, attempt),
        ...mintCall(order.collection, documentHashes),
      });
      if (!hasFailed(mint)) return true;
    }
    await this.giveUp(order, `Refused on chain ${MINT_ATTEMPTS} times.`);
    return true;
  }

  private async order(tenantId: TenantId, mintId: MintId): Promise<Order> {
    return this.database.transaction(tenantId, async (tx) => {
      const [work] = await this.stores.works.findByMint(tx, mintId);
      if (work === undefined) throw new Error(`mint ${mintId} has no works`);
      const registry = await this.stores.registries.get(tx, work.registryId);
      const { homeChainId } = registry;
      const orders = await this.stores.works.mintOrders(tx, mintId);
      return {
        mintId,
        intent: { tenantId, chainId: homeChainId, valueWei: 0n },
        collection: contractsOn(registry, homeChainId).collection,
        requests: orders.map(({ firstHolder, documentHash, artistSignature }) => ({
          to: addressOn(homeChainId, firstHolder, 'to'),
          documentHash,
          artistSignature: artistSignature ?? '0x',
        })),
      };
    });
  }

  private async giveUp({ mintId, intent: { tenantId } }: Order, failure: string): Promise<void> {
    await this.database.transaction(tenantId, (tx) =>
      setMintStand(tx, this.stores.works, mintId, { state: WorkState.MINT_FAILED, failure }),
    );
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
}

function isTooEarly(revertData: Hex | undefined): boolean {
  return revertData !== undefined && TOO_EARLY.includes(decodeRevert(revertData).name);
}
