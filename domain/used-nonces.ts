import type { TenantTx } from '../tenants/tenant-database';

/**
 * Takes a nonce in the transaction in which what was signed with it has its effect.
 *
 * @param expiresAt - From when what carries it is refused anyway: it is remembered until then.
 * @returns False if it was taken before, or is over.
 */
export async function takeNonce(tx: TenantTx, nonce: string, expiresAt: Date): Promise<boolean> {
  await tx.manager.query('delete from used_nonces where tenant_id = $1 and expires_at < now()', [
    tx.tenantId,
  ]);
  const taken: unknown[] = await tx.manager.query(
    `insert into used_nonces (tenant_id, nonce, expires_at)
     select $1, $2, $3 where $3::timestamptz > now()
     on conflict do nothing returning nonce`,
    [tx.tenantId, nonce, expiresAt],
  );
  return taken.length === 1;
}
