import { encodeGlobalId } from '../../schema/global-id';
import type { Registry, RegistryState } from '../../schema/types/registry';
import type { WebhookEventType } from '../../schema/webhook-events';
import type { TenantTx } from '../../tenants/tenant-database';
import type { RegistryListener } from '../registry/registry-repository';
import type { PlainAnnouncement } from './announcement';
import { clip } from './clip';
import type { EventPublisher } from './event-publisher';

/** Announces how far the deployment of registries is. */
export class RegistryAnnouncer implements RegistryListener {
  constructor(private readonly publisher: EventPublisher) {}

  async stateChanged(tx: TenantTx, registry: Registry): Promise<void> {
    await this.publisher.publish(tx, [registryAnnouncement(registry)]);
  }
}

const TYPES: { readonly [State in RegistryState]: WebhookEventType } = {
  DEPLOYING: 'registry.deploying',
  ACTIVE: 'registry.active',
  FAILED: 'registry.failed',
};

/** A registry that has just entered its state. */
export function registryAnnouncement(registry: Registry): PlainAnnouncement {
  const subject = encodeGlobalId('Registry', registry.id);
  return {
    type: TYPES[registry.state],
    subject,
    orderKey: registry.id,
    data: {
      registryId: subject,
      projectId: encodeGlobalId('Project', registry.projectId),
      name: registry.name,
      symbol: registry.symbol,
      state: registry.state,
      homeChainId: registry.homeChainId,
      chainIds: registry.chainIds,
      progress: registry.progress,
      waitingFor: registry.waitingFor && clip(registry.waitingFor),
    },
  };
}
