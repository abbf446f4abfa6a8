import type { TenantId } from '../../schema/ids';
import { IdempotencyInProgressError } from '../../tenants/idempotency-in-progress-error';
import type { SealedRows } from '../../tenants/secrets/sealed-rows';
import type { SecretBox } from '../../tenants/secrets/secret-box';
import { type JournalKey, type RecordedStep, StepJournal } from '../../tenants/step-journal';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { IdempotencyKeyReusedError } from './idempotency-errors';
import { type IdempotencyRepository, LEASE_SECONDS, type StoredRequest } from './idempotency-repository';

/** The scope of what the platform's operator asks for, which belongs to no tenant: the nil UUID. */
// CAST: a constant UUID.
export const PLATFORM_SCOPE = '00000000-0000-0000-0000-000000000000' as TenantId;

/** The answers that are kept. */
export const ANSWER_ROWS: SealedRows = {
  table: 'idempotency_keys',
  keyIdColumn: 'answer_key_id',
  sealedColumn: 'answer',
  keyColumns: ['key'],
  binding: (tenantId, [key = '']) => answerBinding({ tenantId, key }),
};

/** What was asked. */
export const FINGERPRINT_ROWS: SealedRows = {
  table: 'idempotency_keys',
  keyIdColumn: 'fingerprint_key_id',
  sealedColumn: 'fingerprint',
  keyColumns: ['key'],
  binding: (tenantId, [key = '']) => fingerprintBinding({ tenantId, key }),
};

/** A request that is carried out now, and by nobody else. */
export interface IdempotentRun {
  readonly id: JournalKey;
  /** Which try this is. */
  readonly claims: number;
  readonly journal: StepJournal;
}

/** What is to be done about a request with a key: give the answer that it got before, or carry it out. */
export type Begun = { readonly answer: Buffer } | { readonly run: IdempotentRun };

/**
 * Carries a request with an `Idempotency-Key` out once, however often it is sent, and answers each time
 * the same. Rows are walled off by tenant, so keys of different tenants never meet.
 */
export class IdempotencyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly requests: IdempotencyRepository,
    private readonly box: SecretBox,
  ) {}

  /**
   * @param fingerprint - SHA-256 over who asks and for what: the same key must come with the same. It is kept
   *   sealed, since what was asked may hold a password.
   * @throws {@link IdempotencyKeyReusedError}, {@link IdempotencyInProgressError}
   */
  async begin(id: JournalKey, fingerprint: Buffer): Promise<Begun> {
    const sealed = this.box.seal(fingerprint, fingerprintBinding(id));
    return this.database.transaction(id.tenantId, async (tx) => {
      await this.requests.prune(tx, id.key);
      if (await this.requests.insert(tx, id.key, sealed)) return { run: this.run(id, 1, []) };
      const stored = await this.requests.lock(tx, id.key);
      // Gone between the two statements: whoever removed it has just finished with it.
      if (stored === undefined) throw new IdempotencyInProgressError();
      return this.resume(tx, id, stored, fingerprint);
    });
  }

  /** Keeps the answer: it is given again whenever the request is sent again. */
  async complete({ id, claims }: IdempotentRun, answer: Buffer): Promise<void> {
    const sealed = this.box.seal(answer, answerBinding(id));
    await this.database.transaction(id.tenantId, (tx) => this.requests.complete(tx, id.key, claims, sealed));
  }

  /** Keeps no answer: sent again, the request goes on behind the steps that it has committed. */
  async release({ id, claims }: IdempotentRun): Promise<void> {
    await this.database.transaction(id.tenantId, (tx) => this.requests.release(tx, id.key, claims));
  }

  private async resume(
    tx: TenantTx,
    id: JournalKey,
    { fingerprint, claims, leaseSeconds, answer }: StoredRequest,
    asked: Buffer,
  ): Promise<Begun> {
    const known = Buffer.isBuffer(fingerprint)
      ? fingerprint
      : this.box.open(fingerprint, fingerprintBinding(id));
    if (!known.equals(asked)) throw new IdempotencyKeyReusedError();
    if (answer !== undefined) return { answer: this.box.open(answer, answerBinding(id)) };
    if (leaseSeconds !== null && leaseSeconds > 0)
      throw new IdempotencyInProgressError(Math.min(Math.ceil(leaseSeconds), LEASE_SECONDS));
    await this.requests.claim(tx, id.key);
    return { run: this.run(id, claims + 1, await this.requests.steps(tx, id.key)) };
  }

  private run(id: JournalKey, claims: number, steps: readonly RecordedStep[]): IdempotentRun {
    return { id, claims, journal: new StepJournal(id, claims, this.box, steps) };
  }
}

function fingerprintBinding({ tenantId, key }: JournalKey): string[] {
  return [tenantId, key, 'fingerprint'];
}

function answerBinding({ tenantId, key }: JournalKey): string[] {
  return [tenantId, key, 'answer'];
}
