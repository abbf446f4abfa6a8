import { encodeGlobalId } from '../../schema/global-id';
import type { Work } from '../../schema/types/work';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import { arrivedMoveOf, causalOrder, moveOf } from '../provenance/causal-order';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { evidenceOf } from '../provenance/provenance-entry';
import {
  byPlace,
  eventKey,
  isMint,
  numberArg,
  type RegistryEvent,
  type RegistryEventName,
  textArg,
} from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { FactAnnouncement, Standing } from './announcement';
import type { EventPublisher } from './event-publisher';

/** The events that a work's history is made of, as webhooks name them. */
export const WORK_EVENT_TYPES: { readonly [Name in RegistryEventName]?: WebhookEventType } = {
  WorkMinted: 'work.minted',
  WorkAdopted: 'work.adopted',
  WorkDeparted: 'work.departed',
  WorkArrived: 'work.arrived',
  WorkRecredited: 'work.recredited',
  WorkReclaimed: 'work.reclaimed',
  WorkHeld: 'work.held',
  ReleaseHeld: 'work.release_held',
  ReleaseClaimed: 'work.release_claimed',
  WorkBurned: 'work.burned',
  WorkFrozen: 'work.frozen',
  WorkUnfrozen: 'work.unfrozen',
  Transfer: 'work.transferred',
  RevisionStated: 'work.revision_stated',
  RevisionApplied: 'work.revision_applied',
};

/** Announces what the chains show of works: provisional as soon as it is seen, then final, or taken back. */
export class WorkAnnouncer implements ProjectionListener {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly events: RegistryEventRepository,
  ) {}

  async projected(tx: TenantTx, change: ProjectionChange): Promise<void> {
    if (change.works.length === 0 || !(await this.publisher.hasAudience(tx))) return;
    const present = await this.events.find(tx, change.registry.id, {
      tokenIds: change.works.flatMap(({ tokenId }) => tokenId ?? []),
    });
    await this.publisher.publish(
      tx,
      change.works.flatMap((work) =>
        this.ofWork(
          work,
          present.filter(({ tokenId }) => tokenId === work.tokenId),
          change,
        ),
      ),
    );
  }

  private ofWork(
    work: Work,
    present: readonly RegistryEvent[],
    { touched, fallen }: ProjectionChange,
  ): FactAnnouncement[] {
    const tokenIds = tokenIdsOf(work, touched);
    const isOwn = (event: RegistryEvent) =>
      event.tokenId !== null && tokenIds.has(event.tokenId) && WORK_EVENT_TYPES[event.name] !== undefined;
    const gone = fallen.filter(isOwn);
    const news = new Set(touched.filter(isOwn).map(eventKey));
    const standing = present.filter((event) => isOwn(event) && news.has(eventKey(event)));
    const before = present.filter((event) => !news.has(eventKey(event)));
    return [
      // What came last is taken back first.
      ...[...gone]
        .sort(byPlace)
        .reverse()
        .map((event) => announce(work, event, 'absent', causeOf(event, [...present, ...gone]))),
      ...inOrder(standing, before).map((event) =>
        announce(work, event, event.final ? 'final' : 'provisional', causeOf(event, present)),
      ),
    ];
  }
}

/**
 * A work event as it is announced.
 *
 * @param cause - The event whose transaction brought it about.
 */
export function announce(
  work: Work,
  event: RegistryEvent,
  standing: Standing,
  cause = event,
): FactAnnouncement {
  const type = WORK_EVENT_TYPES[event.name];
  if (type === undefined) throw new Error(`${event.name} is not announced`);
  const subject = encodeGlobalId('Work', work.id);
  return {
    type,
    subject,
    orderKey: work.id,
    factKey: `work/${work.id}/${eventKey(event)}`,
    standing,
    transactionHash: cause.transactionHash,
    data: {
      workId: subject,
      projectId: encodeGlobalId('Project', work.projectId),
      registryId: encodeGlobalId('Registry', work.registryId),
      tokenId: event.tokenId,
      facts: event.args,
      evidence: evidenceOf(event),
    },
  };
}

/** A mint that was mined again after a reorg has another token: the work's earlier one counts as well. */
function tokenIdsOf({ tokenId, documentHash }: Work, touched: readonly RegistryEvent[]): Set<string> {
  const minted = touched.filter((event) => isMint(event) && textArg(event, 'documentHash') === documentHash);
  return new Set([tokenId, ...minted.map((event) => event.tokenId)].flatMap((id) => id ?? []));
}

/** What a bridge brings goes back to what was done at its other end. */
function causeOf(event: RegistryEvent, known: readonly RegistryEvent[]): RegistryEvent {
  return known.find((one) => one.tokenId === event.tokenId && brings(one, event)) ?? event;
}

function brings({ name, args }: RegistryEvent, effect: RegistryEvent): boolean {
  switch (effect.name) {
    case 'WorkArrived':
      return name === 'WorkDeparted' && moveOf(args) === arrivedMoveOf(effect);
    case 'RevisionApplied':
      return name === 'RevisionStated' && args['revision'] === effect.args['revision'];
    default:
      return false;
  }
}

/** Causes before effects, as far as the causes are known; a destination may be seen before its source. */
function inOrder(events: readonly RegistryEvent[], before: readonly RegistryEvent[]): RegistryEvent[] {
  const named = (name: RegistryEventName) => before.filter((event) => event.name === name);
  const ordered = causalOrder(events, {
    departed: new Set(named('WorkDeparted').map(({ args }) => moveOf(args))),
    revision: Math.max(0, ...named('RevisionStated').map((event) => numberArg(event, 'revision'))),
  });
  return [...ordered, ...events.filter((event) => !ordered.includes(event))];
}
