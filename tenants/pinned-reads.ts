import { DatabaseError, type Pool, type PoolClient } from 'pg';
import type { TenantId } from '../schema/ids';
import type { AuthorityEpochs } from './authority-epochs';
import { failureOf } from './database-away';
import { PinnedQuery, preparePin } from './pinned-query';

/** How many statements go to PostgreSQL at once on one connection, which answers them one after the other. */
const BATCH_SIZE = 4;

type Rows = { rows: unknown };

interface Waiting {
  readonly tenantId: TenantId;
  readonly sql: string;
  readonly values: readonly unknown[];
  settle(error: Error | undefined, result?: Rows): void;
}

/**
 * Sends reads that are asked for at about the same time together: those of one turn of the event loop, and those that
 * come while no connection is free. What they share is a write to the socket, never a transaction.
 */
export class PinnedReads {
  private waiting: Waiting[] = [];

  /**
   * @param pool - Of connections that are best pipelined; otherwise each read waits for the one before.
   * @param epochs - Told what each read sees of its tenant's.
   */
  constructor(
    private readonly pool: Pool,
    private readonly epochs: AuthorityEpochs,
  ) {}

  /** @returns the rows of one statement that only reads, pinned to a tenant. */
  async run<Rows>(tenantId: TenantId, sql: string, values: readonly unknown[]): Promise<Rows> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | undefined, result?: { rows: unknown }) => {
        if (error) reject(failureOf(error));
        // CAST: whoever writes a statement says what its rows are.
        else resolve(result?.rows as Rows);
      };
      if (this.waiting.length === 0) setImmediate(() => this.flush());
      this.waiting.push({ tenantId, sql, values, settle });
    });
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = [];
    for (let start = 0; start < waiting.length; start += BATCH_SIZE)
      this.send(waiting.slice(start, start + BATCH_SIZE));
  }

  private send(batch: readonly Waiting[]): void {
    this.pool.connect((failure, client, release) => {
      if (failure || client === undefined) {
        for (const { settle } of batch) settle(failure ?? new Error('the pool gave no connection'));
        return;
      }
      this.sendOn(client, release, batch);
    });
  }

  private sendOn(client: PoolClient, release: (error?: Error) => void, batch: readonly Waiting[]): void {
    let unanswered = batch.length;
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    // A connection that breaks fails its queries, too; without a listener it would end the process.
    client.on('error', onError);
    const { stream } = client.connection;
    const { epochs } = this;
    const moment = epochs.begin();
    stream.cork();
    preparePin(client, onError);
    for (const { tenantId, sql, values, settle } of batch) {
      client.query(
        new PinnedQuery(
          tenantId,
          sql,
          values,
          (epoch) => epochs.note(tenantId, epoch, moment),
          (error, result) => {
            unanswered -= 1;
            if (error && !isOfStatement(error)) broken ??= error;
            if (unanswered === 0) {
              client.removeListener('error', onError);
              release(broken);
            }
            settle(error, result);
          },
        ),
      );
    }
    stream.uncork();
  }
}

/** Whether the connection is as good as before: what ends it PostgreSQL calls FATAL. */
function isOfStatement(error: Error): boolean {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}
