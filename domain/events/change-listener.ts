import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { KEEP_ALIVE } from '../../tenants/data-source';
import { CHANGE_CHANNEL, type Change, changeSchema } from './change';

export interface ChangeHandlers {
  onChange(change: Change): void;
  /** Notifications may have been missed: whatever was read before may be stale. */
  onGap(): void;
  /** The connection failed (it is being restored), or a notification could not be read. */
  onError(error: unknown): void;
}

const HEARTBEAT_MS = 15_000;
const QUERY_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

interface Connection {
  readonly client: Client;
  /** Settles when the connection is gone, for whatever reason. */
  readonly lost: Promise<void>;
}

/** Hears of changed rows on one connection of its own, and restores it whenever it is lost. */
export class ChangeListener {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly url: string,
    private readonly handlers: ChangeHandlers,
    private connection: Connection,
  ) {}

  private running: Promise<void> = Promise.resolve();

  /** Resolves once it listens. @throws when the database cannot be reached. */
  static async start(url: string, handlers: ChangeHandlers): Promise<ChangeListener> {
    const listener = new ChangeListener(url, handlers, await connect(url, handlers));
    listener.running = listener.keepConnected();
    return listener;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connection.client.end();
    await this.running;
  }

  private async keepConnected(): Promise<void> {
    for (;;) {
      await this.connection.lost;
      const restored = await this.reconnect();
      if (restored === undefined) return;
      this.connection = restored;
      this.handlers.onGap();
    }
  }

  /** Tries until it listens again; undefined once the listener is to stop. */
  private async reconnect(): Promise<Connection | undefined> {
    for (
      let waitMs = FIRST_RETRY_MS;
      !this.stopping.signal.aborted;
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)
    ) {
      try {
        const connection = await connect(this.url, this.handlers);
        if (!this.stopping.signal.aborted) return connection;
        await connection.client.end();
      } catch (error) {
        this.handlers.onError(error);
        // It rejects only when the listener is to stop, which the loop itself looks at.
        await delay(waitMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

async function connect(url: string, handlers: ChangeHandlers): Promise<Connection> {
  const client = new Client({
    connectionString: url,
    application_name: 'colophon-changes',
    connectionTimeoutMillis: QUERY_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    ...KEEP_ALIVE,
  });
  client.on('error', (error) => handlers.onError(error));
  client.on('notification', ({ payload }) => {
    const change = readChange(payload);
    if (change === undefined) handlers.onError(new Error('a notification on our channel is not a change'));
    else handlers.onChange(change);
  });
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  try {
    await client.connect();
    await client.query(`listen ${CHANGE_CHANNEL}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  // A peer that vanished without a word sends no end: only an unanswered question tells.
  const heartbeat = setInterval(() => {
    client.query('select 1').catch((error: unknown) => {
      handlers.onError(error);
      return client.end();
    });
  }, HEARTBEAT_MS);
  return { client, lost: lost.finally(() => clearInterval(heartbeat)) };
}

function readChange(payload: string | undefined): Change | undefined {
  try {
    return changeSchema.safeParse(JSON.parse(payload ?? '')).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
