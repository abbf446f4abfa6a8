import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findProcessesIn, signalProcess } from '../../cli/embedded/processes';
import { type EmbeddedRedis, startRedis } from '../../cli/embedded/redis';

const log = () => undefined;

/** This machine has no Redis, without which the simulation does not run. */
export class NoRedisError extends Error {
  constructor() {
    super('the simulation needs redis-server or valkey-server on PATH');
    this.name = 'NoRedisError';
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
  if (redis === undefined) throw new NoRedisError();
  return redis;
}
