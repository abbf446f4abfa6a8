import type { Change } from '../../domain/events/change';
import type { TenantId } from '../../schema/ids';
import { Bell } from './bell';

type Wants = (change: Change) => boolean;

/** Fans changed rows out to this process's subscribers, each tenant's to its own. */
export class ChangeFeed {
  private readonly tenants = new Map<TenantId, Map<Bell, Wants>>();

  /** A bell that rings for each change of this tenant's that `wants` picks, until it is closed. */
  watch(tenantId: TenantId, wants: Wants): Bell {
    const bells = this.tenants.get(tenantId) ?? new Map<Bell, Wants>();
    this.tenants.set(tenantId, bells);
    const bell: Bell = new Bell(() => {
      bells.delete(bell);
      if (bells.size === 0) this.tenants.delete(tenantId);
    });
    bells.set(bell, wants);
    return bell;
  }

  onChange(change: Change): void {
    for (const [bell, wants] of this.tenants.get(change.tenantId) ?? []) if (wants(change)) bell.ring();
  }

  /** Changes may have been missed: everyone reads afresh. */
  onGap(): void {
    for (const bells of this.tenants.values()) for (const bell of bells.keys()) bell.ring();
  }

  /** Ends everyone's watch. */
  close(): void {
    for (const bells of [...this.tenants.values()]) for (const bell of [...bells.keys()]) bell.close();
  }

  /** How many watch now. */
  get size(): number {
    return [...this.tenants.values()].reduce((sum, bells) => sum + bells.size, 0);
  }
}
