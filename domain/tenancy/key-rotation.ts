import type { TenantId } from '../../schema/ids';
import type { SealedRows } from '../../tenants/secrets/sealed-rows';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import { VAULT_ROWS } from '../../tenants/secrets/secret-vault';
import { STEP_ROWS } from '../../tenants/step-journal';
import type { SystemDatabase } from '../../tenants/system-database';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { ANSWER_ROWS, FINGERPRINT_ROWS, PLATFORM_SCOPE } from '../idempotency/idempotency-service';
import { IDENTITY_PROVIDER_ROWS } from '../people/identity-provider-repository';
import { RPC_ENDPOINT_ROWS } from '../rpc/rpc-endpoint-repository';
import { WEBHOOK_SECRET_ROWS } from '../webhooks/secret-repository';

/** Everything that the master key stands behind. */
export const ALL_SEALED_ROWS: readonly SealedRows[] = [
  VAULT_ROWS,
  WEBHOOK_SECRET_ROWS,
  IDENTITY_PROVIDER_ROWS,
  RPC_ENDPOINT_ROWS,
  ANSWER_ROWS,
  FINGERPRINT_ROWS,
  STEP_ROWS,
];

/** Rows of one transaction: few enough that nobody waits long for them. */
const ROWS_AT_ONCE = 100;

/** How far a rotation is. */
export interface RotationProgress {
  readonly tenants: number;
  readonly tenantsDone: number;
  /** Secrets that this run has put under the current master key. */
  readonly rewrapped: number;
}

interface SealedRow {
  readonly key: string[];
  readonly key_id: string;
  readonly sealed: Buffer;
}

/**
 * Puts every secret under the current master key, so that the earlier ones can be taken away. It goes on
 * where an earlier run was cut off, because the rows themselves say what is left, and changes nothing when
 * nothing is. Processes may go on working meanwhile, provided that all of them seal with the current key.
 */
export class KeyRotation {
  constructor(
    private readonly system: SystemDatabase,
    private readonly tenants: TenantDatabase,
    private readonly box: SecretBox,
  ) {}

  /**
   * @param report - Called after each tenant.
   * @throws {@link MasterKeyMissingError} at a secret whose master key is not configured; what was done is kept.
   */
  async run(report: (progress: RotationProgress) => void): Promise<RotationProgress> {
    const rows = await this.system.read<{ tenant_id: TenantId }>(
      'select tenant_id from tenants order by tenant_id',
      [],
    );
    // The answers to the platform's operator lie behind the same wall, under no tenant.
    const tenantIds = [PLATFORM_SCOPE, ...rows.map(({ tenant_id }) => tenant_id)];
    let progress: RotationProgress = { tenants: tenantIds.length, tenantsDone: 0, rewrapped: 0 };
    for (const tenantId of tenantIds) {
      const rewrapped = await this.rotateTenant(tenantId);
      progress = {
        ...progress,
        tenantsDone: progress.tenantsDone + 1,
        rewrapped: progress.rewrapped + rewrapped,
      };
      report(progress);
    }
    return progress;
  }

  private async rotateTenant(tenantId: TenantId): Promise<number> {
    let total = 0;
    for (const place of ALL_SEALED_ROWS) {
      for (;;) {
        const count = await this.tenants.transaction(tenantId, (tx) => this.rewrapSome(tx, place));
        total += count;
        if (count < ROWS_AT_ONCE) break;
      }
    }
    return total;
  }

  private async rewrapSome(tx: TenantTx, place: SealedRows): Promise<number> {
    const { table, keyIdColumn, sealedColumn, keyColumns, binding } = place;
    const key = keyColumns.map((column) => `${column}::text`).join(', ');
    const rows: SealedRow[] = await tx.manager.query(
      `select array[${key}] as key, ${keyIdColumn} as key_id, ${sealedColumn} as sealed from ${table}
        where tenant_id = $1 and ${keyIdColumn} <> $2 limit ${ROWS_AT_ONCE} for update`,
      [tx.tenantId, this.box.currentKeyId],
    );
    const isRow = keyColumns.map((column, index) => `${column}::text = $${index + 4}`).join(' and ');
    for (const row of rows) {
      const { keyId, sealed } = this.box.rewrap(
        { keyId: row.key_id, sealed: row.sealed },
        binding(tx.tenantId, row.key),
      );
      await tx.manager.query(
        `update ${table} set ${keyIdColumn} = $2, ${sealedColumn} = $3 where tenant_id = $1 and ${isRow}`,
        [tx.tenantId, keyId, sealed, ...row.key],
      );
    }
    return rows.length;
  }
}
