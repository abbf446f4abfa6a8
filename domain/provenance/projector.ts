import type { RegistryId, TenantId, WorkId } from '../../schema/ids';
import { killPoint } from '../../schema/kill-point';
import type { Registry } from '../../schema/types/registry';
import type { Work } from '../../schema/types/work';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { notifyChanged } from '../events/change-notifier';
import { contractsOn } from '../registry/registry-contracts';
import type { RegistryRepository } from '../registry/registry-repository';
import type { MintFacts, WorkRepository } from '../registry/work-repository';
import type { EventIntake, Intake } from './event-intake';
import type { FindingRepository } from './finding-repository';
import { missingEntries } from './history';
import type { ProvenanceRepository } from './provenance-repository';
import { numberArg, type RegistryEvent, textArg } from './registry-event';
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
  /** Those among them that are gone. */
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

/**
 * Keeps the record true: turns the contract events of a registry into its works, legs and histories.
 *
 * Each run recomputes the works that were touched from all their events, so it may run twice, late or
 * after a crash, and a reorg needs no undoing.
 */
export class Projector {
  constructor(
    private readonly database: TenantDatabase,
    private readonly intake: EventIntake,
    private readonly stores: ProjectorStores,
    private readonly listeners: readonly ProjectionListener[],
  ) {}

  /** Brings one registry up to date with what the followers have recorded. */
  async project(tenantId: TenantId, registryId: RegistryId): Promise<void> {
    await this.database.transaction(tenantId, async (tx) => {
      const registry = await this.stores.registries.get(tx, registryId);
      const change = await this.intake.take(tx, registryId, registry.contracts);
      if (change.touched.length === 0) return;
      const works = await this.projectWorks(tx, registry, change);
      for (const listener of this.listeners)
        await listener.projected(tx, { registry, touched: change.touched, fallen: change.fallen, works });
      killPoint('projection.before-commit');
    });
    killPoint('projection.after-commit');
  }

  private async projectWorks(
    tx: TenantTx,
    registry: Registry,
    { touched, breached }: Intake,
  ): Promise<Work[]> {
    const works = await this.stores.works.findByChainKeys(tx, registry.id, {
      documentHashes: unique(touched.filter(isMint).map((event) => textArg(event, 'documentHash'))),
      tokenIds: unique(touched.flatMap(({ tokenId }) => tokenId ?? [])),
    });
    for (const work of works) await this.projectWork(tx, registry, work, touched, breached);
    return this.stores.works.findByIds(
      tx,
      works.map(({ id }) => id),
    );
  }

  private async projectWork(
    tx: TenantTx,
    registry: Registry,
    work: Work,
    touched: readonly RegistryEvent[],
    breached: readonly RegistryEvent[],
  ): Promise<void> {
    // A mint that was mined again after a reorg has another seed, hence another token: follow the document.
    const mintEvents = touched.filter(
      (event) => isMint(event) && textArg(event, 'documentHash') === work.documentHash,
    );
    const tokenIds = unique(
      [work.tokenId, ...mintEvents.map(({ tokenId }) => tokenId)].flatMap((id) => id ?? []),
    );
    const events = await this.stores.events.find(tx, registry.id, { tokenIds });
    const mintEvent = events.find(
      (event) => isMint(event) && textArg(event, 'documentHash') === work.documentHash,
    );
    const own = events.filter(({ tokenId }) => tokenId === mintEvent?.tokenId);

    const folded = foldWork(own, registry.homeChainId);
    await this.stores.works.project(
      tx,
      work.id,
      folded,
      mintEvent && mintFacts(mintEvent),
      (chainId) => contractsOn(registry, chainId).collection,
    );
    await this.extendHistory(tx, work.id, own);
    const fallen = breached.filter(({ tokenId }) => tokenId !== null && tokenIds.includes(tokenId));
    if (fallen.length > 0) await this.freeze(tx, work.id, fallen);
    await notifyChanged(tx, 'Work', work.id);
  }

  private async extendHistory(tx: TenantTx, workId: WorkId, events: readonly RegistryEvent[]): Promise<void> {
    const history = await this.stores.provenance.entries(tx, workId);
    await this.stores.provenance.append(tx, workId, history.at(-1), missingEntries(history, events));
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

function isMint({ name }: RegistryEvent): boolean {
  return name === 'WorkMinted';
}

function mintFacts(event: RegistryEvent): MintFacts {
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
