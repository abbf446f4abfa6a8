import { encodeGlobalId } from '../../schema/global-id';
import type { Registry } from '../../schema/types/registry';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { evidenceOf } from '../provenance/provenance-entry';
import { byPlace, eventKey, type RegistryEvent, type RegistryEventName } from '../provenance/registry-event';
import type { FactAnnouncement, Standing } from './announcement';
import type { EventPublisher } from './event-publisher';

/** The events of licence books, as webhooks name them. */
export const LICENCE_EVENT_TYPES: { readonly [Name in RegistryEventName]?: WebhookEventType } = {
  LicenceOffered: 'licence.offered',
  OfferWithdrawn: 'licence.offer_withdrawn',
  LicenceBought: 'licence.bought',
  LicenceTransferred: 'licence.transferred',
  LicenceRevoked: 'licence.revoked',
  GrantApplied: 'licence.applied',
};

/** Announces what the chains show of licences: provisional as soon as it is seen, then final, or taken back. */
export class LicenceAnnouncer implements ProjectionListener {
  constructor(private readonly publisher: EventPublisher) {}

  async projected(tx: TenantTx, { registry, touched, fallen }: ProjectionChange): Promise<void> {
    const ofLicences = touched.filter(({ name }) => LICENCE_EVENT_TYPES[name] !== undefined);
    if (ofLicences.length === 0 || !(await this.publisher.hasAudience(tx))) return;
    const gone = new Set(fallen);
    const fell = ofLicences.filter((event) => gone.has(event));
    // One that became final is there twice, as it is last.
    const standing = new Map(
      ofLicences.filter((event) => !gone.has(event)).map((event) => [eventKey(event), event]),
    );
    await this.publisher.publish(tx, [
      // What came last is taken back first.
      ...fell
        .sort(byPlace)
        .reverse()
        .map((event) => announceLicence(registry, event, 'absent')),
      ...[...standing.values()].map((event) =>
        announceLicence(registry, event, event.final ? 'final' : 'provisional'),
      ),
    ]);
  }
}

/** An event of a licence book as it is announced; in order within its registry. */
export function announceLicence(
  registry: Registry,
  event: RegistryEvent,
  standing: Standing,
): FactAnnouncement {
  const type = LICENCE_EVENT_TYPES[event.name];
  if (type === undefined) throw new Error(`${event.name} is not announced`);
  const subject = encodeGlobalId('Registry', registry.id);
  return {
    type,
    subject,
    orderKey: registry.id,
    factKey: `licence/${registry.id}/${eventKey(event)}`,
    standing,
    transactionHash: event.transactionHash,
    data: {
      projectId: encodeGlobalId('Project', registry.projectId),
      registryId: subject,
      chainId: event.chainId,
      facts: event.args,
      evidence: evidenceOf(event),
    },
  };
}
