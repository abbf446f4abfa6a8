import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { pollUntil } from '../../../cli/embedded/poll';
import { freePorts } from '../../../cli/embedded/ports';
import { findRedisProgram } from '../../../cli/embedded/redis';

/** A Redis of one test's own, without persistence, to be killed, restarted and emptied. */
export class OwnRedis {
  private child: ChildProcess | undefined;

  private constructor(private readonly port: number) {}

  static async start(): Promise<OwnRedis> {
    const [port = 0] = await freePorts([undefined]);
    const redis = new OwnRedis(port);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port, empty. */
  async start(): Promise<void> {
    const program = findRedisProgram(process.env['PATH'] ?? '');
    if (program === undefined) throw new Error('this test must be skipped where there is no Redis');
    const options = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn(program, options, { stdio: 'ignore', cwd: tmpdir() });
    if (!(await pollUntil(() => this.answers(), 10_000))) throw new Error('Redis did not start');
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async flush(): Promise<void> {
    const client = new Redis(this.url);
    await client.flushall();
    client.disconnect();
  }

  private async answers(): Promise<boolean> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined); // the same error rejects `connect`
    try {
      await client.connect();
      return (await client.ping()) === 'PONG';
    } catch {
      return false; // not up yet
    } finally {
      if (client.status !== 'end') client.disconnect();
    }
  }
}
