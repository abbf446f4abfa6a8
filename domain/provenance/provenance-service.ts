import type { TenantId, WorkId } from '../../schema/ids';
import { encodePlaceCursor, PageOrder, type PlacePageRequest } from '../../schema/inputs/page';
import type { ProvenanceFilter } from '../../schema/inputs/provenance';
import type { Page } from '../../schema/types/connection';
import type { ProvenanceEvent } from '../../schema/types/provenance';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { WorkRepository } from '../registry/work-repository';
import { pendingEntries } from './history';
import type { HashedEntry } from './provenance-entry';
import type { NewEntry, ProvenanceRepository } from './provenance-repository';
import type { RegistryEventRepository } from './registry-event-repository';

export interface ProvenanceStores {
  readonly works: WorkRepository;
  readonly events: RegistryEventRepository;
  readonly provenance: ProvenanceRepository;
}

/** The history of a work: the hash-linked entries, then what is not final yet, marked as such. */
export class ProvenanceService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: ProvenanceStores,
  ) {}

  /** @throws {@link NotFoundError} if the tenant has no such work. */
  async page(
    tenantId: TenantId,
    workId: WorkId,
    { first, after, order }: PlacePageRequest,
    filter?: ProvenanceFilter,
  ): Promise<Page<ProvenanceEvent>> {
    const history = await this.database.read(tenantId, (tx) => this.history(tx, workId));
    const all = history
      .map((node, index) => ({ node, position: index + 1 }))
      .filter(({ node }) => matches(node, filter));
    const newestFirst = order === PageOrder.NEWEST_FIRST;
    if (newestFirst) all.reverse();
    const rest = all.filter(
      ({ position }) => after === undefined || (newestFirst ? position < after : position > after),
    );
    const edges = rest
      .slice(0, first)
      .map(({ node, position }) => ({ node, cursor: encodePlaceCursor(position) }));
    return {
      edges,
      totalCount: all.length,
      pageInfo: {
        hasNextPage: rest.length > first,
        hasPreviousPage: rest.length < all.length,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }

  private async history(tx: TenantTx, workId: WorkId): Promise<ProvenanceEvent[]> {
    const [work] = await this.stores.works.findByIds(tx, [workId]);
    if (work === undefined) throw new NotFoundError('Work', workId);
    const written = (await this.stores.provenance.entries(tx, [workId])).get(workId) ?? [];
    const events = await this.stores.events.find(tx, work.registryId, {
      tokenIds: work.tokenId ? [work.tokenId] : [],
    });
    return [...written.map(finalEvent), ...pendingEntries(written, events).map(provisionalEvent)];
  }
}

function matches({ kind, provisional, evidence }: ProvenanceEvent, filter: ProvenanceFilter): boolean {
  return (
    (filter?.kind == null || filter.kind === kind) &&
    (filter?.provisional == null || filter.provisional === provisional) &&
    (filter?.chainId == null || filter.chainId === evidence?.chainId)
  );
}

function finalEvent(entry: HashedEntry): ProvenanceEvent {
  return { ...entry, provisional: false };
}

function provisionalEvent(entry: NewEntry): ProvenanceEvent {
  return { ...entry, sequence: null, hash: null, previousHash: null, provisional: true };
}
