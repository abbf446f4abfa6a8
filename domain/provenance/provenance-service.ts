import type { TenantId, WorkId } from '../../schema/ids';
import { encodeProvenanceCursor, type ProvenancePageRequest } from '../../schema/inputs/page';
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

  /** Oldest first. @throws {@link NotFoundError} if the tenant has no such work. */
  async page(
    tenantId: TenantId,
    workId: WorkId,
    { first, after }: ProvenancePageRequest,
  ): Promise<Page<ProvenanceEvent>> {
    const all = await this.database.transaction(tenantId, (tx) => this.history(tx, workId));
    const start = after ?? 0;
    const edges = all
      .slice(start, start + first)
      .map((node, index) => ({ node, cursor: encodeProvenanceCursor(start + index + 1) }));
    return {
      edges,
      totalCount: all.length,
      pageInfo: {
        hasNextPage: start + first < all.length,
        hasPreviousPage: start > 0,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
    };
  }

  private async history(tx: TenantTx, workId: WorkId): Promise<ProvenanceEvent[]> {
    const [work] = await this.stores.works.findByIds(tx, [workId]);
    if (work === undefined) throw new NotFoundError('Work', workId);
    const written = await this.stores.provenance.entries(tx, workId);
    const events = await this.stores.events.find(tx, work.registryId, {
      tokenIds: work.tokenId ? [work.tokenId] : [],
    });
    return [...written.map(finalEvent), ...pendingEntries(written, events).map(provisionalEvent)];
  }
}

function finalEvent(entry: HashedEntry): ProvenanceEvent {
  return { ...entry, provisional: false };
}

function provisionalEvent(entry: NewEntry): ProvenanceEvent {
  return { ...entry, sequence: null, hash: null, previousHash: null, provisional: true };
}
