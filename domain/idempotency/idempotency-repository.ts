import type { SealedSecret } from '../../tenants/secrets/secret-box';
import type { RecordedStep } from '../../tenants/step-journal';
import type { TenantTx } from '../../tenants/tenant-database';

/**
 * How long a request may take before another try may go on with it, in seconds: as long as callers wait for one whose
 * process has died. One that is slower is done once all the same, as two tries cannot both commit a step.
 */
export const LEASE_SECONDS = 15;
/** How long an answer is kept, in hours: well over the 24 that clients may count on. */
export const KEPT_HOURS = 48;
/** Expired rows that one request clears away, so that a tenant's rows stay bounded by its traffic. */
const PRUNED_AT_ONCE = 20;

/** A request as it is stored. */
export interface StoredRequest {
  /** Sealed, but for what an older release has kept. */
  readonly fingerprint: SealedSecret | Buffer;
  readonly claims: number;
  /** Seconds until its lease lapses; null when nobody carries it out. */
  readonly leaseSeconds: number | null;
  readonly answer: SealedSecret | undefined;
}

interface RequestRow {
  readonly fingerprint_key_id: string | null;
  readonly fingerprint: Buffer;
  readonly claims: number;
  readonly lease_seconds: number | null;
  readonly answer_key_id: string | null;
  readonly answer: Buffer | null;
}

interface StepRow {
  readonly field: string;
  readonly ordinal: number;
  readonly result_key_id: string;
  readonly result: Buffer;
}

/** The requests that were made under an `Idempotency-Key`, and the steps that they have committed. */
export class IdempotencyRepository {
  async prune(tx: TenantTx, key: string): Promise<void> {
    await tx.manager.query(
      `delete from idempotency_keys where tenant_id = $1 and expires_at < now() and (key = $2 or key in (
         select key from idempotency_keys where tenant_id = $1 and expires_at < now()
          order by expires_at limit ${PRUNED_AT_ONCE} for update skip locked))`,
      [tx.tenantId, key],
    );
  }

  /** @returns false if the key is there already. */
  async insert(tx: TenantTx, key: string, fingerprint: SealedSecret): Promise<boolean> {
    const rows: unknown[] = await tx.manager.query(
      `insert into idempotency_keys (tenant_id, key, fingerprint_key_id, fingerprint, lease_until, expires_at)
       values ($1, $2, $3, $4, now() + interval '${LEASE_SECONDS} s', now() + interval '${KEPT_HOURS} h')
       on conflict do nothing returning key`,
      [tx.tenantId, key, fingerprint.keyId, fingerprint.sealed],
    );
    return rows.length > 0;
  }

  /** The request of this key, locked for change. */
  async lock(tx: TenantTx, key: string): Promise<StoredRequest | undefined> {
    const rows: RequestRow[] = await tx.manager.query(
      `select fingerprint_key_id, fingerprint, claims, extract(epoch from lease_until - now())::float8 as lease_seconds, answer_key_id, answer
         from idempotency_keys where tenant_id = $1 and key = $2 for update`,
      [tx.tenantId, key],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const { claims, lease_seconds: leaseSeconds, answer_key_id: keyId, answer } = row;
    return {
      fingerprint:
        row.fingerprint_key_id === null
          ? row.fingerprint
          : { keyId: row.fingerprint_key_id, sealed: row.fingerprint },
      claims,
      leaseSeconds,
      answer: keyId !== null && answer !== null ? { keyId, sealed: answer } : undefined,
    };
  }

  /** Begins another try. */
  async claim(tx: TenantTx, key: string): Promise<void> {
    await tx.manager.query(
      `update idempotency_keys set claims = claims + 1, lease_until = now() + interval '${LEASE_SECONDS} s'
        where tenant_id = $1 and key = $2`,
      [tx.tenantId, key],
    );
  }

  async steps(tx: TenantTx, key: string): Promise<RecordedStep[]> {
    const rows: StepRow[] = await tx.manager.query(
      'select field, ordinal, result_key_id, result from idempotency_steps where tenant_id = $1 and key = $2',
      [tx.tenantId, key],
    );
    return rows.map(({ field, ordinal, result_key_id: keyId, result: sealed }) => ({
      field,
      ordinal,
      keyId,
      sealed,
    }));
  }

  /** Keeps the answer in place of the steps. Does nothing when another try has taken over. */
  async complete(tx: TenantTx, key: string, claims: number, answer: SealedSecret): Promise<void> {
    await tx.manager.query(
      `with done as (
         update idempotency_keys set lease_until = null, answer_key_id = $4, answer = $5
          where tenant_id = $1 and key = $2 and claims = $3 and answer is null returning key)
       delete from idempotency_steps where tenant_id = $1 and key in (select key from done)`,
      [tx.tenantId, key, claims, answer.keyId, answer.sealed],
    );
  }

  /** Lets the request be tried again at once. Does nothing when another try has taken over. */
  async release(tx: TenantTx, key: string, claims: number): Promise<void> {
    await tx.manager.query(
      `update idempotency_keys set lease_until = null
        where tenant_id = $1 and key = $2 and claims = $3 and answer is null`,
      [tx.tenantId, key, claims],
    );
  }
}
