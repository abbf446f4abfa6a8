import type { Address } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { SigningKeyId, TenantId } from '../../schema/ids';

/** A signing key that a tenant has brought: its secret is in the keystore, or the key is in AWS KMS. */
export type BroughtKey = {
  readonly id: SigningKeyId;
  readonly address: Address;
} & ({ readonly kind: 'IMPORTED' } | { readonly kind: 'KMS'; readonly kmsKeyArn: string });

/** Knows which keys tenants have brought, and which of them sends on which chain. */
export interface BroughtKeys {
  /** The key that sends on a chain at present; undefined while that is the one that the platform made. */
  findCurrent(tenantId: TenantId, chainId: ChainId): Promise<BroughtKey | undefined>;
  findByAddress(tenantId: TenantId, address: Address): Promise<BroughtKey | undefined>;
}

/** Where the keystore has the secret of an imported key. */
export function importedKeyPurpose(id: SigningKeyId): string {
  return `signing-key:${id}`;
}
