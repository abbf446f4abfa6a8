import type { TenantId } from '../../schema/ids';

/** Where a table keeps sealed secrets. Every such table has one, or its secrets die with the master key. */
export interface SealedRows {
  readonly table: string;
  /** The columns of {@link SealedSecret.keyId} and {@link SealedSecret.sealed}; both null where nothing is sealed. */
  readonly keyIdColumn: string;
  readonly sealedColumn: string;
  /** With `tenant_id`, the primary key; read as text. */
  readonly keyColumns: readonly string[];
  /** What the secret of a row is bound to. @param key - The values of {@link keyColumns}. */
  binding(tenantId: TenantId, key: readonly string[]): readonly string[];
}
