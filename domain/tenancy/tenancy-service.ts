import DataLoader from 'dataloader';
import type { ApiKeyId, TenantId } from '../../schema/ids';
import { UNLIMITED_PLAN } from '../../schema/quotas';
import { SCOPES, type Scope } from '../../schema/scopes';
import type { SystemDatabase } from '../../tenants/system-database';
import { NotFoundError } from '../not-found-error';
import { generateApiKey, hintOf, KEY_IN_FORCE } from './api-key';
import type { Authority } from './caller';
import {
  millisecondsUntil,
  STANDING_COLUMNS,
  type StandingRow,
  standingJoin,
  toStanding,
} from './tenant-standing';
import { hashToken } from './token-hash';

/** A tenant that was just made, with its first key: the only time that key is readable. */
export interface ProvisionedTenant {
  readonly tenantId: TenantId;
  readonly name: string;
  readonly apiKey: string;
}

interface CallerRow extends StandingRow {
  readonly tenant_id: TenantId;
  readonly id: ApiKeyId;
  readonly scopes: Scope[];
  readonly unnoticed: boolean;
  readonly ends_in_ms: number | null;
  readonly hash: string;
}

const LONG_AGO = "last_used_at < now() - interval '1 minute'";

/** Provisions tenants and tells whom an API key belongs to. Works across tenants, through the narrow system role. */
export class TenancyService {
  /**
   * Looks keys up together that are asked for in one turn of the event loop. Nothing is remembered: each look-up begins
   * after the requests that it answers, so that a key that was revoked before is not taken.
   */
  private readonly lookUps: DataLoader<string, CallerRow | undefined>;

  constructor(private readonly database: SystemDatabase) {
    this.lookUps = new DataLoader((hashes) => this.findInForce(hashes), {
      cache: false,
      batchScheduleFn: (send) => setImmediate(send),
    });
  }

  /** Makes a tenant and its first API key, with all scopes. @throws {@link NotFoundError} for the plan. */
  async createTenant(name: string, plan: string = UNLIMITED_PLAN): Promise<ProvisionedTenant> {
    return this.database.transaction(async (tx) => {
      const rows: { tenant_id: TenantId }[] = await tx.manager.query(
        'insert into tenants (name, plan) select $1, plan from plans where plan = $2 returning tenant_id',
        [name, plan],
      );
      const tenantId = rows[0]?.tenant_id;
      if (tenantId === undefined) throw new NotFoundError('Plan', plan);
      const apiKey = generateApiKey();
      await tx.manager.query(
        'insert into api_keys (tenant_id, label, key_hash, scopes, hint) values ($1, $2, $3, $4, $5)',
        [tenantId, 'first key', hashToken(apiKey), SCOPES, hintOf(apiKey)],
      );
      return { tenantId, name, apiKey };
    });
  }

  /** Whom `apiKey` speaks for, or undefined for a key that is unknown, revoked or expired. */
  async authenticate(apiKey: string): Promise<Authority | undefined> {
    const row = await this.lookUps.load(hashToken(apiKey).toString('hex'));
    if (row === undefined) return undefined;
    const { tenant_id: tenantId, id: apiKeyId, scopes, unnoticed, authority_epoch: epoch } = row;
    if (unnoticed) await this.noteUse(tenantId, apiKeyId);
    const actor = { type: 'ApiKey', id: apiKeyId } as const;
    return {
      caller: { tenantId, actor, scopes, standing: toStanding(row) },
      epoch,
      endsInMs: row.ends_in_ms,
    };
  }

  private async findInForce(hashes: readonly string[]): Promise<(CallerRow | undefined)[]> {
    const rows = await this.database.read<CallerRow>(
      `select api_keys.tenant_id, id, scopes, last_used_at is null or ${LONG_AGO} as unnoticed,
              ${millisecondsUntil('expires_at')} as ends_in_ms, encode(key_hash, 'hex') as hash, ${STANDING_COLUMNS}
         from api_keys ${standingJoin('api_keys')}
        where key_hash = any($1::bytea[]) and ${KEY_IN_FORCE}`,
      [hashes.map((hash) => `\\x${hash}`)],
    );
    const byHash = new Map(rows.map((row) => [row.hash, row]));
    return hashes.map((hash) => byHash.get(hash));
  }

  /** At most one write a minute for each key, however many requests come. */
  private async noteUse(tenantId: TenantId, apiKeyId: ApiKeyId): Promise<void> {
    await this.database.transaction((tx) =>
      tx.manager.query(
        `update api_keys set last_used_at = now()
          where tenant_id = $1 and id = $2 and (last_used_at is null or ${LONG_AGO})`,
        [tenantId, apiKeyId],
      ),
    );
  }
}
