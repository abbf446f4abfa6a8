import type { DispatchId, TenantId } from '../../schema/ids';
import { DispatchState } from '../../schema/types/dispatch';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { DispatchRepository } from './dispatch-repository';

/** Looks after dispatches that have left their source for good and have not arrived. */
export class DispatchNudger {
  constructor(
    private readonly database: TenantDatabase,
    private readonly dispatches: DispatchRepository,
  ) {}

  /** @returns True when there is nothing more to look after. */
  async nudge(tenantId: TenantId, dispatchId: DispatchId): Promise<boolean> {
    const [dispatch] = await this.database.transaction(tenantId, (tx) =>
      this.dispatches.findByIds(tx, [dispatchId]),
    );
    return dispatch?.state !== DispatchState.SOURCE_FINAL;
  }
}
