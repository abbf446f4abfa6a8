import { evmAccountId } from '../../schema/caip';
import type { TenantTx } from '../../tenants/tenant-database';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { RegistryRepository } from '../registry/registry-repository';

interface OwnerWatchStores {
  readonly events: RegistryEventRepository;
  readonly registries: RegistryRepository;
}

/**
 * Keeps whose a registry is, as its home chain says for good: the contracts tell it at birth and with each change. What
 * may still fall makes nobody an owner whose signature counts.
 */
export class OwnerWatch implements ProjectionListener {
  constructor(private readonly stores: OwnerWatchStores) {}

  async projected(tx: TenantTx, { registry, touched }: ProjectionChange): Promise<void> {
    const { id, homeChainId } = registry;
    const isHere = touched.some(
      ({ name, chainId }) => name === 'OwnershipTransferred' && chainId === homeChainId,
    );
    if (!isHere) return;
    const changes = await this.stores.events.find(tx, id, {
      chainId: homeChainId,
      names: ['OwnershipTransferred'],
    });
    const last = changes.filter(({ final }) => final).at(-1);
    if (last !== undefined)
      await this.stores.registries.setOwner(tx, id, evmAccountId(homeChainId, textArg(last, 'newOwner')));
  }
}
