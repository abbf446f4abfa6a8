import type { Address } from 'viem';
import type { BroughtKey, BroughtKeys } from '../../chains/signers/brought-keys';
import type { ChainId } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { unjournaled } from '../../tenants/step-journal';
import type { TenantDatabase } from '../../tenants/tenant-database';
import type { SigningKeyRepository } from './signing-key-repository';

/** What the signers ask about tenants' keys, each time anew. No step of a request, as it changes nothing. */
export class BroughtKeyStore implements BroughtKeys {
  constructor(
    private readonly database: TenantDatabase,
    private readonly keys: SigningKeyRepository,
  ) {}

  findCurrent(tenantId: TenantId, chainId: ChainId): Promise<BroughtKey | undefined> {
    return unjournaled(() => this.database.transaction(tenantId, (tx) => this.keys.findCurrent(tx, chainId)));
  }

  findByAddress(tenantId: TenantId, address: Address): Promise<BroughtKey | undefined> {
    return unjournaled(() =>
      this.database.transaction(tenantId, (tx) => this.keys.findByAddress(tx, address)),
    );
  }
}
