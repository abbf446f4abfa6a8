import type { TenantTx } from '../../tenants/tenant-database';
import { touchesEscrow } from '../provenance/escrow-transfers';
import type { ProjectionChange, ProjectionListener } from '../provenance/projector';
import { eventKey } from '../provenance/registry-event';
import { contractsOn } from '../registry/registry-contracts';
import type { GuardService } from './guard-service';

/** Has the escrow of an adopted work checked as soon as its token moves through the adapter's hands by itself. */
export class EscrowWatch implements ProjectionListener {
  constructor(private readonly guard: Pick<GuardService, 'checkEscrow'>) {}

  async projected(tx: TenantTx, { registry, touched, works }: ProjectionChange): Promise<void> {
    if (registry.adopted === null) return;
    const { collection: adapter } = contractsOn(registry, registry.homeChainId);
    const times = new Map<string, number>();
    for (const event of touched) times.set(eventKey(event), (times.get(eventKey(event)) ?? 0) + 1);
    // What is there twice only became final.
    const moved = touched.filter(
      (event) => touchesEscrow(event, adapter) && times.get(eventKey(event)) === 1,
    );
    const tokenIds = new Set(moved.map(({ tokenId }) => tokenId));
    for (const work of works.filter(({ tokenId }) => tokenId !== null && tokenIds.has(tokenId)))
      await this.guard.checkEscrow(tx, registry, work.id);
  }
}
