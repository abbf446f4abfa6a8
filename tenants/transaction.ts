import type { DataSource, EntityManager } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { DatabaseAwayError, failureOf } from './database-away';
import { nextStep } from './step-journal';
import { presentWitness } from './witness';

/** SQLSTATEs after which the same transaction may simply be run again: serialization failure, deadlock. */
const RERUNNABLE = new Set(['40001', '40P01']);
const MAX_RUNS = 5;

/** The SQLSTATE of a PostgreSQL error, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  // CAST: pg's DatabaseError carries the SQLSTATE in `code`; its absence is handled below.
  const { code } = error.driverError as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** True when `error` is a violation of the named unique constraint or index. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  if (sqlState(error) !== '23505' || !(error instanceof QueryFailedError)) return false;
  // CAST: as above; pg names the violated constraint.
  return (error.driverError as { constraint?: unknown }).constraint === constraint;
}

/**
 * Runs `work` in a transaction, and runs it again from the start when PostgreSQL asks for that.
 * `work` must therefore have no effect outside the database. In a request with a journal it is a step: if an
 * earlier try has committed it, it is not run, and answers what it answered then.
 *
 * @param begin - The statements that it begins with, sent in one go; never anything of a client's.
 * @throws IdempotencyInProgressError if another try has taken the request over meanwhile.
 */
export async function runTransaction<T>(
  dataSource: DataSource,
  begin: string,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const step = nextStep();
  // CAST: the record is of this very step, so of this type.
  if (step?.recorded !== undefined) return step.recorded.result as T;
  const present = presentWitness();
  const witness = present?.isKept === false ? present : undefined;
  for (let run = 1; ; run += 1) {
    try {
      let wrote = false;
      const result = await inTransaction(dataSource, begin, async (manager) => {
        const result = await work(manager);
        if (step === undefined && witness === undefined) return result;
        wrote = await hasWritten(manager);
        if (!wrote) return result;
        await step?.record(manager, result);
        await witness?.record(manager);
        return result;
      });
      if (wrote) witness?.kept();
      return result;
    } catch (error) {
      if (run === MAX_RUNS || !RERUNNABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/** Whether the transaction has changed anything so far: then PostgreSQL has given it an id. */
async function hasWritten(manager: EntityManager): Promise<boolean> {
  const [state]: { wrote: boolean }[] = await manager.query(
    'select pg_current_xact_id_if_assigned() is not null as wrote',
  );
  return state?.wrote === true;
}

/**
 * As TypeORM's own, but with one round trip to begin, whatever is to be set: most transactions read one thing.
 *
 * @param end - How it ends once `work` is done.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  begin: string,
  work: (manager: EntityManager) => Promise<T>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(begin);
    const result = await work(runner.manager);
    await runner.query(end);
    return result;
  } catch (error) {
    // If the connection is gone, so is the transaction: what went wrong first is what counts.
    await runner.query('rollback').catch(() => undefined);
    // TypeORM lets go of a connection that breaks, and fails all that comes after with words of its own.
    throw runner.isReleased ? new DatabaseAwayError(error) : failureOf(error);
  } finally {
    await runner.release();
  }
}
