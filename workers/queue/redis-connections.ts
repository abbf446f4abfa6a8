import { once } from 'node:events';
import Redis, { type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** How long a Redis command may take before it fails, also when the network swallows the answer. */
const COMMAND_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const READY_TIMEOUT_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 2_000;

export type ConnectionType = 'client' | 'subscriber' | 'bclient';

/**
 * The connections of this process's Bull queues. All queues share one for commands and one for
 * events; each has its own for the blocking read, as Bull requires.
 *
 * Commands fail while Redis is away instead of waiting for it: by ioredis's defaults `add()` would
 * hang for as long as Redis is down. The blocking and the subscribing ones wait, and reconnect for ever.
 */
export class RedisConnections {
  private readonly open = new Set<Redis>();
  private readonly shared = new Map<ConnectionType, Redis>();

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {}

  /** Bull's `createClient` hook. */
  get(type: ConnectionType): Redis {
    if (type === 'bclient') return this.connect(waiting);
    const known = this.shared.get(type);
    if (known !== undefined) return known;
    const connection = this.connect(type === 'client' ? failing : waiting);
    this.shared.set(type, connection);
    return connection;
  }

  /** Resolves when commands can be sent. @throws Error if Redis does not answer soon. */
  async ready(): Promise<void> {
    const client = this.get('client');
    if (client.status === 'ready') return;
    try {
      await once(client, 'ready', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    } catch (cause) {
      throw new Error('Redis cannot be reached', { cause });
    }
  }

  close(): void {
    for (const connection of this.open) connection.disconnect();
  }

  private connect(options: RedisOptions): Redis {
    const connection = new Redis(this.url, options);
    // Each queue adds listeners to the connections that all of them share.
    connection.setMaxListeners(0);
    connection.on('error', (error: Error) =>
      this.log.warn({ reason: error.message }, 'Redis connection failed'),
    );
    this.open.add(connection);
    return connection;
  }
}

const both: RedisOptions = {
  // Without Redis these greetings fail, and their time limits would keep a stopping process alive.
  disableClientInfo: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_MS,
  retryStrategy: (times) => Math.min(times * 100, MAX_RECONNECT_DELAY_MS),
};
const failing: RedisOptions = {
  ...both,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
};
// Bull refuses other values on these two kinds.
const waiting: RedisOptions = { ...both, maxRetriesPerRequest: null, enableReadyCheck: false };
