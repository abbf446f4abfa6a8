import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Redis } from 'ioredis';
import { findProcessesIn, signalProcess } from '../../cli/embedded/processes';
import { type EmbeddedRedis, removeRedis, startRedis } from '../../cli/embedded/redis';
import { until } from '../devnet/polling';
import { TcpSwitch } from './tcp-switch';

const WAIT_MS = 60_000;
const log = () => undefined;

interface Member {
  readonly server: EmbeddedRedis;
  readonly dataDir: string;
}

/**
 * A Redis with a replica, behind one address that clients keep. Redis replicates after it has answered: what was written
 * in the last moments may be lost with the primary, which Colophon bears, as it bears an empty Redis.
 */
export class RedisPair {
  private replica: Member | undefined;
  private folders = 1;

  private constructor(
    private readonly folder: string,
    private readonly address: TcpSwitch,
    private primary: Member,
    private readonly made: string[],
  ) {}

  /** @param folder - Holds both servers' data; made if missing. @throws Error if this machine has no Redis. */
  static async launch(folder: string): Promise<RedisPair> {
    const address = await TcpSwitch.open();
    const primary = await start(join(folder, 'redis-0'));
    const pair = new RedisPair(folder, address, primary, [primary.dataDir]);
    await pair.addReplica();
    address.pointTo(primary.server.port);
    return pair;
  }

  /** At the address that stays. The password does, too: a replica takes its primary's. */
  get url(): string {
    return this.address.before(this.primary.server.url);
  }

  /** Ends the primary by SIGKILL. Nothing follows by itself. */
  async losePrimary(): Promise<void> {
    const { server, dataDir } = this.primary;
    for (const { pid } of findProcessesIn(realpathSync(dataDir), basename(server.program)))
      signalProcess(pid, 'SIGKILL');
    await server.exited;
    await server.stop();
  }

  /** Makes the replica the primary and leads the address to it. The former primary must have been lost. */
  async promote(): Promise<void> {
    const promoted = this.replica;
    if (promoted === undefined) throw new Error('there is no replica');
    await withRedis(promoted.server.url, (redis) => redis.replicaof('NO', 'ONE'));
    this.primary = promoted;
    this.replica = undefined;
    this.address.pointTo(promoted.server.port);
  }

  /** Gives the primary a replica (again), empty at first; resolves when it has everything. */
  async addReplica(): Promise<void> {
    const { url } = this.primary.server;
    const { port, password } = new URL(url);
    // It would wait five seconds for more replicas to come.
    await withRedis(url, (redis) => redis.config('SET', 'repl-diskless-sync-delay', '0'));
    const dataDir = join(this.folder, `redis-${this.folders}`);
    this.folders += 1;
    this.made.push(dataDir);
    const replica = await start(dataDir, password);
    await withRedis(replica.server.url, async (redis) => {
      await redis.config('SET', 'masterauth', password);
      await redis.replicaof('127.0.0.1', Number(port));
      const hasAll = async () => {
        const info = await redis.info();
        // Until its first file is written it would refuse to stop.
        return info.includes('master_link_status:up') && info.includes('aof_rewrite_in_progress:0');
      };
      await until('the replica to have all', hasAll, { timeoutMs: WAIT_MS });
    });
    this.replica = replica;
  }

  /** Stops both and removes their data. */
  async stop(): Promise<void> {
    await this.address.close();
    await this.replica?.server.stop();
    await this.primary.server.stop();
    for (const dataDir of this.made) await removeRedis({ dataDir, log });
  }
}

async function start(dataDir: string, password?: string): Promise<Member> {
  const given = password === undefined ? {} : { password };
  const server = await startRedis({ dataDir, searchPath: process.env['PATH'] ?? '', log, ...given });
  if (server === undefined) throw new Error('this needs redis-server or valkey-server on PATH');
  return { server, dataDir };
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
