import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { findProcessesIn, signalProcess } from '../../cli/embedded/processes';
import { type EmbeddedRedis, startRedis } from '../../cli/embedded/redis';

const log = () => undefined;

/** A durable PostgreSQL that can be stopped as a power cut does, on one port for all of its life. */
export class SimPostgres {
  private constructor(
    private readonly dataDir: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(folder: string): Promise<SimPostgres> {
    const dataDir = join(folder, 'postgres');
    return new SimPostgres(dataDir, await startPostgres({ dataDir, durable: true, log }));
  }

  get adminUrl(): string {
    return this.server.adminUrl;
  }

  /** Ends it at once, without a checkpoint; what it had committed, it finds in its log when it starts again. */
  async crash(): Promise<void> {
    this.signal('SIGQUIT');
    await this.server.exited;
    await this.server.stop();
  }

  /** Recovers after {@link crash}. @throws Error if it did not get its port back. */
  async recover(): Promise<void> {
    const { port } = this.server;
    this.server = await startPostgres({ dataDir: this.dataDir, durable: true, log });
    if (this.server.port !== port) throw new Error(`another program has taken PostgreSQL's port ${port}`);
  }

  /** Holds all of its processes where they are, as storage does that does not answer. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Deletes its data; it must have been stopped. */
  remove(): Promise<void> {
    return removePostgres({ dataDir: this.dataDir, log });
  }

  private signal(signal: NodeJS.Signals): void {
    for (const { pid } of findProcessesIn(this.server.dataDir, 'postgres')) signalProcess(pid, signal);
  }
}

/** A Redis that can be emptied, and killed with all its data. */
export class SimRedis {
  private constructor(
    private readonly dataDir: string,
    private server: EmbeddedRedis,
  ) {}

  /** @throws Error if this machine has none. */
  static async start(folder: string): Promise<SimRedis> {
    const dataDir = join(folder, 'redis');
    return new SimRedis(dataDir, await launch(dataDir));
  }

  get url(): string {
    return this.server.url;
  }

  async empty(): Promise<void> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined); // the same error rejects `connect`
    try {
      await client.connect();
      await client.flushall();
    } finally {
      if (client.status !== 'end') client.disconnect();
    }
  }

  /** Ends it as `kill -9` does, and deletes what it had written. */
  async lose(): Promise<void> {
    const { dataDir, server } = this;
    for (const { pid } of findProcessesIn(dataDir, 'redis-server')) signalProcess(pid, 'SIGKILL');
    await server.exited;
    await server.stop();
    rmSync(join(dataDir, 'appendonlydir'), { recursive: true, force: true });
  }

  /** Starts it again after {@link lose}: empty. */
  async restart(): Promise<void> {
    const { url } = this;
    this.server = await launch(this.dataDir);
    if (this.server.url !== url) throw new Error("another program has taken Redis's port");
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

async function launch(dataDir: string): Promise<EmbeddedRedis> {
  const redis = await startRedis({ dataDir, searchPath: process.env['PATH'] ?? '', log });
  if (redis === undefined) throw new Error('the simulation needs redis-server or valkey-server on PATH');
  return redis;
}
