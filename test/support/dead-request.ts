import type { IdempotencyService } from '../../domain/idempotency/idempotency-service';
import type { TenantId } from '../../schema/ids';

const FINGERPRINT = Buffer.alloc(32);

/**
 * Carries a mutation out under an `Idempotency-Key` as the API does, in a process that ends before it can keep the answer:
 * the same key may be tried again at once.
 */
export async function inDeadRequest<T>(
  requests: IdempotencyService,
  tenantId: TenantId,
  { key, field }: { readonly key: string; readonly field: string },
  work: () => Promise<T>,
): Promise<T> {
  const begun = await requests.begin({ tenantId, key }, FINGERPRINT);
  if ('answer' in begun) throw new Error('an answer was kept');
  try {
    return await begun.run.journal.within(field, work);
  } finally {
    await requests.release(begun.run);
  }
}
