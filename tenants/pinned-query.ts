import { createHash } from 'node:crypto';
import { type ClientBase, type Connection, Query } from 'pg';
import type { TenantId } from '../schema/ids';
import type { AuthorityEpoch } from './authority-epochs';
import { type DescribedColumn, type ReadRow, readerOf } from './row-reader';

/**
 * The prepared statement that every pinned query begins with: pins its transaction, lets it write nothing, and tells the
 * tenant's authority epoch. The `case` has the pin take effect before the wall is asked.
 */
const PIN = {
  name: 'pin',
  text: `select case when set_config('transaction_read_only', 'on', true) = 'on' and set_config('app.tenant_id', $1, true) = $1
    then (select authority_epoch from tenants where tenant_id = $1::uuid) end`,
};
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A row as it came, in text. */
interface DataRow {
  readonly fields: readonly (string | null)[];
}

/** What pg calls on a query while it runs. Its types have only what applications call. */
interface PgQuery {
  submit(connection: Connection): Error | null;
  handleRowDescription(description: { readonly fields: readonly DescribedColumn[] }): void;
  handleDataRow(row: DataRow): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
}

interface PgQueryClass {
  new (statement: { name: string; text: string; values: readonly unknown[] }, callback: Callback): PgQuery;
}

/** Messages of PostgreSQL's extended query protocol: what runs a prepared statement, and what forgets it. */
interface ProtocolConnection {
  readonly stream: { cork(): void; uncork(): void };
  /** By name, what pg knows to be prepared on this connection. */
  readonly parsedStatements: Record<string, string>;
  bind(message: { statement: string; values: readonly string[] }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
}

type Callback = (error: Error | undefined, result: { rows: unknown }) => void;

/**
 * How many statements stay prepared on a connection. What pages select is up to clients, so that there is no end of
 * texts, and each prepared one takes PostgreSQL some 20 kB. Far more than are in flight on a connection at a time.
 */
export const MAX_PREPARED = 200;

// CAST: the class is exported and made to be run by a client; the interfaces above are of its methods in pg 8.23.1.
const BaseQuery = Query as unknown as PgQueryClass;

/**
 * One statement that only reads, in a transaction of its own that is pinned to a tenant: pin and statement go to
 * PostgreSQL as one message and are one implicit transaction, which ends with the answer (without a `Sync` between
 * them, see "Pipelining" in PostgreSQL's protocol). The pin therefore costs no round trip and cannot outlast the
 * statement. What its rows look like PostgreSQL says once for each time that it is prepared, as that cannot change.
 */
export class PinnedQuery extends BaseQuery {
  /** The pin answers before the statement does. */
  private pinned = false;
  private prepared: Prepared = {};
  private readonly found: object[] = [];
  /** Why a row could not be read. */
  private unread: Error | undefined;

  private readonly statement: string;

  constructor(
    private readonly tenantId: TenantId,
    sql: string,
    values: readonly unknown[],
    /** Told as of the pin's snapshot, which is not later than the statement's; null for a tenant that is no more. */
    private readonly onEpoch: (epoch: AuthorityEpoch | null) => void,
    private readonly settle: Callback,
  ) {
    const name = statementName(sql);
    super({ name, text: sql, values }, settle);
    this.statement = name;
  }

  override submit(connection: Connection): Error | null {
    // CAST: these are methods of pg's connection.
    const protocol = connection as unknown as ProtocolConnection;
    protocol.stream.cork();
    try {
      this.prepared = noteUse(protocol, this.statement);
      protocol.bind({ statement: PIN.name, values: [this.tenantId] });
      protocol.execute({});
      return super.submit(this.prepared.read === undefined ? connection : undescribed(connection));
    } finally {
      protocol.stream.uncork();
    }
  }

  override handleRowDescription({ fields }: { readonly fields: readonly DescribedColumn[] }): void {
    this.prepared.read = readerOf(fields);
  }

  override handleDataRow({ fields }: DataRow): void {
    if (!this.pinned) {
      this.onEpoch(fields[0] ?? null);
      return;
    }
    try {
      const { read } = this.prepared;
      if (read === undefined) throw new Error('rows come after their description');
      this.found.push(read(fields));
    } catch (error) {
      this.unread ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  override handleCommandComplete(): void {
    this.pinned = true;
  }

  override handleReadyForQuery(): void {
    this.settle(this.unread, { rows: this.found });
  }
}

/** A connection on which the rows of what is run are not described. */
function undescribed(connection: Connection): Connection {
  const known = quiet.get(connection) ?? Object.create(connection, { describe: { value: () => undefined } });
  quiet.set(connection, known);
  return known;
}

const quiet = new WeakMap<Connection, Connection>();

/** Connections that the pin is prepared on. */
const pinnable = new WeakSet<ClientBase>();

/** Makes a connection able to run the pinned queries that are sent after this: it does nothing from the second time on. */
export function preparePin(client: ClientBase, onFailure: (error: Error) => void): void {
  if (pinnable.has(client)) return;
  client.query({ ...PIN, values: [NOBODY] }, (error: Error | null) => {
    if (error) onFailure(error);
    else pinnable.add(client);
  });
}

/** What is known of a statement since it was prepared on a connection. */
interface Prepared {
  /** Undefined until its rows are described. */
  read?: ReadRow;
}

/** The statements that were used on each connection, the longest unused first. */
const used = new WeakMap<ProtocolConnection, Map<string, Prepared>>();

/** Has PostgreSQL forget the statement that was not used for longest, when there are more than {@link MAX_PREPARED}. */
function noteUse(connection: ProtocolConnection, statement: string): Prepared {
  const statements = used.get(connection) ?? new Map<string, Prepared>();
  used.set(connection, statements);
  const prepared = statements.get(statement) ?? {};
  statements.delete(statement);
  statements.set(statement, prepared);
  if (statements.size > MAX_PREPARED) {
    const [oldest = ''] = statements.keys();
    statements.delete(oldest);
    delete connection.parsedStatements[oldest];
    connection.close({ type: 'S', name: oldest });
  }
  return prepared;
}

/** So many digests are remembered. */
const MAX_NAMES = 2_000;
const names = new Map<string, string>();

/** A statement is prepared on a connection under the digest of its text. */
export function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(sql).digest('base64url');
  if (names.size >= MAX_NAMES) names.clear();
  names.set(sql, name);
  return name;
}
