import { createHash } from 'node:crypto';
import { type ClientBase, type Connection, Query } from 'pg';
import type { TenantId } from '../schema/ids';

/** The prepared statement that every pinned query begins with: pins its transaction, and lets it write nothing. */
const PIN = {
  name: 'pin',
  text: "select set_config('app.tenant_id', $1, true), set_config('transaction_read_only', 'on', true)",
};
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What pg calls on a query while it runs. Its types have only what applications call. */
interface PgQuery {
  submit(connection: Connection): Error | null;
  handleDataRow(row: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}

interface PgQueryClass {
  new (
    statement: { name: string; text: string; values: readonly unknown[] },
    callback: (error: Error | undefined, result: { rows: unknown }) => void,
  ): PgQuery;
}

/** The two messages of PostgreSQL's extended query protocol that run a prepared statement. */
interface ProtocolConnection {
  readonly stream: { cork(): void; uncork(): void };
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: object): void;
}

// CAST: the class is exported and made to be run by a client; the interfaces above are of its methods in pg 8.23.1.
const BaseQuery = Query as unknown as PgQueryClass;

/**
 * One statement that only reads, in a transaction of its own that is pinned to a tenant: pin and statement go to
 * PostgreSQL as one message and are one implicit transaction, which ends with the answer (without a `Sync` between
 * them, see "Pipelining" in PostgreSQL's protocol). The pin therefore costs no round trip and cannot outlast the
 * statement.
 */
export class PinnedQuery extends BaseQuery {
  /** The pin answers before the statement does. */
  private pinned = false;

  constructor(
    private readonly tenantId: TenantId,
    sql: string,
    values: readonly unknown[],
    callback: (error: Error | undefined, result: { rows: unknown }) => void,
  ) {
    super({ name: statementName(sql), text: sql, values }, callback);
  }

  override submit(connection: Connection): Error | null {
    // CAST: these are methods of pg's connection.
    const protocol = connection as unknown as ProtocolConnection;
    protocol.stream.cork();
    try {
      protocol.bind({ statement: PIN.name, values: [this.tenantId] });
      protocol.execute({});
      return super.submit(connection);
    } finally {
      protocol.stream.uncork();
    }
  }

  override handleDataRow(row: unknown): void {
    if (this.pinned) super.handleDataRow(row);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.pinned) super.handleCommandComplete(message, connection);
    this.pinned = true;
  }
}

/** Makes a new connection able to run pinned queries. */
export async function preparePin(client: ClientBase): Promise<void> {
  await client.query({ ...PIN, values: [NOBODY] });
}

const names = new Map<string, string>();

/** A statement is prepared once on each connection, under the digest of its text. The texts are the code's own: few. */
export function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
}
