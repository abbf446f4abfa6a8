import type { ChainId } from '../../schema/caip';
import { replicateLicence } from '../../schema/jobs';
import type { Registry } from '../../schema/types/registry';
import type { TenantTx } from '../../tenants/tenant-database';
import { groupBy } from '../group-by';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { type RegistryEvent, type RegistryEventName, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import { chainsBehind, type FoldedLicence, foldLicence, foldOffer } from './licence-fold';
import type { LicenceRepository } from './licence-repository';

interface ProjectionStores {
  readonly events: RegistryEventRepository;
  readonly licences: LicenceRepository;
  readonly outbox: Pick<OutboxRepository, 'add'>;
}

const OFFER_EVENTS: readonly RegistryEventName[] = ['LicenceOffered', 'OfferWithdrawn'];
const GRANT_EVENTS: readonly RegistryEventName[] = [
  'LicenceBought',
  'LicenceTransferred',
  'LicenceRevoked',
  'GrantApplied',
];

/**
 * Keeps offers and licences as the chains have them: those that were touched are read off all their events anew, so a
 * reorg needs no undoing. What is final and unknown elsewhere is queued for the other chains.
 */
export class LicenceProjection implements ProjectionListener {
  constructor(private readonly stores: ProjectionStores) {}

  async projected(tx: TenantTx, { registry, touched }: ProjectionChange): Promise<void> {
    await this.projectOffers(
      tx,
      registry,
      touched.filter(({ name }) => OFFER_EVENTS.includes(name)),
    );
    await this.projectLicences(
      tx,
      registry,
      touched.filter(({ name }) => GRANT_EVENTS.includes(name)),
    );
  }

  private async projectOffers(
    tx: TenantTx,
    { id }: Registry,
    touched: readonly RegistryEvent[],
  ): Promise<void> {
    const offerIds = touched.map((event) => textArg(event, 'offerId'));
    const named = await this.stores.events.findNaming(tx, id, 'offer_id', offerIds);
    const keyOf = (event: RegistryEvent) => `${event.chainId} ${textArg(event, 'offerId')}`;
    const byOffer = groupBy(
      named.filter(({ name }) => OFFER_EVENTS.includes(name)),
      keyOf,
    );
    for (const key of new Set(touched.map(keyOf))) {
      const offer = foldOffer(byOffer.get(key) ?? []);
      // CAST: the key was made of both just now.
      const [chainId, offerId] = key.split(' ') as [ChainId, string];
      if (offer === undefined) await this.stores.licences.removeOffer(tx, id, chainId, offerId);
      else await this.stores.licences.putOffer(tx, id, offer);
    }
  }

  private async projectLicences(
    tx: TenantTx,
    registry: Registry,
    touched: readonly RegistryEvent[],
  ): Promise<void> {
    const grantIds = [...new Set(touched.map((event) => textArg(event, 'grantId')))];
    const named = await this.stores.events.findNaming(tx, registry.id, 'grant_id', grantIds);
    const byGrant = groupBy(named, (event) => textArg(event, 'grantId'));
    for (const grantId of grantIds) {
      const licence = foldLicence(byGrant.get(grantId) ?? []);
      if (licence === undefined) {
        await this.stores.licences.removeLicence(tx, registry.id, grantId);
        continue;
      }
      await this.stores.licences.putLicence(tx, registry.id, licence);
      if (await this.isToBeTold(tx, registry, licence)) {
        const payload = { tenantId: tx.tenantId, registryId: registry.id, grantId };
        await this.stores.outbox.add(tx, replicateLicence, payload);
      }
    }
  }

  /**
   * Other chains hear of what is final, at the tenant's cost. A first copy of what nobody paid for, nor the tenant gave,
   * waits until it is asked for: else anyone could have the tenant pay for bridges without end.
   */
  private async isToBeTold(tx: TenantTx, registry: Registry, licence: FoldedLicence): Promise<boolean> {
    if (licence.provisional || chainsBehind(licence, registry.chainIds).length === 0) return false;
    if (licence.copies.length > 0) return true;
    const offer = await this.stores.licences.findOffer(tx, registry.id, licence.chainId, licence.offerId);
    return offer !== undefined && BigInt(offer.price) > 0n;
  }
}
