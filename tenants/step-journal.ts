import { AsyncLocalStorage } from 'node:async_hooks';
import { deserialize, serialize } from 'node:v8';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../schema/ids';
import { IdempotencyInProgressError } from './idempotency-in-progress-error';
import type { SealedRows } from './secrets/sealed-rows';
import type { SealedSecret, SecretBox } from './secrets/secret-box';

/** The request that steps belong to. */
export interface JournalKey {
  readonly tenantId: TenantId;
  readonly key: string;
}

/** A step that an earlier try of the request has committed. */
export interface RecordedStep extends SealedSecret {
  readonly field: string;
  readonly ordinal: number;
}

/** The results of {@link RecordedStep}s. */
export const STEP_ROWS: SealedRows = {
  table: 'idempotency_steps',
  keyIdColumn: 'result_key_id',
  sealedColumn: 'result',
  keyColumns: ['key', 'field', 'ordinal'],
  binding: (tenantId, key) => [tenantId, ...key],
};

/** One transaction of a journaled request. */
export interface Step {
  /** What it answered when it was committed before; undefined if it was not. */
  readonly recorded: { readonly result: unknown } | undefined;
  /**
   * Records its result, to commit with what it did: for a transaction that has written something.
   *
   * @throws IdempotencyInProgressError if another try has taken the request over meanwhile.
   */
  record(manager: EntityManager, result: unknown): Promise<void>;
}

interface Position {
  readonly journal: StepJournal;
  readonly field: string;
  next: number;
}

const positions = new AsyncLocalStorage<Position | undefined>();

/**
 * Makes a request that may be tried again do its work once. Each transaction that it runs is a step,
 * known by its place in the order of the request's transactions: a step that wrote something records its
 * result in its own transaction, and a later try is answered by that record in place of running it
 * again. A try that was taken over can commit nothing more, however late it comes.
 *
 * Results are sealed, because they may hold what is shown only once.
 */
export class StepJournal {
  constructor(
    private readonly id: JournalKey,
    /** Which try this is: the number of those that have taken the request over, this one included. */
    private readonly claims: number,
    private readonly box: SecretBox,
    private readonly recorded: readonly RecordedStep[],
  ) {}

  /** Runs `work` so that its transactions are steps of `field`, counted from the first. */
  within<T>(field: string, work: () => T): T {
    return positions.run({ journal: this, field, next: 0 }, work);
  }

  /** The step that an earlier try has committed in this field; undefined if it has not. For fields of one writing step. */
  onlyOf(field: string): Step['recorded'] {
    const known = this.recorded.find((step) => step.field === field);
    return known && this.step(field, known.ordinal).recorded;
  }

  step(field: string, ordinal: number): Step {
    const known = this.recorded.find((step) => step.field === field && step.ordinal === ordinal);
    const binding = [this.id.tenantId, this.id.key, field, String(ordinal)];
    return {
      recorded: known && { result: deserialize(this.box.open(known, binding)) },
      record: async (manager, result) => {
        // The transaction may be pinned to another tenant than the request's, e.g. to one that it has just made.
        await manager.query("select set_config('app.tenant_id', $1, true)", [this.id.tenantId]);
        const { keyId, sealed } = this.box.seal(serialize(result), binding);
        // The lock waits for whoever is taking the request over, and has whoever wants to wait for this step.
        const [present]: { tries: number }[] = await manager.query(
          `with present as (
             select tenant_id, key from idempotency_keys
              where tenant_id = $1 and key = $2 and claims = $3 and answer_key_id is null for share
           ), recorded as (
             insert into idempotency_steps (tenant_id, key, field, ordinal, result_key_id, result)
             select tenant_id, key, $4, $5, $6, $7 from present
           )
           select count(*)::int as tries from present`,
          [this.id.tenantId, this.id.key, this.claims, field, ordinal, keyId, sealed],
        );
        if (present?.tries !== 1) throw new IdempotencyInProgressError();
      },
    };
  }
}

/** The next step of the request that this code runs for, or undefined when it is not journaled. */
export function nextStep(): Step | undefined {
  const position = positions.getStore();
  if (position === undefined) return undefined;
  const ordinal = position.next;
  position.next += 1;
  return position.journal.step(position.field, ordinal);
}

/**
 * Decides something once per request: runs `work`, whose result is that of the one transaction in it that writes. If an
 * earlier try of the request has committed that, this one answers what it answered, and judges nothing anew: what was
 * allowed then may be no more, as a work that has arrived cannot be sent there.
 *
 * @param name - Of its own in the field.
 */
export async function decideOnce<T>(name: string, work: () => Promise<T>): Promise<T> {
  const position = positions.getStore();
  if (position === undefined) return work();
  const { journal } = position;
  const field = `${position.field}/${name}`;
  const decided = journal.onlyOf(field);
  // CAST: the record is of this very decision, so of this type.
  if (decided !== undefined) return decided.result as T;
  return positions.run({ journal, field, next: 0 }, work);
}

/**
 * Runs `work` outside the journal: for look-ups whose effect is idempotent by itself and which may be
 * left out when their result is remembered, so that they must not count as steps.
 */
export function unjournaled<T>(work: () => T): T {
  return positions.run(undefined, work);
}
