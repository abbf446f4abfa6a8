import { type Address, bytesToHex, hexToBytes, isAddressEqual, type LocalAccount } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { type ChainId, eip155Number } from '../../schema/caip';
import type { TenantId } from '../../schema/ids';
import { type BroughtKey, type BroughtKeys, importedKeyPurpose } from './brought-keys';
import { kmsAccount } from './kms-account';
import type { KmsKeys } from './kms-keys';
import type { Signers } from './signers';

/** Keeps one secret per tenant and purpose, encrypted at rest. */
export interface SecretKeeper {
  /** @throws Error if there is none. */
  get(tenantId: TenantId, purpose: string): Promise<Uint8Array>;
  findOrCreate(tenantId: TenantId, purpose: string, create: () => Uint8Array): Promise<Uint8Array>;
}

/** One key for all EVM chains, because a registry names one minter, whose address is the same everywhere. */
const EVM_SIGNER = 'signer:eip155';
/** Opened accounts that are kept in memory. The oldest leaves first and is opened again when needed. */
const MAX_OPEN_ACCOUNTS = 1_000;

/**
 * Signs with the keys that tenants have brought, and for those who brought none with a key from the
 * keystore that is made when it is first needed. Which key is current is asked each time, so that a
 * change counts in every process at once; only opened accounts are kept.
 */
export class TenantSigners implements Signers {
  private readonly open = new Map<string, Promise<LocalAccount>>();

  constructor(
    private readonly secrets: SecretKeeper,
    private readonly brought: BroughtKeys,
    private readonly kms: KmsKeys,
  ) {}

  /** @throws Error if `chainId` is not an EVM chain. */
  async accountFor(tenantId: TenantId, chainId: ChainId): Promise<LocalAccount> {
    eip155Number(chainId);
    const key = await this.brought.findCurrent(tenantId, chainId);
    return key === undefined ? this.made(tenantId) : this.broughtAccount(tenantId, key);
  }

  async accountOf(tenantId: TenantId, address: Address): Promise<LocalAccount> {
    const key = await this.brought.findByAddress(tenantId, address);
    if (key !== undefined) return this.broughtAccount(tenantId, key);
    const made = await this.made(tenantId);
    if (!isAddressEqual(made.address, address)) throw new Error(`no key of the tenant is that of ${address}`);
    return made;
  }

  private made(tenantId: TenantId): Promise<LocalAccount> {
    return this.keep(`${tenantId} made`, async () => {
      const create = () => hexToBytes(generatePrivateKey());
      return accountOf(await this.secrets.findOrCreate(tenantId, EVM_SIGNER, create));
    });
  }

  private broughtAccount(tenantId: TenantId, key: BroughtKey): Promise<LocalAccount> {
    return this.keep(`${tenantId} ${key.id}`, async () =>
      key.kind === 'KMS'
        ? kmsAccount(this.kms, key.kmsKeyArn, key.address)
        : accountOf(await this.secrets.get(tenantId, importedKeyPurpose(key.id))),
    );
  }

  private keep(name: string, read: () => Promise<LocalAccount>): Promise<LocalAccount> {
    const known = this.open.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.open.keys();
    if (oldest !== undefined && this.open.size >= MAX_OPEN_ACCOUNTS) this.open.delete(oldest);

    const account = read();
    this.open.set(name, account);
    account.catch(() => this.open.delete(name)); // the caller sees the failure; the next one tries again
    return account;
  }
}

function accountOf(key: Uint8Array): LocalAccount {
  return privateKeyToAccount(bytesToHex(key));
}
