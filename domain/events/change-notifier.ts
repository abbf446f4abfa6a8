import type { ApiKeyId, DispatchId, MemberId, SaleId, SettlementId, WorkId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { CHANGE_CHANNEL, type Change } from './change';

interface ChangedIds {
  Work: WorkId;
  Dispatch: DispatchId;
  Sale: SaleId;
  ApiKey: ApiKeyId;
  Member: MemberId;
  Settlement: SettlementId;
}

/**
 * Tells all processes, once `tx` commits and not before, that a row changed. Cheap to repeat:
 * PostgreSQL sends equal notifications of one transaction once.
 */
export async function notifyChanged<Type extends Change['type']>(
  tx: TenantTx,
  type: Type,
  id: ChangedIds[Type],
): Promise<void> {
  await notifyAllChanged(tx, type, [id]);
}

/** As {@link notifyChanged}, for several rows at once. */
export async function notifyAllChanged<Type extends Change['type']>(
  tx: TenantTx,
  type: Type,
  ids: readonly ChangedIds[Type][],
): Promise<void> {
  if (ids.length === 0) return;
  const changes = ids.map((id): Change => ({ tenantId: tx.tenantId, type, id }));
  await tx.manager.query('select pg_notify($1, change) from unnest($2::text[]) as change', [
    CHANGE_CHANNEL,
    changes.map((change) => JSON.stringify(change)),
  ]);
}
