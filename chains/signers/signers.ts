import type { LocalAccount } from 'viem';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';

/** Gives the account with which a tenant's transactions are signed. */
export interface Signers {
  /** The tenant's account on `chainId`: the same one at each call. Its key never leaves the account object. */
  accountFor(tenantId: TenantId, chainId: ChainId): Promise<LocalAccount>;
}
