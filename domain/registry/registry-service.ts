import { randomUUID } from 'node:crypto';
import { type Address, getAddress, type Hex, isAddress, keccak256, stringToBytes, zeroAddress } from 'viem';
import type { ChainTable } from '../../chains/chain-table';
import { AdoptedTokenReader } from '../../chains/evm/registry/adoption';
import { componentAddresses } from '../../chains/evm/registry/manifest';
import type { Signers } from '../../chains/signers/signers';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import {
  type AccountId,
  type ChainId,
  erc721ContractId,
  evmAccountId,
  splitAccountId,
} from '../../schema/caip';
import { type ProjectId, type RegistryId, registryIdSchema, type TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { AdoptCollection, CreateRegistry, RegistryFilter } from '../../schema/inputs/registry';
import { WHOLE_BPS } from '../../schema/inputs/royalty';
import { advanceRegistry } from '../../schema/jobs';
import type { Selection } from '../../schema/selection';
import type { Page } from '../../schema/types/connection';
import type { Project } from '../../schema/types/project';
import { type Registry, ReleasePolicy } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import type { ChainLogRepository } from '../chain-state/log-repository';
import type { WatchRepository } from '../chain-state/watch-repository';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionRepository } from '../provenance/projection-repository';
import { royaltyPolicyHash } from '../royalties/royalty-policy';
import { addressOn } from './account-address';
import { deploymentPlan, type PlannedRegistry } from './deployment-plan';
import { buildManifest, storeManifest } from './manifest';
import type { ProjectRepository } from './project-repository';
import { followedAddresses } from './registry-contracts';
import {
  AccountsDifferError,
  ChainNotSupportedError,
  NotErc721Error,
  OwnerNotEverywhereError,
  RegistryExistsError,
  RoyaltyReceiverError,
  WrongAccountChainError,
} from './registry-errors';
import type { NewRegistry, RegistryRepository } from './registry-repository';

/** The tables that a registry begins in. */
export interface RegistryStores {
  readonly projects: ProjectRepository;
  readonly registries: RegistryRepository;
  readonly projections: ProjectionRepository;
  readonly watches: WatchRepository;
  readonly logs: ChainLogRepository;
  readonly outbox: OutboxRepository;
}

/** A registry as it is asked for, of either kind. */
type RegistryOrder = CreateRegistry & {
  /** The ERC-721 at home whose tokens are the works; undefined if the registry mints its own. */
  readonly adopted?: Address;
};

/** Who owns a registry, and the tenant's account, which has all other roles at first. */
interface RegistryAccounts {
  readonly owner: Address;
  readonly account: Address;
}

/** Registries: the on-chain homes of projects. */
export class RegistryService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: RegistryStores,
    private readonly chains: ChainTable,
    private readonly signers: Signers,
    private readonly accesses: ChainAccesses,
  ) {}

  /**
   * Accepts a registry. Its addresses are known from here on; workers deploy its contracts and open
   * its lanes, and followers watch the addresses from before anything stands there.
   *
   * @throws {@link ChainNotSupportedError}, {@link NotFoundError} (project), {@link RegistryExistsError},
   * {@link RoyaltyReceiverError}, {@link AccountsDifferError}, {@link OwnerNotEverywhereError}, {@link WrongAccountChainError}
   */
  async create(tenantId: TenantId, input: CreateRegistry): Promise<Registry> {
    this.requireChains([input.homeChainId, ...input.mirrorChainIds]);
    return this.accept(tenantId, input);
  }

  /**
   * As {@link create}, over the tokens of an ERC-721 that is there already: its chain is the registry's home, where an
   * adapter stands in the collection's place.
   *
   * @throws As {@link create}, and {@link NotErc721Error}
   */
  async adopt(tenantId: TenantId, { collection, ...input }: AdoptCollection): Promise<Registry> {
    const { chainId: homeChainId, address } = collection;
    this.requireChains([homeChainId, ...input.mirrorChainIds]);
    await this.database.transaction(tenantId, (tx) => this.project(tx, input.projectId));
    const reader = new AdoptedTokenReader(this.accesses.get(homeChainId).public, address);
    if (!(await reader.isErc721())) throw new NotErc721Error(erc721ContractId(collection));
    return this.accept(tenantId, { ...input, homeChainId, adopted: address });
  }

  private requireChains(chainIds: readonly ChainId[]): void {
    const unknown = chainIds.find((chainId) => this.chains.find(chainId) === undefined);
    if (unknown !== undefined) throw new ChainNotSupportedError(unknown);
  }

  private async accept(tenantId: TenantId, input: RegistryOrder): Promise<Registry> {
    const chainIds = [input.homeChainId, ...input.mirrorChainIds];
    const account = await this.accountOn(tenantId, chainIds);
    const owner = input.owner == null ? account : await this.ownerOn(input.owner, chainIds);
    try {
      return await this.database.transaction(tenantId, async (tx) => {
        const project = await this.project(tx, input.projectId);
        const registry = this.plan(input, project, { owner, account });
        await this.insert(tx, registry, input);
        return this.stores.registries.get(tx, registry.id);
      });
    } catch (error) {
      if (isUniqueViolation(error, 'one_registry_per_project'))
        throw new RegistryExistsError({ cause: error });
      throw error;
    }
  }

  /**
   * The address of an owner that the tenant names: a key, or a contract that is there on every chain. Whose the contract
   * is on each of them is the tenant's affair.
   */
  private async ownerOn(named: AccountId, chainIds: readonly ChainId[]): Promise<Address> {
    const [homeChainId] = chainIds;
    if (homeChainId === undefined) throw new Error('a registry has a home chain');
    const address = addressOn(homeChainId, named, 'owner');
    if (address === zeroAddress) throw new WrongAccountChainError('owner', homeChainId);
    const code = await Promise.all(
      chainIds.map((chainId) => this.accesses.get(chainId).public.getCode({ address })),
    );
    const without = chainIds.filter((_chainId, index) => code[index] === undefined);
    if (without.length > 0 && without.length < chainIds.length) throw new OwnerNotEverywhereError(without);
    return address;
  }

  /** The tenant's account, which has the registry's other roles: one on all of its chains. */
  private async accountOn(tenantId: TenantId, chainIds: readonly ChainId[]): Promise<Address> {
    const accounts = await Promise.all(chainIds.map((chainId) => this.signers.accountFor(tenantId, chainId)));
    const [account, another] = new Set(accounts.map(({ address }) => address));
    if (account === undefined) throw new Error('a registry has a home chain');
    if (another !== undefined) throw new AccountsDifferError();
    return account;
  }

  private async project(tx: TenantTx, projectId: ProjectId): Promise<Project> {
    const [project] = await this.stores.projects.findByIds(tx, [projectId]);
    if (project === undefined) throw new NotFoundError('Project', projectId);
    return project;
  }

  private plan(
    input: RegistryOrder,
    project: Project,
    { owner, account }: RegistryAccounts,
  ): PlannedRegistry & NewRegistry {
    const id = registryIdSchema.parse(randomUUID());
    const artist = artistAddress(project.artistAccount);
    const chainIds: ChainId[] = [input.homeChainId, ...input.mirrorChainIds];
    const manifest = buildManifest(
      {
        owner,
        account,
        salt: keccak256(stringToBytes(id)),
        name: input.name,
        symbol: input.symbol,
        editionCap: project.editionCap,
        royaltyBps: project.royaltyBps,
        royaltyReceiver: artist,
        royaltyPolicyHash: firstPolicyHash(project),
        licenceHash: keccak256(stringToBytes(project.licence)),
        artist: input.artistSigned === true ? artist : undefined,
        adopted: input.adopted,
        homeChainId: input.homeChainId,
        chainIds,
        travelLimit: input.travelLimit ?? undefined,
      },
      this.chains,
    );
    const addresses = componentAddresses(manifest);
    return {
      id,
      projectId: project.id,
      name: input.name,
      symbol: input.symbol,
      homeChainId: input.homeChainId,
      chainIds,
      owner: evmAccountId(input.homeChainId, owner),
      manifest: storeManifest(manifest),
      contracts: chainIds.map((chainId) => ({ chainId, ...addresses })),
      releasePolicy: input.releasePolicy ?? ReleasePolicy.ONE,
      mirrorChainIds: input.mirrorChainIds,
      payee: evmAccountId(payeeChain(project.artistAccount, chainIds), artist),
    };
  }

  private async insert(
    tx: TenantTx,
    registry: PlannedRegistry & NewRegistry,
    { homeChainId, adopted }: RegistryOrder,
  ): Promise<void> {
    await this.stores.registries.insert(tx, registry, deploymentPlan(registry));
    await this.stores.projections.start(tx, registry.id, registry.chainIds);
    const cursors = await this.stores.logs.cursors(tx, registry.chainIds);
    const addresses = registry.contracts.flatMap((contracts) =>
      followedAddresses(contracts).map((address) => ({ chainId: contracts.chainId, address })),
    );
    if (adopted !== undefined) addresses.push({ chainId: homeChainId, address: adopted });
    for (const { chainId, address } of addresses) {
      // Nothing of ours stands anywhere yet, so nothing can have been logged before the present head. An adopted
      // contract's past stays outside: an adoption says who has the token.
      const fromBlock = cursors.get(chainId)?.head.number ?? 0;
      await this.stores.watches.add(tx, { chainId, address, registryId: registry.id, fromBlock });
    }
    await this.stores.outbox.add(tx, advanceRegistry, { tenantId: tx.tenantId, registryId: registry.id });
  }

  /** @throws {@link NotFoundError} if the tenant has no such registry. */
  async get(tenantId: TenantId, registryId: RegistryId): Promise<Registry> {
    return this.database.read(tenantId, (tx) => this.stores.registries.get(tx, registryId));
  }

  async findByIds(tenantId: TenantId, registryIds: readonly RegistryId[]): Promise<Registry[]> {
    return this.database.read(tenantId, (tx) => this.stores.registries.findByIds(tx, registryIds));
  }

  /** @param selection - What is shown of the connection; undefined for whole nodes. */
  async page(
    tenantId: TenantId,
    request: PageRequest,
    filter?: RegistryFilter,
    selection?: Selection,
  ): Promise<Page<Registry>> {
    return this.database.read(tenantId, (tx) => this.stores.registries.page(tx, request, filter, selection));
  }
}

/** The artist is paid, and signs, by the same address on every chain, whichever EVM chain he was named on. */
function artistAddress(artistAccount: AccountId): Address {
  const { chainId, address } = splitAccountId(artistAccount);
  const isPayable = chainId.startsWith('eip155:') && isAddress(address) && address !== zeroAddress;
  if (!isPayable) throw new RoyaltyReceiverError(artistAccount);
  return getAddress(address);
}

/** Where the artist wants royalties: the chain he was named on, if the registry is there; else its home. */
function payeeChain(artistAccount: AccountId, chainIds: readonly ChainId[]): ChainId {
  const [home] = chainIds;
  if (home === undefined) throw new Error('a registry has a home');
  const { chainId } = splitAccountId(artistAccount);
  return chainIds.includes(chainId) ? chainId : home;
}

/** All of the royalty is the artist's until the policy role states other splits. */
function firstPolicyHash({ artistAccount, royaltyBps }: Project): Hex {
  return royaltyPolicyHash({ royaltyBps, splits: [{ account: artistAccount, shareBps: WHOLE_BPS }] });
}
