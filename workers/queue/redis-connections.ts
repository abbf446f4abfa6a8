import { once } from 'node:events';
import type { Writable } from 'node:stream';
import Redis from 'ioredis';
import type { Logger } from 'pino';

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const MAX_RECONNECT_DELAY_MS = 2_000;
const READY_TIMEOUT_MS = 2_000;

/**
 * Sends the commands of one turn of the event loop by one write: Bull sends each alone, and a system call and a wake-up
 * of Redis for each cost a busy worker more than the commands.
 */
class BatchingRedis extends Redis {
  private held: Writable | undefined;

  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    this.hold();
    return super.sendCommand(command, stream);
  }

  private hold(): void {
    // CAST: ioredis declares its socket, and keeps it from its subclasses.
    const { stream } = this as unknown as { readonly stream: Writable | undefined };
    if (stream === undefined || stream === this.held) return;
    this.held = stream;
    stream.cork();
    process.nextTick(() => {
      this.held = undefined;
      stream.uncork();
    });
  }
}

type ConnectionType = 'client' | 'subscriber' | 'bclient';

/**
 * The connections of this process's Bull queues. All queues share one for commands and one for
 * events; each has its own for the blocking read, as Bull requires.
 *
 * All of them reconnect for ever, and commands wait for that: a worker whose commands failed
 * meanwhile would drop a ticket between taking it and locking it. So whoever must not hang while
 * Redis is away asks {@link ready} first, and limits its time.
 */
export class RedisConnections {
  private readonly open = new Set<Redis>();
  private closed = false;
  private readonly shared = new Map<ConnectionType, Redis>();

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {}

  /** Bull's `createClient` hook. */
  get(type: ConnectionType): Redis {
    if (type === 'bclient') return this.connect();
    const known = this.shared.get(type);
    if (known !== undefined) return known;
    const connection = this.connect();
    this.shared.set(type, connection);
    return connection;
  }

  /** Resolves when commands can be sent. @throws Error if Redis does not answer within two seconds. */
  async ready(): Promise<void> {
    const client = this.get('client');
    if (client.status === 'ready') return;
    try {
      await once(client, 'ready', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    } catch (cause) {
      throw new Error('Redis cannot be reached', { cause });
    }
  }

  /**
   * For good, although Bull reconnects its blocking connection when a queue closes. One that is about to try again does
   * so, and then ends: `disconnect` would only take the try from it, and leave what waits for it waiting for ever.
   */
  close(): void {
    this.closed = true;
    for (const connection of this.open) if (connection.status !== 'reconnecting') connection.disconnect();
  }

  private connect(): Redis {
    const connection = new BatchingRedis(this.url, {
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepAlive: KEEP_ALIVE_MS,
      retryStrategy: (times) => (this.closed ? null : Math.min(times * 100, MAX_RECONNECT_DELAY_MS)),
      // Bull refuses other values of these two on all but the first connection.
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
    });
    // Each queue adds listeners to the connections that all of them share.
    connection.setMaxListeners(0);
    let told: string | undefined;
    connection.on('error', ({ message: reason }: Error) => {
      // Once per outage: each try to connect again fails alike.
      if (reason !== told) this.log.warn({ reason }, 'a Redis connection failed');
      told = reason;
    });
    connection.on('ready', () => {
      told = undefined;
    });
    connection.on('connect', () => {
      if (this.closed) connection.disconnect();
    });
    this.open.add(connection);
    return connection;
  }
}
