import type { TenantId } from '../../schema/ids';
import { unjournaled } from '../step-journal';
import type { TenantDatabase, TenantTx } from '../tenant-database';
import type { SealedRows } from './sealed-rows';
import type { SecretBox } from './secret-box';

/** The secrets of {@link SecretVault}. */
export const VAULT_ROWS: SealedRows = {
  table: 'tenant_secrets',
  keyIdColumn: 'key_id',
  sealedColumn: 'sealed',
  keyColumns: ['purpose'],
  binding: (tenantId, [purpose = '']) => bindingOf(tenantId, purpose),
};

interface SecretRow {
  readonly key_id: string;
  readonly sealed: Buffer;
}

/** The tenants' secrets, one per purpose, sealed in the database and bound to tenant and purpose. */
export class SecretVault {
  constructor(
    private readonly database: TenantDatabase,
    private readonly box: SecretBox,
  ) {}

  /**
   * The secret for `purpose`, made and stored at its first use. Everybody who asks at the same time
   * gets the same one.
   *
   * @throws {@link MasterKeyMissingError} if its master key is not configured.
   * @throws Error if the stored secret was tampered with.
   */
  async findOrCreate(tenantId: TenantId, purpose: string, create: () => Uint8Array): Promise<Uint8Array> {
    // Accounts that are open already do not ask here, so this must not count among a request's steps.
    return unjournaled(() =>
      this.database.transaction(tenantId, async (tx) => {
        const row = (await select(tx, purpose)) ?? (await this.insert(tx, purpose, create()));
        return this.box.open({ keyId: row.key_id, sealed: row.sealed }, bindingOf(tenantId, purpose));
      }),
    );
  }

  /**
   * The secret for `purpose`.
   *
   * @throws As {@link findOrCreate}, and Error if there is none.
   */
  async get(tenantId: TenantId, purpose: string): Promise<Uint8Array> {
    return this.findOrCreate(tenantId, purpose, () => {
      throw new Error(`the tenant has no secret for ${purpose}`);
    });
  }

  /** Stores a secret together with what `tx` else does. The purpose must have none yet. */
  async add(tx: TenantTx, purpose: string, secret: Uint8Array): Promise<void> {
    await this.insert(tx, purpose, secret);
  }

  private async insert(tx: TenantTx, purpose: string, secret: Uint8Array): Promise<SecretRow> {
    const { keyId, sealed } = this.box.seal(secret, bindingOf(tx.tenantId, purpose));
    await tx.manager.query(
      `insert into tenant_secrets (tenant_id, purpose, key_id, sealed) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [tx.tenantId, purpose, keyId, sealed],
    );
    // Somebody else's, if theirs was first.
    const stored = await select(tx, purpose);
    if (stored === undefined) throw new Error('the secret was not stored');
    return stored;
  }
}

async function select(tx: TenantTx, purpose: string): Promise<SecretRow | undefined> {
  const rows: SecretRow[] = await tx.manager.query(
    'select key_id, sealed from tenant_secrets where tenant_id = $1 and purpose = $2',
    [tx.tenantId, purpose],
  );
  return rows[0];
}

function bindingOf(tenantId: TenantId, purpose: string): string[] {
  return [tenantId, purpose];
}
