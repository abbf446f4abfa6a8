import type { ApiKeyId, DispatchId, WorkId } from '../../schema/ids';
import type { TenantTx } from '../../tenants/tenant-database';
import { CHANGE_CHANNEL, type Change } from './change';

interface ChangedIds {
  Work: WorkId;
  Dispatch: DispatchId;
  ApiKey: ApiKeyId;
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
  const change: Change = { tenantId: tx.tenantId, type, id };
  await tx.manager.query('select pg_notify($1, $2)', [CHANGE_CHANNEL, JSON.stringify(change)]);
}
