import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pollUntil } from '../../../cli/embedded/poll';
import { type EmbeddedRedis, startRedis } from '../../../cli/embedded/redis';
import { describeWithRedis } from '../../support/redis';

let folder: string;
let started: EmbeddedRedis[];

const start = async (): Promise<EmbeddedRedis> => {
  const searchPath = process.env['PATH'] ?? '';
  const redis = await startRedis({ dataDir: join(folder, 'data'), searchPath, log: () => undefined });
  if (redis === undefined) throw new Error('no Redis found');
  started.push(redis);
  return redis;
};

const ask = async <T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> => {
  const client = new Redis(url, { maxRetriesPerRequest: 0, disconnectTimeout: 0 });
  client.on('error', () => undefined); // the same error rejects the question
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-redis-'));
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((redis) => redis.stop()));
  rmSync(folder, { recursive: true });
});

test('a machine without Redis is no error', async () => {
  const redis = await startRedis({ dataDir: join(folder, 'data'), searchPath: folder, log: () => undefined });
  expect(redis).toBeUndefined();
});

describeWithRedis('the embedded Redis', () => {
  test('never evicts, keeps an append-only file, and listens on the loopback address only', async () => {
    const { url } = await start();
    const settings = await ask(url, (client) =>
      client.config('GET', 'maxmemory-policy', 'appendonly', 'bind'),
    );
    expect(settings).toEqual(
      expect.arrayContaining(['maxmemory-policy', 'noeviction', 'appendonly', 'yes', 'bind', '127.0.0.1']),
    );
  });

  test('admits nobody without the password, which only we may read', async () => {
    const { port } = await start();
    expect(statSync(join(folder, 'data/password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data/redis.conf')).mode & 0o777).toBe(0o600);
    await expect(ask(`redis://127.0.0.1:${port}`, (client) => client.get('any'))).rejects.toThrow('NOAUTH');
  });

  test('a second start has the data, at the same address', async () => {
    const first = await start();
    await ask(first.url, (client) => client.set('kept', '42'));
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (client) => client.get('kept'))).toBe('42');
  });

  test('a start beside a living one is refused and harms nothing', async () => {
    const { url } = await start();
    await expect(start()).rejects.toThrow(`process ${process.pid}`);
    expect(await ask(url, (client) => client.ping())).toBe('PONG');
  });

  // Started without a launcher, as it survives where nothing ends a server with its parent.
  test('an orphan on the same data is stopped first, and nothing it knew is lost', async () => {
    const first = await start();
    await first.stop();
    const orphan = spawn(first.program, [join(folder, 'data/redis.conf')], { stdio: 'ignore' });
    const set = () => ask(first.url, (client) => client.set('kept', '42')).catch(() => 'not up yet');
    try {
      expect(await pollUntil(async () => (await set()) === 'OK', 10_000)).toBe(true);

      const second = await start();
      expect(await pollUntil(() => orphan.exitCode === 0, 5_000)).toBe(true);
      expect(await ask(second.url, (client) => client.get('kept'))).toBe('42');
    } finally {
      orphan.kill('SIGKILL');
    }
  });
});
