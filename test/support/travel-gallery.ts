import type { Address, Hex } from 'viem';
import { createWalletClient, encodeFunctionData, http } from 'viem';
import { collectionAbi } from '../../chains/abi/collection';
import { gatewayAbi } from '../../chains/abi/gateway';
import { contractsOn } from '../../domain/registry/registry-contracts';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import type { DispatchId, RegistryId, TenantId, WorkId } from '../../schema/ids';
import type { SendWork } from '../../schema/inputs/dispatch';
import type { JsonObject } from '../../schema/inputs/json-document';
import { createProjectSchema } from '../../schema/inputs/project';
import type { CreateRegistry } from '../../schema/inputs/registry';
import type { Dispatch, DispatchState, PreparedSend } from '../../schema/types/dispatch';
import type { ProvenanceEvent } from '../../schema/types/provenance';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import { accountAt } from '../devnet/accounts';
import type { TravelHarness } from './travel';
import { ALL_CHAINS, BASE, chainClient, fund, HOME, MOONBEAM, until } from './travel-steps';

/** The contracts' numbers of what statements carry. */
export const StatementKind = { Hello: 0, Echo: 1, Confirm: 2, Works: 3, State: 4 } as const;
/** The contracts' number of a live leg; see `LegState` in contracts/src/interfaces/ICollection.sol. */
const LIVE = 1;

/** What a leg is on its chain. */
export interface ChainLeg {
  readonly holder: Address;
  readonly state: number;
  readonly frozen: boolean;
  readonly hop: bigint;
  readonly revision: bigint;
  readonly stateHash: Hex;
}

/** Forty-five transactions on three chains, also beside another suite that starts its own. */
const ACTIVATION_MS = 170_000;

interface ProjectOptions {
  readonly editionCap?: number;
  readonly artistAccount?: AccountId;
}
type RegistryOptions = Pick<
  Partial<CreateRegistry>,
  'travelLimit' | 'artistSigned' | 'mirrorChainIds' | 'releasePolicy' | 'owner'
> & {
  /** An ERC-721 on home whose tokens are the works. */
  readonly adopts?: Address;
};

interface Arrangement {
  /** Runs as soon as the tenant is there, before it has a registry. */
  readonly arranged?: (tenantId: TenantId) => Promise<void>;
}

/** A tenant with money, whose registry stands on all three chains. */
export class Gallery {
  private constructor(
    private readonly harness: TravelHarness,
    readonly tenantId: TenantId,
    readonly account: Address,
    readonly registry: Registry,
  ) {}

  static async open(
    harness: TravelHarness,
    { editionCap, artistAccount, arranged, ...options }: ProjectOptions & RegistryOptions & Arrangement = {},
  ): Promise<Gallery> {
    const { domain } = harness;
    const { tenantId } = await domain.tenancy.createTenant('Gallery');
    await arranged?.(tenantId);
    await fund(harness, tenantId, ALL_CHAINS);
    const { address } = await domain.signers.accountFor(tenantId, HOME);
    const project = {
      ...(editionCap !== undefined && { editionCap }),
      ...(artistAccount !== undefined && { artistAccount }),
    };
    const { id } = await requestRegistry(harness, tenantId, project, options);
    const isActive = async () => {
      const registry = await domain.registries.get(tenantId, id);
      return registry.state === 'ACTIVE' && registry;
    };
    const registry = await until('the registry is active', isActive, ACTIVATION_MS);
    return new Gallery(harness, tenantId, address, registry);
  }

  get registryId(): RegistryId {
    return this.registry.id;
  }

  /** The tenant's own account on home, as a holder. */
  get self(): AccountId {
    return evmAccountId(HOME, this.account);
  }

  /** Mints one work for each holder, in one batch, and waits until they are final. */
  async mint(...holders: readonly AccountId[]): Promise<WorkId[]> {
    const { tenantId, registryId } = this;
    const works = await this.harness.domain.mints.mint(tenantId, {
      registryId,
      works: holders.map((to, index) => ({ to, metadata: { title: `Work ${index}` } })),
    });
    await Promise.all(works.map(({ id }) => this.settled(id)));
    return works.map(({ id }) => id);
  }

  work(workId: WorkId): Promise<Work> {
    return this.harness.domain.works.get(this.tenantId, workId);
  }

  /** Waits until a work lives on one chain, and nothing about it is provisional. */
  settled(workId: WorkId): Promise<Work> {
    return until(`work ${workId} is settled`, async () => {
      const work = await this.work(workId);
      return work.state === 'LIVE' && !work.provisional && work;
    });
  }

  send(
    workId: WorkId,
    destinationChainId: ChainId,
    lane: SendWork['lane'] = 'CHEAPEST',
    rest: Pick<SendWork, 'to' | 'permit'> = {},
  ): Promise<Dispatch> {
    return this.harness.domain.dispatches.send(this.tenantId, { workId, destinationChainId, lane, ...rest });
  }

  dispatch(dispatchId: DispatchId): Promise<Dispatch> {
    return this.harness.domain.dispatches.get(this.tenantId, dispatchId);
  }

  /** Waits for one of these states. */
  reached(dispatchId: DispatchId, ...states: readonly DispatchState[]): Promise<Dispatch> {
    return until(`dispatch ${dispatchId} is ${states.join(' or ')}`, async () => {
      const dispatch = await this.dispatch(dispatchId);
      return states.includes(dispatch.state) && dispatch;
    });
  }

  /** Sends a work and waits until it has arrived for good. */
  async move(
    workId: WorkId,
    destinationChainId: ChainId,
    lane: SendWork['lane'] = 'CHEAPEST',
    rest: Pick<SendWork, 'to' | 'permit'> = {},
  ): Promise<Dispatch> {
    const { id } = await this.send(workId, destinationChainId, lane, rest);
    const confirmed = await this.reached(id, 'CONFIRMED', 'FAILED');
    await this.settled(workId);
    return confirmed;
  }

  dispatchesOf(workId: WorkId): Promise<Dispatch[]> {
    return this.harness.domain.dispatches
      .page(this.tenantId, { first: 100, after: undefined }, { workId })
      .then(({ edges }) => edges.map(({ node }) => node));
  }

  updateMetadata(workId: WorkId, metadata: JsonObject) {
    return this.harness.domain.works.updateMetadata(this.tenantId, { workId, metadata });
  }

  /** The whole history of a work, provisional entries included. */
  async history(workId: WorkId): Promise<ProvenanceEvent[]> {
    const page = { first: 100, after: undefined };
    const { edges } = await this.harness.domain.provenance.page(this.tenantId, workId, page);
    return edges.map(({ node }) => node);
  }

  /** A work's leg as its chain has it. */
  async legOn(chainId: ChainId, work: Work): Promise<ChainLeg> {
    return chainClient(this.harness, chainId).readContract({
      address: addressOf(this.registry, chainId, 'collection'),
      abi: collectionAbi,
      functionName: 'legOf',
      args: [tokenOf(work)],
    });
  }

  /** The chains on which a work is live, as they say themselves. */
  async liveChains(work: Work): Promise<ChainId[]> {
    const { chainIds } = this.registry;
    const legs = await Promise.all(chainIds.map((chainId) => this.legOn(chainId, work)));
    return chainIds.filter((_chainId, index) => legs[index]?.state === LIVE);
  }

  /** How many statements of a kind the gateways of all chains have sent. */
  async statementsSent(kind: (typeof StatementKind)[keyof typeof StatementKind]): Promise<number> {
    const perChain = await Promise.all(
      this.registry.chainIds.map((chainId) =>
        chainClient(this.harness, chainId).getContractEvents({
          address: addressOf(this.registry, chainId, 'gateway'),
          abi: gatewayAbi,
          eventName: 'StatementSent',
          fromBlock: 0n,
          strict: true,
        }),
      ),
    );
    return perChain.flat().filter(({ args }) => args.kind === kind).length;
  }

  /** Has the guardian, which the tenant's account is, freeze a work on a chain or lift it. */
  guard(functionName: 'freeze' | 'unfreeze', chainId: ChainId, work: Work): Promise<void> {
    return this.administer(
      chainId,
      encodeFunctionData({ abi: collectionAbi, functionName, args: [tokenOf(work)] }),
    );
  }

  /** Has the owner, which the tenant's account is, let another account mint and state revisions. */
  setMinter(minter: Address): Promise<void> {
    return this.administer(
      HOME,
      encodeFunctionData({ abi: collectionAbi, functionName: 'setMinter', args: [minter] }),
    );
  }

  private async administer(chainId: ChainId, data: Hex): Promise<void> {
    const account = await this.harness.domain.signers.accountFor(this.tenantId, chainId);
    const wallet = createWalletClient({ account, transport: http(this.harness.devnet.directUrl(chainId)) });
    const to = addressOf(this.registry, chainId, 'collection');
    const hash = await wallet.sendTransaction({ to, data, chain: null });
    await chainClient(this.harness, chainId).waitForTransactionReceipt({ hash });
  }
}

/** Asks for a project and its registry, on all three chains unless told otherwise. */
export async function requestRegistry(
  { domain }: TravelHarness,
  tenantId: TenantId,
  project: ProjectOptions = {},
  { adopts, ...options }: RegistryOptions = {},
): Promise<Registry> {
  const { id: projectId } = await domain.projects.create(tenantId, projectOf(project));
  const order = { projectId, name: 'Tides', symbol: 'TIDE', mirrorChainIds: [BASE, MOONBEAM], ...options };
  return adopts === undefined
    ? domain.registries.create(tenantId, { ...order, homeChainId: HOME })
    : domain.registries.adopt(tenantId, { ...order, collection: { chainId: HOME, address: adopts } });
}

/** Sends what was prepared for a holder from one of the devnet's collectors' own wallets. */
export async function sendPrepared(
  harness: TravelHarness,
  collector: number,
  { chainId, to, data, valueWei }: PreparedSend,
): Promise<Hex> {
  const wallet = createWalletClient({
    account: accountAt(collector),
    transport: http(harness.devnet.directUrl(chainId)),
  });
  // CAST: a prepared call is an address and calldata in hex.
  const call = { to: to as Address, data: data as Hex, value: BigInt(valueWei) };
  return wallet.sendTransaction({ ...call, chain: null });
}

export function tokenOf({ tokenId, id }: Work): bigint {
  if (tokenId === null) throw new Error(`work ${id} has no token`);
  return BigInt(tokenId);
}

/** Where a component of a registry stands. */
export function addressOf(
  registry: Registry,
  chainId: ChainId,
  component: 'collection' | 'gateway',
): Address {
  // CAST: the registry holds what the factory's addresses were computed as.
  return contractsOn(registry, chainId)[component] as Address;
}

function projectOf({
  editionCap = 20,
  artistAccount = evmAccountId(HOME, accountAt(4).address),
}: ProjectOptions) {
  return createProjectSchema.parse({
    name: 'Tides',
    artistName: 'Ada',
    artistAccount,
    script: 'draw()',
    editionCap,
    royaltyBps: 500,
    licence: 'CC-BY-4.0',
  });
}
