import { type Address, bytesToHex, hexToBytes, isAddressEqual } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import type { ChainTable } from '../../chains/chain-table';
import { importedKeyPurpose } from '../../chains/signers/brought-keys';
import { addressOfPublicKey } from '../../chains/signers/ecdsa-der';
import { KmsKeyRefusedError } from '../../chains/signers/kms-errors';
import type { KmsKeys } from '../../chains/signers/kms-keys';
import type { Signers } from '../../chains/signers/signers';
import { type AccountId, type ChainId, evmAccountId } from '../../schema/caip';
import type { SigningKeyId, TenantId } from '../../schema/ids';
import type { PageRequest } from '../../schema/inputs/page';
import {
  type ImportSigningKey,
  isPrivateKey,
  type SigningKeyFilter,
  type UseKmsKey,
  type UseSigningKey,
} from '../../schema/inputs/signing';
import type { Page } from '../../schema/types/connection';
import type { SigningKey } from '../../schema/types/signing-key';
import type { SecretVault } from '../../tenants/secrets/secret-vault';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { isUniqueViolation } from '../../tenants/transaction';
import { NotFoundError } from '../not-found-error';
import { ChainNotSupportedError } from '../registry/registry-errors';
import { openKeystoreFile } from './keystore-file';
import { kmsAliasArn } from './kms-alias';
import {
  AccountHoldsRolesError,
  KeystoreFileInvalidError,
  SigningKeyExistsError,
  SigningKeyLimitReachedError,
} from './signing-errors';
import type { NewSigningKey, SigningKeyRepository } from './signing-key-repository';

/** Keys that a tenant may bring. */
export const MAX_SIGNING_KEYS = 20;

export interface SigningParts {
  readonly vault: SecretVault;
  readonly kms: KmsKeys;
  readonly signers: Signers;
  readonly chains: ChainTable;
}

/** The tenants' own signing keys: bringing them, and having them send. */
export class SigningKeyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly keys: SigningKeyRepository,
    private readonly parts: SigningParts,
  ) {}

  /**
   * Keeps a private key, sealed. It sends nothing before {@link use}.
   *
   * @throws {@link KeystoreFileInvalidError}, {@link SigningKeyExistsError}, {@link SigningKeyLimitReachedError}
   */
  async import(tenantId: TenantId, { label, ...source }: ImportSigningKey): Promise<SigningKey> {
    const secret =
      'privateKey' in source
        ? hexToBytes(source.privateKey)
        : await openKeystoreFile(source.keystore, source.password);
    if (!isPrivateKey(bytesToHex(secret))) throw new KeystoreFileInvalidError('holds no secp256k1 key');
    const address = privateKeyToAddress(bytesToHex(secret));
    return this.add(tenantId, { kind: 'IMPORTED', label, address, kmsKeyArn: null }, (tx, { id }) =>
      this.parts.vault.add(tx, importedKeyPurpose(id), secret),
    );
  }

  /**
   * Notes a key in AWS KMS. It is asked for by an alias that names the tenant, which only the key's owner can have
   * made: so no tenant has another's key used, though the platform may use both.
   *
   * @throws {@link KmsUnavailableError}, {@link KmsKeyRefusedError}, {@link SigningKeyExistsError},
   * {@link SigningKeyLimitReachedError}
   */
  async useKms(tenantId: TenantId, { label, ...place }: UseKmsKey): Promise<SigningKey> {
    const kmsKeyArn = kmsAliasArn(tenantId, place);
    const address = addressOfPublicKey(await this.parts.kms.publicKey(kmsKeyArn));
    if (address === undefined) throw new KmsKeyRefusedError(kmsKeyArn, 'it is no secp256k1 key');
    return this.add(tenantId, { kind: 'KMS', label, address, kmsKeyArn });
  }

  /**
   * Has a key's account send what is new on these chains, or on all; without a key, the account that the platform
   * made. What the account before it has begun, it finishes.
   *
   * @throws {@link NotFoundError}, {@link ChainNotSupportedError}, {@link AccountHoldsRolesError}
   */
  async use(
    tenantId: TenantId,
    { signingKeyId, chainIds, leaveRoles }: UseSigningKey,
  ): Promise<{ signingKey: SigningKey | null; accounts: AccountId[] }> {
    const chosen = chainIds ?? this.parts.chains.all().map(({ chainId }) => chainId);
    const unknown = chosen.find((chainId) => this.parts.chains.find(chainId) === undefined);
    if (unknown !== undefined) throw new ChainNotSupportedError(unknown);
    const before = await this.accounts(tenantId, chosen);
    await this.database.transaction(tenantId, async (tx) => {
      const address = signingKeyId === null ? undefined : (await this.get(tx, signingKeyId)).address;
      if (!leaveRoles) await this.requireNoRoles(tx, before, address);
      for (const chainId of chosen) await this.keys.assign(tx, chainId, signingKeyId);
    });
    const after = await this.accounts(tenantId, chosen);
    const signingKey = signingKeyId === null ? null : await this.find(tenantId, signingKeyId);
    return {
      signingKey,
      accounts: after.map(({ chainId, address }) => evmAccountId(chainId, address)),
    };
  }

  async findByIds(tenantId: TenantId, ids: readonly SigningKeyId[]): Promise<SigningKey[]> {
    return this.database.read(tenantId, (tx) => this.keys.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter: SigningKeyFilter): Promise<Page<SigningKey>> {
    return this.database.read(tenantId, (tx) => this.keys.page(tx, request, filter));
  }

  private find(tenantId: TenantId, id: SigningKeyId): Promise<SigningKey> {
    return this.database.transaction(tenantId, (tx) => this.get(tx, id));
  }

  private async accounts(tenantId: TenantId, chainIds: readonly ChainId[]) {
    return Promise.all(
      chainIds.map(async (chainId) => {
        const { address } = await this.parts.signers.accountFor(tenantId, chainId);
        return { chainId, address };
      }),
    );
  }

  private async requireNoRoles(
    tx: TenantTx,
    before: readonly { chainId: ChainId; address: Address }[],
    next: Address | undefined,
  ): Promise<void> {
    for (const { chainId, address } of before) {
      if (next !== undefined && isAddressEqual(address, next)) continue;
      const registryName = await this.keys.findRegistryOf(tx, address, [chainId]);
      if (registryName !== undefined) throw new AccountHoldsRolesError(address, registryName);
    }
  }

  private async add(
    tenantId: TenantId,
    key: NewSigningKey,
    keep: (tx: TenantTx, key: SigningKey) => Promise<void> = async () => undefined,
  ): Promise<SigningKey> {
    try {
      return await this.database.transaction(tenantId, async (tx) => {
        if ((await this.keys.lockCount(tx)) >= MAX_SIGNING_KEYS)
          throw new SigningKeyLimitReachedError(MAX_SIGNING_KEYS);
        const added = await this.keys.insert(tx, key);
        await keep(tx, added);
        return added;
      });
    } catch (error) {
      if (isUniqueViolation(error, 'one_signing_key_per_address'))
        throw new SigningKeyExistsError(key.address);
      throw error;
    }
  }

  private async get(tx: TenantTx, id: SigningKeyId): Promise<SigningKey> {
    const [key] = await this.keys.findByIds(tx, [id]);
    if (key === undefined) throw new NotFoundError('SigningKey', id);
    return key;
  }
}
