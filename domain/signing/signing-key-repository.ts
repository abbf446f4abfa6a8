import type { Address } from 'viem';
import type { BroughtKey } from '../../chains/signers/brought-keys';
import type { ChainId } from '../../schema/caip';
import type { SigningKeyId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import type { SigningKeyFilter } from '../../schema/inputs/signing';
import type { Page } from '../../schema/types/connection';
import type { SigningKey, SigningKeyKind } from '../../schema/types/signing-key';
import { lockNamed } from '../../tenants/named-lock';
import type { TenantReads, TenantTx } from '../../tenants/tenant-database';
import { readPage } from '../page';

interface SigningKeyRow {
  readonly id: SigningKeyId;
  readonly kind: SigningKeyKind;
  readonly label: string;
  readonly address: Address;
  readonly kms_key_arn: string | null;
  readonly chain_ids: ChainId[];
  readonly created_at: Date;
}

const COLUMNS = `id, kind, label, address, kms_key_arn, created_at,
  array(select a.chain_id from signing_assignments a
         where a.tenant_id = signing_keys.tenant_id and a.signing_key_id = signing_keys.id
         order by a.chain_id) as chain_ids`;

/** A key that is to be stored. */
export type NewSigningKey = Pick<SigningKey, 'kind' | 'label' | 'address' | 'kmsKeyArn'>;

/** The keys that tenants have brought, and the chains that each sends on. Keys are never removed. */
export class SigningKeyRepository {
  async insert(tx: TenantTx, { kind, label, address, kmsKeyArn }: NewSigningKey): Promise<SigningKey> {
    const rows: SigningKeyRow[] = await tx.manager.query(
      `insert into signing_keys (tenant_id, kind, label, address, kms_key_arn)
       values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
      [tx.tenantId, kind, label, address, kmsKeyArn],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('an insert returns its row');
    return toSigningKey(row);
  }

  /** Until the transaction ends, nobody else brings a key to this tenant. @returns How many it has. */
  async lockCount(tx: TenantTx): Promise<number> {
    await lockNamed(tx, 'signing keys');
    const rows: { count: string }[] = await tx.manager.query(
      'select count(*) from signing_keys where tenant_id = $1',
      [tx.tenantId],
    );
    return Number(rows[0]?.count);
  }

  async findByIds(tx: TenantTx, ids: readonly SigningKeyId[]): Promise<SigningKey[]> {
    return this.query(tx, 'id = any($2)', [ids]);
  }

  async findByAddress(tx: TenantTx, address: Address): Promise<BroughtKey | undefined> {
    const [key] = await this.query(tx, 'address = $2', [address]);
    return key && toBroughtKey(key);
  }

  async findCurrent(tx: TenantTx, chainId: ChainId): Promise<BroughtKey | undefined> {
    const [key] = await this.query(
      tx,
      'id = (select signing_key_id from signing_assignments where tenant_id = $1 and chain_id = $2)',
      [chainId],
    );
    return key && toBroughtKey(key);
  }

  /** Has a key send on a chain from now on; null for the one that the platform made. */
  async assign(tx: TenantTx, chainId: ChainId, id: SigningKeyId | null): Promise<void> {
    if (id === null) {
      await tx.manager.query('delete from signing_assignments where tenant_id = $1 and chain_id = $2', [
        tx.tenantId,
        chainId,
      ]);
      return;
    }
    await tx.manager.query(
      `insert into signing_assignments (tenant_id, chain_id, signing_key_id) values ($1, $2, $3)
       on conflict (tenant_id, chain_id) do update set signing_key_id = excluded.signing_key_id`,
      [tx.tenantId, chainId, id],
    );
  }

  /** The name of a registry on one of these chains that this address owns, or was given the other roles of at its birth. */
  async findRegistryOf(
    tx: TenantTx,
    address: Address,
    chainIds: readonly ChainId[],
  ): Promise<string | undefined> {
    const rows: { name: string }[] = await tx.manager.query(
      `select name from registries
        where tenant_id = $1 and $2 in (split_part(owner, ':', 3), manifest->>'minter') and chain_ids && $3::text[] order by created_at limit 1`,
      [tx.tenantId, address, chainIds],
    );
    return rows[0]?.name;
  }

  async page(tx: TenantReads, request: PageRequest, filter: SigningKeyFilter): Promise<Page<SigningKey>> {
    return readPage(tx, request, {
      columns: COLUMNS,
      table: 'signing_keys',
      where: { kind: filter?.kind },
      toNode: toSigningKey,
    });
  }

  private async query(tx: TenantTx, condition: string, values: readonly unknown[]): Promise<SigningKey[]> {
    const rows: SigningKeyRow[] = await tx.manager.query(
      `select ${COLUMNS} from signing_keys where tenant_id = $1 and ${condition}`,
      [tx.tenantId, ...values],
    );
    return rows.map(toSigningKey);
  }
}

function toSigningKey(row: SigningKeyRow): SigningKey {
  const {
    id,
    kind,
    label,
    address,
    kms_key_arn: kmsKeyArn,
    chain_ids: chainIds,
    created_at: createdAt,
  } = row;
  return { id, kind, label, address, kmsKeyArn, chainIds, createdAt };
}

function toBroughtKey({ id, address, kmsKeyArn }: SigningKey): BroughtKey {
  return kmsKeyArn === null ? { id, address, kind: 'IMPORTED' } : { id, address, kind: 'KMS', kmsKeyArn };
}
