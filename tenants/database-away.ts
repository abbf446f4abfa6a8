import { QueryFailedError } from 'typeorm';
import { DomainError } from '../schema/domain-error';
import { ErrorCode } from '../schema/error-codes';

/** The database does not serve: it restarts, another takes its place, or it has no room or connection left. */
export class DatabaseAwayError extends DomainError {
  readonly code = ErrorCode.NotReady;
  override readonly retryable = true;

  constructor(cause: unknown) {
    const advice =
      'A mutation may have been carried out: send it again with the Idempotency-Key that it had.';
    super(`The database does not serve at present. ${advice}`, { cause });
  }
}

/**
 * SQLSTATEs by which PostgreSQL says that it cannot serve now (https://www.postgresql.org/docs/18/errcodes-appendix.html):
 * it shuts down, has crashed or starts. Those of class 08 are of the connection itself; by those of class 53 it has no
 * room on its disk, no memory or no connection left.
 */
const AWAY_STATES = new Set(['57P01', '57P02', '57P03']);
const AWAY_CLASSES = /^(?:08|53)...$/;
/** Of Node: there was no connection, or it broke. */
const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
/** pg gives these no code, only these words (pg 8.23.1, lib/client.js; pg-pool 3, index.js). */
const WORDS = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout exceeded when trying to connect',
]);

/**
 * True for what a statement or a connection fails with because no server behind it serves. Others than PostgreSQL fail
 * with the same codes: ask it where the database was asked.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof QueryFailedError) return isDatabaseAway(error.driverError);
  if (typeof error !== 'object' || error === null) return false;
  // CAST: pg and Node put a text into `code`, or nothing. Not `instanceof`: Node's own errors may be of another realm.
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return typeof message === 'string' && WORDS.has(message);
  return AWAY_STATES.has(code) || AWAY_CLASSES.test(code) || SYSTEM_CODES.has(code);
}

/** What a statement or a connection has failed with, as {@link DatabaseAwayError} if no server serves. */
export function failureOf(error: unknown): unknown {
  return isDatabaseAway(error) ? new DatabaseAwayError(error) : error;
}

/** As {@link failureOf}, for all that `ask` asks the database. */
export async function askDatabase<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw failureOf(error);
  }
}
