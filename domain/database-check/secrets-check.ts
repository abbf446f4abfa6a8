import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantTx } from '../../tenants/tenant-database';
import { RunningCheck } from '../export/verify/fault';
import { ALL_SEALED_ROWS } from '../tenancy/key-rotation';

interface SealedRow {
  readonly key: string[];
  readonly key_id: string;
  readonly sealed: Buffer;
}

/** Whether the given master keys open every secret: those that a restore brings back may need earlier ones. */
export async function checkSecrets({ manager, tenantId }: TenantTx, box: SecretBox) {
  const check = new RunningCheck('secrets that open');
  for (const { table, keyIdColumn, sealedColumn, keyColumns, binding } of ALL_SEALED_ROWS) {
    const key = keyColumns.map((column) => `${column}::text`).join(', ');
    const rows: SealedRow[] = await manager.query(
      `select array[${key}] as key, ${keyIdColumn} as key_id, ${sealedColumn} as sealed from ${table}
        where tenant_id = $1 and ${keyIdColumn} is not null and ${sealedColumn} is not null`,
      [tenantId],
    );
    for (const row of rows) {
      const fault = faultOf(() =>
        box.open({ keyId: row.key_id, sealed: row.sealed }, binding(tenantId, row.key)),
      );
      check.expect(fault === undefined, 'SECRET_SEALED', table, `${row.key.join(' ')}: ${fault}`);
    }
  }
  return check;
}

/** Why a secret does not open. What it is, is forgotten at once. */
function faultOf(open: () => Buffer): string | undefined {
  try {
    open().fill(0);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
