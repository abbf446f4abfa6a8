import { adoptedOrigin } from '../../chains/evm/registry/adoption';
import { type ChainId, erc721AssetId } from '../../schema/caip';
import type { RegistryId, TenantId, WorkId } from '../../schema/ids';
import { killPoint } from '../../schema/kill-point';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyAllChanged } from '../events/change-notifier';
import { groupBy } from '../group-by';
import { adoptedWork } from '../registry/adopted-work';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { MintFacts, WorkRepository } from '../registry/work-repository';
import type { EventIntake, Intake } from './event-intake';
import type { FindingRepository } from './finding-repository';
import { missingEntries } from './history';
import type { ProvenanceRepository } from './provenance-repository';
import { isMint, numberArg, type RegistryEvent, textArg } from './registry-event';
import type { RegistryEventRepository } from './registry-event-repository';
import { foldWork } from './work-fold';

/** Whoever must look again when the events of a registry have changed. */
export interface ProjectionListener {
  /** Runs in the projection's transaction, after works and legs are up to date. */
  projected(tx: TenantTx, change: ProjectionChange): Promise<void>;
}

export interface ProjectionChange {
  readonly registry: Registry;
  /** New, gone or newly final. One that became final is there twice: as it was, then as it is. */
  readonly touched: readonly RegistryEvent[];
  /** Those among them that are gone, or were recorded otherwise than they are: these are there as they are, too. */
  readonly fallen: readonly RegistryEvent[];
  readonly works: readonly Work[];
}

/** What the projector reads and writes. */
export interface ProjectorStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly events: RegistryEventRepository;
  readonly provenance: ProvenanceRepository;
  readonly findings: FindingRepository;
}

/** A work with what the chains hold of it. */
interface Stand {
  readonly work: Work;
  /** All tokens that it has had or now has. */
  readonly tokenIds: readonly string[];
  /** Undefined if no chain holds it. */
  readonly mint: RegistryEvent | undefined;
  /** All events of its present token, by chain. */
  readonly events: readonly RegistryEvent[];
}

/**
 * Keeps the record true: turns the contract events of a registry into its works, legs and histories.
 *
 * Each run recomputes the works that were touched from all their events, so it may run twice, late or
 * after a crash, and a reorg needs no undoing.
 */
export class Projector {
  constructor(
    private readonly database: Pick<TenantDatabase, 'transaction'>,
    private readonly intake: EventIntake,
    private readonly stores: ProjectorStores,
    private readonly listeners: readonly ProjectionListener[],
  ) {}

  /**
   * Brings one registry up to date with what the followers have recorded.
   *
   * @returns How many events were new, gone or newly final.
   */
  async project(tenantId: TenantId, registryId: RegistryId): Promise<number> {
    const touched = await this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const change = await this.intake.take(tx, registry);
      if (change.touched.length === 0) return 0;
      const works = await this.projectWorks(tx, registry, change);
      for (const listener of this.listeners)
        await listener.projected(tx, { registry, touched: change.touched, fallen: change.fallen, works });
      killPoint('projection.before-commit');
      return change.touched.length;
    });
    killPoint('projection.after-commit');
    return touched;
  }

  private async projectWorks(
    tx: TenantTx,
    registry: Registry,
    { touched, breached }: Intake,
  ): Promise<Work[]> {
    await this.addAdopted(tx, registry, touched);
    const works = await this.stores.works.findByChainKeys(tx, registry.id, {
      documentHashes: unique(touched.filter(isMint).map((event) => textArg(event, 'documentHash'))),
      tokenIds: unique(touched.flatMap(({ tokenId }) => tokenId ?? [])),
    });
    if (works.length === 0) return [];
    const workIds = works.map(({ id }) => id);
    const stands = await this.stands(tx, registry, works, touched);
    await this.stores.works.project(
      tx,
      stands.map(({ work, events, mint }) => ({
        workId: work.id,
        folded: foldWork(events, registry.homeChainId),
        mint: mint && mintFacts(registry, mint),
      })),
      (chainId, mint) => assetOf(registry, chainId, mint),
    );
    await this.extendHistories(tx, stands);
    for (const { work, tokenIds } of stands) {
      const fallen = breached.filter(({ tokenId }) => tokenId !== null && tokenIds.includes(tokenId));
      if (fallen.length > 0) await this.freeze(tx, work.id, fallen);
    }
    await notifyAllChanged(tx, 'Work', workIds);
    return this.stores.works.findByIds(tx, workIds);
  }

  /** Anyone may adopt a token, and its holder may send it on without asking: the record has it all the same. */
  private async addAdopted(
    tx: TenantTx,
    registry: Registry,
    touched: readonly RegistryEvent[],
  ): Promise<void> {
    const { adopted } = registry;
    if (adopted === null) return;
    const works = touched
      .filter(({ name }) => name === 'WorkAdopted')
      .map((event) => ({ tokenId: BigInt(textArg(event, 'tokenId')), holder: textArg(event, 'holder') }))
      .map((token) => ({ ...adoptedWork(registry, adopted, token), mintId: null }));
    await this.stores.works.insertAdopted(tx, works);
  }

  /** What the chains now hold of each work. */
  private async stands(
    tx: TenantTx,
    registry: Registry,
    works: readonly Work[],
    touched: readonly RegistryEvent[],
  ): Promise<Stand[]> {
    // A mint that was mined again after a reorg has another seed, hence another token: follow the document.
    const tokensOf = (work: Work) =>
      unique(
        [work.tokenId, ...touched.filter(mints(work)).map(({ tokenId }) => tokenId)].flatMap(
          (id) => id ?? [],
        ),
      );
    const tokens = new Map(works.map((work) => [work.id, tokensOf(work)]));
    const events = await this.stores.events.find(tx, registry.id, { tokenIds: [...tokens.values()].flat() });
    const byToken = groupBy(events, ({ tokenId }) => tokenId);
    return works.map((work) => {
      const tokenIds = tokens.get(work.id) ?? [];
      const mint = tokenIds.flatMap((tokenId) => byToken.get(tokenId) ?? []).find(mints(work));
      return { work, tokenIds, mint, events: mint === undefined ? [] : (byToken.get(mint.tokenId) ?? []) };
    });
  }

  private async extendHistories(tx: TenantTx, stands: readonly Stand[]): Promise<void> {
    const histories = await this.stores.provenance.entries(
      tx,
      stands.map(({ work }) => work.id),
    );
    await this.stores.provenance.append(
      tx,
      stands.map(({ work: { id }, events }) => {
        const history = histories.get(id) ?? [];
        return { workId: id, last: history.at(-1), entries: missingEntries(history, events) };
      }),
    );
  }

  /** A breach freezes the work until a person has looked: the record can no longer vouch for it by itself. */
  private async freeze(tx: TenantTx, workId: WorkId, fallen: readonly RegistryEvent[]): Promise<void> {
    await this.stores.findings.insert(tx, {
      workId,
      rule: 'REORG_PAST_FINALITY',
      evidence: { fallen: fallen.map(placeOf) },
    });
    await this.stores.works.markBreached(tx, workId, BREACH_REASON);
  }
}

const BREACH_REASON =
  'A block that the record took as final has fallen; a person must look before it moves again.';

/** The token of a work on a chain (CAIP-19): at the home of an adopted one, the token that it is. */
function assetOf(registry: Registry, chainId: ChainId, { tokenId, seed }: MintFacts): string {
  const { adopted } = registry;
  return adopted?.chainId === chainId
    ? erc721AssetId(chainId, adopted.address, BigInt(seed))
    : erc721AssetId(chainId, contractsOn(registry, chainId).collection, BigInt(tokenId));
}

/** Tells the mints of a work, by its document. */
function mints({ documentHash }: Work): (event: RegistryEvent) => boolean {
  return (event) => isMint(event) && textArg(event, 'documentHash') === documentHash;
}

function mintFacts(registry: Registry, event: RegistryEvent): MintFacts {
  if (registry.adopted !== null) {
    const { commitment, seed, workId } = adoptedOrigin(registry.adopted, BigInt(textArg(event, 'tokenId')));
    return { edition: 0, seed, commitment, tokenId: String(workId) };
  }
  return {
    edition: numberArg(event, 'edition'),
    seed: textArg(event, 'seed'),
    commitment: textArg(event, 'commitment'),
    tokenId: textArg(event, 'workId'),
  };
}

function placeOf({
  chainId,
  blockNumber,
  blockHash,
  logIndex,
  name,
}: RegistryEvent): Record<string, unknown> {
  return { chainId, blockNumber: String(blockNumber), blockHash, logIndex, name };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
