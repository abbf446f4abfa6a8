import type { Change } from '../../domain/events/change';
import type { DispatchId, ProjectId, SettlementId, WorkId } from '../../schema/ids';
import type { Dispatch } from '../../schema/types/dispatch';
import type { Sale } from '../../schema/types/sale';
import type { Settlement } from '../../schema/types/settlement';
import type { Work } from '../../schema/types/work';
import type { RequestContext } from '../request-context';
import type { Services } from '../services';
import type { ChangeFeed } from './change-feed';
import { rowUpdates } from './row-updates';

/** How many of a work's dispatches are watched: the newest; a work has few unsettled ones. */
const WATCHED_DISPATCHES = 100;

/** How many of a project's sales are watched: the newest; older ones are final. */
const WATCHED_SALES = 100;

/**
 * Follows rows for subscriptions: each reads through the tenant-walled services, first at once and
 * again at every change.
 *
 * @throws NotFoundError, from each method, if the tenant has no such row.
 */
export class Watcher {
  constructor(
    private readonly feed: ChangeFeed,
    private readonly services: Pick<Services, 'works' | 'dispatches' | 'projects' | 'sales' | 'settlements'>,
  ) {}

  async work(context: RequestContext, workId: WorkId): Promise<AsyncIterable<Work>> {
    return this.follow(
      context,
      ({ type, id }) => type === 'Work' && id === workId,
      async () => [await this.services.works.get(context.tenantId, workId)],
    );
  }

  async dispatch(context: RequestContext, dispatchId: DispatchId): Promise<AsyncIterable<Dispatch>> {
    return this.follow(
      context,
      ({ type, id }) => type === 'Dispatch' && id === dispatchId,
      async () => [await this.services.dispatches.get(context.tenantId, dispatchId)],
    );
  }

  async settlement(context: RequestContext, settlementId: SettlementId): Promise<AsyncIterable<Settlement>> {
    return this.follow(
      context,
      ({ type, id }) => type === 'Settlement' && id === settlementId,
      async () => [await this.services.settlements.get(context.tenantId, settlementId)],
    );
  }

  /** All dispatches of a work, also those that begin later. */
  async dispatchesOf(context: RequestContext, workId: WorkId): Promise<AsyncIterable<Dispatch>> {
    const { works, dispatches } = this.services;
    await works.get(context.tenantId, workId);
    return this.follow(
      context,
      ({ type }) => type === 'Dispatch',
      async () => {
        const request = { first: WATCHED_DISPATCHES, after: undefined };
        const { edges } = await dispatches.page(context.tenantId, request, { workId });
        return edges.map(({ node }) => node).reverse();
      },
    );
  }

  /** The newest sales of a project, also those that are recorded later. */
  async salesOf(context: RequestContext, projectId: ProjectId): Promise<AsyncIterable<Sale>> {
    const { projects, sales } = this.services;
    await projects.get(context.tenantId, projectId);
    return this.follow(
      context,
      ({ type }) => type === 'Sale',
      async () => {
        const request = { first: WATCHED_SALES, after: undefined };
        const { edges } = await sales.page(context.tenantId, request, { projectId });
        return edges.map(({ node }) => node).reverse();
      },
    );
  }

  private async follow<Row extends { id: string }>(
    context: RequestContext,
    wants: (change: Change) => boolean,
    read: () => Promise<readonly Row[]>,
  ): Promise<AsyncIterable<Row>> {
    // The watch begins before the first reading, so that no change falls between the two.
    // A key, a session or a role that changed makes the context look whether it is still good.
    const concernsCaller = ({ type }: Change) => type === 'ApiKey' || type === 'Member';
    const bell = this.feed.watch(context.tenantId, (change) => concernsCaller(change) || wants(change));
    return rowUpdates(bell, async () => {
      await context.renew();
      return read();
    });
  }
}
