import type { Address, LocalAccount } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';

/**
 * Gives the accounts with which a tenant's transactions are signed. Their keys never leave the account
 * objects; some are not even in this process, so that signing may take a request to another service and
 * fail as one does. Nothing is signed within a database transaction.
 */
export interface Signers {
  /** The tenant's account on `chainId` at present: it sends what is new. */
  accountFor(tenantId: TenantId, chainId: ChainId): Promise<LocalAccount>;
  /**
   * The tenant's account with this address, at present or once: it finishes what it has begun.
   *
   * @throws Error if the tenant never had it.
   */
  accountOf(tenantId: TenantId, address: Address): Promise<LocalAccount>;
}
