import type { ApiKeyId, TenantId } from '../../schema/ids';
import type { ApiKeyFilter, CreateApiKey, RotateApiKey } from '../../schema/inputs/api-key';
import type { PageRequest } from '../../schema/inputs/page';
import type { Scope } from '../../schema/scopes';
import type { ApiKey } from '../../schema/types/api-key';
import type { Page } from '../../schema/types/connection';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import { generateApiKey } from './api-key';
import { ApiKeyLimitReachedError, ApiKeyOverError, LastApiKeyError } from './api-key-errors';
import type { ApiKeyRepository } from './api-key-repository';
import { requireHeld } from './held-scopes';

/** Keys in force that a tenant may have. */
export const MAX_API_KEYS = 100;
const MANAGING_SCOPE: Scope = 'key:write';

/** A key with its text, which is readable this once. */
export interface ApiKeyWithSecret {
  readonly apiKey: ApiKey;
  readonly secret: string;
}

/** A tenant's own management of its API keys. */
export class ApiKeyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly keys: ApiKeyRepository,
  ) {}

  /**
   * @param held - What the caller's own key may do: no key makes one that may do more.
   * @throws ScopeNotHeldError, {@link ApiKeyLimitReachedError}
   */
  async create(
    tenantId: TenantId,
    held: readonly Scope[],
    { label, scopes, expiresAt = null }: CreateApiKey,
  ): Promise<ApiKeyWithSecret> {
    requireHeld(scopes, held);
    return this.database.transaction(tenantId, async (tx) => {
      await this.requireRoom(tx);
      return this.insert(tx, { label, scopes, expiresAt });
    });
  }

  /** Ends a key at once, with its subscriptions. Twice changes nothing. @throws {@link NotFoundError}, {@link LastApiKeyError} */
  async revoke(tenantId: TenantId, apiKeyId: ApiKeyId): Promise<ApiKey> {
    return this.database.transaction(tenantId, async (tx) => {
      const inForce = await this.keys.lockInForce(tx);
      await this.read(tx, apiKeyId);
      const isManaged = inForce.some(({ id, scopes }) => id !== apiKeyId && scopes.includes(MANAGING_SCOPE));
      if (!isManaged) throw new LastApiKeyError();
      await this.keys.revoke(tx, apiKeyId);
      return this.read(tx, apiKeyId);
    });
  }

  /**
   * Makes a successor that may do the same, and has the old key expire after an overlap.
   *
   * @param held - As for {@link create}: who rotates a key has its successor.
   * @throws {@link NotFoundError}, {@link ApiKeyOverError}, ScopeNotHeldError, {@link ApiKeyLimitReachedError}
   */
  async rotate(
    tenantId: TenantId,
    held: readonly Scope[],
    { apiKeyId, overlapHours }: RotateApiKey,
  ): Promise<ApiKeyWithSecret> {
    return this.database.transaction(tenantId, async (tx) => {
      const inForce = await this.requireRoom(tx);
      const old = await this.read(tx, apiKeyId);
      if (!inForce.some(({ id }) => id === apiKeyId)) throw new ApiKeyOverError();
      requireHeld(old.scopes, held);
      const made = await this.insert(tx, old);
      await this.keys.expireIn(tx, apiKeyId, overlapHours);
      return made;
    });
  }

  async findByIds(tenantId: TenantId, ids: readonly ApiKeyId[]): Promise<ApiKey[]> {
    return this.database.read(tenantId, (tx) => this.keys.findByIds(tx, ids));
  }

  async page(tenantId: TenantId, request: PageRequest, filter: ApiKeyFilter): Promise<Page<ApiKey>> {
    return this.database.read(tenantId, (tx) => this.keys.page(tx, request, filter));
  }

  private async requireRoom(tx: TenantTx): Promise<ApiKey[]> {
    const inForce = await this.keys.lockInForce(tx);
    if (inForce.length >= MAX_API_KEYS) throw new ApiKeyLimitReachedError(MAX_API_KEYS);
    return inForce;
  }

  private async insert(
    tx: TenantTx,
    key: Pick<ApiKey, 'label' | 'scopes' | 'expiresAt'>,
  ): Promise<ApiKeyWithSecret> {
    const secret = generateApiKey();
    return { apiKey: await this.keys.insert(tx, secret, key), secret };
  }

  private async read(tx: TenantTx, apiKeyId: ApiKeyId): Promise<ApiKey> {
    const [key] = await this.keys.findByIds(tx, [apiKeyId]);
    if (key === undefined) throw new NotFoundError('ApiKey', apiKeyId);
    return key;
  }
}
