import { bytesToHex, hexToBytes, type LocalAccount } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type ChainId, eip155Number } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import type { Signers } from './signers';

/** Keeps one secret per tenant and purpose, encrypted at rest. */
export interface SecretKeeper {
  findOrCreate(tenantId: TenantId, purpose: string, create: () => Uint8Array): Promise<Uint8Array>;
}

/** One key for all EVM chains, because a registry names one minter, whose address is the same everywhere. */
const EVM_SIGNER = 'signer:eip155';
/** Opened accounts that are kept in memory. The oldest leaves first and is opened again when needed. */
const MAX_OPEN_ACCOUNTS = 1_000;

/** Signs with keys from the encrypted keystore; a tenant's key is made when it is first needed. */
export class KeystoreSigners implements Signers {
  private readonly open = new Map<TenantId, Promise<LocalAccount>>();

  constructor(private readonly secrets: SecretKeeper) {}

  /** @throws Error if `chainId` is not an EVM chain. */
  async accountFor(tenantId: TenantId, chainId: ChainId): Promise<LocalAccount> {
    eip155Number(chainId);
    return this.open.get(tenantId) ?? this.unlock(tenantId);
  }

  private unlock(tenantId: TenantId): Promise<LocalAccount> {
    const [oldest] = this.open.keys();
    if (oldest !== undefined && this.open.size >= MAX_OPEN_ACCOUNTS) this.open.delete(oldest);

    const account = this.read(tenantId);
    this.open.set(tenantId, account);
    account.catch(() => this.open.delete(tenantId)); // the caller sees the failure; the next one tries again
    return account;
  }

  private async read(tenantId: TenantId): Promise<LocalAccount> {
    const key = await this.secrets.findOrCreate(tenantId, EVM_SIGNER, () => hexToBytes(generatePrivateKey()));
    return privateKeyToAccount(bytesToHex(key));
  }
}
