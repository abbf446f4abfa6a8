import type { Address } from 'viem';
import {
  AdoptedTokenReader,
  adoptCall,
  adoptedOrigin,
  readAdoptedCodeHash,
} from '../../chains/evm/registry/adoption';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { ExecutionRevertedError } from '../../chains/transactions/transaction-errors';
import type { TransactionManager } from '../../chains/transactions/transaction-manager';
import { evmAccountId } from '../../schema/caip';
import type { MintId, RegistryId, TenantId } from '../../schema/ids';
import type { AdoptWorks } from '../../schema/inputs/work';
import { submitAdoption } from '../../schema/jobs';
import { type AdoptedPosture, type Registry, RegistryState } from '../../schema/types/registry';
import { type Work, WorkState } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { describeRevert } from '../dispatch/revert-reason';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { QuotaGuard } from '../tenancy/quota-guard';
import { adoptedWork } from './adopted-work';
import { setMintStand } from './mint-tracker';
import { contractsOn } from './registry-contracts';
import { NoSuchTokenError, RegistryNotReadyError } from './registry-errors';
import { requireAdopted } from './registry-kind';
import type { RegistryRepository } from './registry-repository';
import type { WorkRepository } from './work-repository';

/** The tables that an adoption touches. */
export interface AdoptionStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly outbox: OutboxRepository;
  readonly quotas: QuotaGuard;
}

interface OwnedToken {
  readonly tokenId: bigint;
  readonly holder: Address;
}

/** Names the intent of the transaction that adopts tokens. */
export function adoptionIntentKey(mintId: MintId): string {
  return `adopt:${mintId}`;
}

/** Makes tokens of an adopted contract works of the record. */
export class AdoptionService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: AdoptionStores,
    private readonly transactions: TransactionManager,
    private readonly chains: ChainAccesses,
  ) {}

  /**
   * Accepts tokens for adoption, all or none, in one transaction on the home chain. One that is adopted already, by
   * whomever, or on its way, is answered as it is; one whose adoption had failed is tried again.
   *
   * @returns The works in the order of the request.
   * @throws {@link NotFoundError} (registry), {@link RegistryKindError}, {@link RegistryNotReadyError},
   * {@link NoSuchTokenError}, {@link QuotaExceededError}
   */
  async adopt(tenantId: TenantId, { registryId, tokenIds }: AdoptWorks): Promise<Work[]> {
    const registry = await this.registry(tenantId, registryId);
    const owned = await this.owners(registry, tokenIds);
    return this.database.transaction(tenantId, (tx) =>
      this.stores.quotas.within(tx, ['works', 'storageBytes'], async () => {
        await this.stores.registries.lock(tx, registryId);
        await this.begin(tx, registry, owned);
        const works = await this.find(tx, registry, tokenIds);
        return tokenIds.flatMap((tokenId) => works.get(hashOf(registry, tokenId)) ?? []);
      }),
    );
  }

  /** Sends the transaction of an adoption. Running again sends nothing twice: the intent refuses. */
  async submit(tenantId: TenantId, mintId: MintId): Promise<void> {
    const { registry, tokenIds } = await this.database.transaction(tenantId, async (tx) => {
      const [work] = await this.stores.works.findByMint(tx, mintId);
      if (work === undefined) throw new Error(`adoption ${mintId} has no works`);
      return {
        registry: await this.stores.registries.get(tx, work.registryId),
        tokenIds: await this.stores.works.adoptedTokens(tx, mintId),
      };
    });
    const { collection } = contractsOn(registry, registry.homeChainId);
    try {
      await this.transactions.submit({
        tenantId,
        chainId: registry.homeChainId,
        intentKey: adoptionIntentKey(mintId),
        valueWei: 0n,
        ...adoptCall(collection, tokenIds),
      });
    } catch (error) {
      if (!(error instanceof ExecutionRevertedError)) throw error;
      const failure = `The adapter refused it: ${describeRevert(error.revertData)}`;
      await this.database.transaction(tenantId, (tx) =>
        setMintStand(tx, this.stores.works, mintId, { state: WorkState.MINT_FAILED, failure }),
      );
    }
  }

  /** Who has what power over the contract that a registry adopts, as its chain says now. */
  async posture(registry: Registry): Promise<AdoptedPosture> {
    const { chainId, address } = requireAdopted(registry);
    const client = this.chains.get(chainId).public;
    const [{ owner, implementation, proxyAdmin, codeHash }, adoptedHash] = await Promise.all([
      new AdoptedTokenReader(client, address).posture(),
      readAdoptedCodeHash(client, contractsOn(registry, chainId).collection),
    ]);
    const account = (found: Address | undefined) =>
      found === undefined ? null : evmAccountId(chainId, found);
    return {
      owner: account(owner),
      implementation: account(implementation),
      proxyAdmin: account(proxyAdmin),
      codeChanged: adoptedHash === undefined ? null : adoptedHash !== codeHash,
    };
  }

  private async registry(tenantId: TenantId, registryId: RegistryId): Promise<Registry> {
    const registry = await this.database.transaction(tenantId, (tx) =>
      this.stores.registries.get(tx, registryId),
    );
    requireAdopted(registry);
    if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
    return registry;
  }

  private async owners(registry: Registry, tokenIds: readonly bigint[]): Promise<OwnedToken[]> {
    const { chainId, address } = requireAdopted(registry);
    const reader = new AdoptedTokenReader(this.chains.get(chainId).public, address);
    return Promise.all(
      tokenIds.map(async (tokenId, index) => {
        const holder = await reader.ownerOf(tokenId);
        if (holder === undefined) throw new NoSuchTokenError(index, tokenId);
        return { tokenId, holder };
      }),
    );
  }

  /** Has those adopted that are neither works nor on their way. */
  private async begin(tx: TenantTx, registry: Registry, owned: readonly OwnedToken[]): Promise<void> {
    const known = await this.find(
      tx,
      registry,
      owned.map(({ tokenId }) => tokenId),
    );
    const notOnChain = [...known.values()].filter(({ tokenId }) => tokenId === null);
    const fresh = owned.filter(({ tokenId }) => !known.has(hashOf(registry, tokenId)));
    if (notOnChain.length + fresh.length === 0) return;
    const mintId = await this.stores.works.insertMint(tx, registry.id);
    const contract = requireAdopted(registry);
    await this.stores.works.insertAdopted(
      tx,
      fresh.map((token) => ({ ...adoptedWork(registry, contract, token), mintId })),
    );
    await this.stores.works.mintAgain(
      tx,
      mintId,
      notOnChain.map(({ id }) => id),
    );
    const isEmpty = (await this.stores.works.findByMint(tx, mintId)).length === 0;
    if (!isEmpty) await this.stores.outbox.add(tx, submitAdoption, { tenantId: tx.tenantId, mintId });
  }

  /** The works of tokens, by document hash. */
  private async find(
    tx: TenantTx,
    registry: Registry,
    tokenIds: readonly bigint[],
  ): Promise<ReadonlyMap<string, Work>> {
    const documentHashes = tokenIds.map((tokenId) => hashOf(registry, tokenId));
    const works = await this.stores.works.findByChainKeys(tx, registry.id, { documentHashes, tokenIds: [] });
    return new Map(works.map((work) => [work.documentHash, work]));
  }
}

function hashOf(registry: Registry, tokenId: bigint): string {
  return adoptedOrigin(requireAdopted(registry), tokenId).documentHash;
}
