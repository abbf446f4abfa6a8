import type { TenantId } from '../../schema/ids';
import type { IdentityProvider } from '../../schema/types/member';
import type { SealedRows } from '../../tenants/secrets/sealed-rows';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantTx } from '../../tenants/tenant-database';

/** A provider with what only we and it know. */
export interface ProviderClient extends IdentityProvider {
  readonly clientSecret: string;
}

interface ProviderRow {
  readonly issuer: string;
  readonly client_id: string;
  readonly key_id: string;
  readonly sealed: Buffer;
}

/** The secrets of {@link IdentityProviderRepository}; a tenant has one provider at most. */
export const IDENTITY_PROVIDER_ROWS: SealedRows = {
  table: 'identity_providers',
  keyIdColumn: 'key_id',
  sealedColumn: 'sealed',
  keyColumns: ['issuer'],
  binding: (tenantId, [issuer = '']) => binding(tenantId, issuer),
};

/** The OpenID provider of each tenant that has one; the client's secret is sealed. */
export class IdentityProviderRepository {
  constructor(private readonly box: SecretBox) {}

  async set(tx: TenantTx, { issuer, clientId, clientSecret }: ProviderClient): Promise<void> {
    const { keyId, sealed } = this.box.seal(Buffer.from(clientSecret), binding(tx.tenantId, issuer));
    await tx.manager.query(
      `insert into identity_providers (tenant_id, issuer, client_id, key_id, sealed) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id) do update set issuer = excluded.issuer, client_id = excluded.client_id,
         key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()`,
      [tx.tenantId, issuer, clientId, keyId, sealed],
    );
  }

  async remove(tx: TenantTx): Promise<void> {
    await tx.manager.query('delete from identity_providers where tenant_id = $1', [tx.tenantId]);
  }

  async find(tx: TenantTx): Promise<ProviderClient | undefined> {
    const [row]: ProviderRow[] = await tx.manager.query(
      'select issuer, client_id, key_id, sealed from identity_providers where tenant_id = $1',
      [tx.tenantId],
    );
    if (row === undefined) return undefined;
    const { issuer, client_id: clientId, key_id: keyId, sealed } = row;
    return {
      issuer,
      clientId,
      clientSecret: this.box.open({ keyId, sealed }, binding(tx.tenantId, issuer)).toString(),
    };
  }
}

function binding(tenantId: TenantId, issuer: string): string[] {
  return [tenantId, 'identity provider', issuer];
}
