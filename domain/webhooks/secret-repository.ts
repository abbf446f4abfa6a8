import { randomUUID } from 'node:crypto';
import type { TenantId, WebhookEndpointId } from '../../schema/ids';
import type { SealedRows } from '../../tenants/secrets/sealed-rows';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import type { TenantTx } from '../../tenants/tenant-database';

interface SecretRow {
  id: string;
  key_id: string;
  sealed: Buffer;
}

export const WEBHOOK_SECRET_ROWS: SealedRows = {
  table: 'webhook_secrets',
  keyIdColumn: 'key_id',
  sealedColumn: 'sealed',
  keyColumns: ['endpoint_id', 'id'],
  binding: (tenantId, key) => binding(tenantId, ...key),
};

/** The signing keys of webhook endpoints, each sealed and bound to its tenant, endpoint and row. */
export class WebhookSecretRepository {
  constructor(private readonly box: SecretBox) {}

  /** Makes `key` the current one. */
  async insert(tx: TenantTx, endpointId: WebhookEndpointId, key: Uint8Array): Promise<void> {
    const id = randomUUID();
    const { keyId, sealed } = this.box.seal(key, binding(tx.tenantId, endpointId, id));
    await tx.manager.query(
      `insert into webhook_secrets (tenant_id, endpoint_id, id, key_id, sealed) values ($1, $2, $3, $4, $5)`,
      [tx.tenantId, endpointId, id, keyId, sealed],
    );
  }

  /**
   * Lets the current key sign for `overlapMs` more, and no earlier one: two at most are valid at a time. The
   * caller holds the endpoint's lock and inserts the new one.
   */
  async retire(tx: TenantTx, endpointId: WebhookEndpointId, overlapMs: number): Promise<void> {
    const endpoint = [tx.tenantId, endpointId];
    await tx.manager.query(
      'delete from webhook_secrets where tenant_id = $1 and endpoint_id = $2 and expires_at is not null',
      endpoint,
    );
    await tx.manager.query(
      `update webhook_secrets set expires_at = now() + $3 * interval '1 ms'
        where tenant_id = $1 and endpoint_id = $2`,
      [...endpoint, overlapMs],
    );
  }

  /** The keys that are valid now, the current one first. @throws Error if one cannot be opened. */
  async valid(tx: TenantTx, endpointId: WebhookEndpointId): Promise<Buffer[]> {
    const rows: SecretRow[] = await tx.manager.query(
      `select id, key_id, sealed from webhook_secrets
        where tenant_id = $1 and endpoint_id = $2 and (expires_at is null or expires_at > now())
        order by expires_at nulls first`,
      [tx.tenantId, endpointId],
    );
    return rows.map(({ id, key_id, sealed }) =>
      this.box.open({ keyId: key_id, sealed }, binding(tx.tenantId, endpointId, id)),
    );
  }
}

function binding(tenantId: TenantId, ...key: readonly string[]): string[] {
  return [tenantId, 'webhook secret', ...key];
}
