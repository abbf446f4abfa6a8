import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedServiceError } from '../../../cli/embedded/embedded-errors';
import { type EmbeddedPostgres, startPostgres } from '../../../cli/embedded/postgres';
import { makeFolder } from '../../support/launcher-clone';
import { urlOf, withClient } from '../../support/template-database';

let folder: string;
let started: EmbeddedPostgres[];

const start = async (dataDir = join(folder, 'data')): Promise<EmbeddedPostgres> => {
  const postgres = await startPostgres({ dataDir, durable: false, log: () => undefined });
  started.push(postgres);
  return postgres;
};

const query = async (postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> =>
  withClient(postgres.adminUrl, async (client) => (await client.query(sql)).rows);

beforeEach(() => {
  folder = makeFolder(mkdtempSync(join(tmpdir(), 'colophon-pg-')), 0o711);
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((postgres) => postgres.stop()));
  rmSync(folder, { recursive: true });
});

describe('the embedded PostgreSQL', () => {
  test('is version 18 and takes at least 100 connections, on the loopback address only', async () => {
    const postgres = await start();
    const [settings] = await query(
      postgres,
      `select current_setting('server_version_num')::int / 10000 as version,
              current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets,
              current_setting('max_connections')::int >= 100 as roomy`,
    );
    expect(settings).toEqual({ version: 18, addresses: '127.0.0.1', sockets: '', roomy: true });
  });

  test('admits nobody without the password, which only we may read', async () => {
    const postgres = await start();
    const passwordFile = join(folder, 'data/password');
    expect(statSync(passwordFile).mode & 0o777).toBe(0o600);
    expect(new URL(postgres.adminUrl).password).toBe(readFileSync(passwordFile, 'utf8').trim());

    const guessed = urlOf(postgres.adminUrl, { password: 'postgres' });
    await expect(withClient(guessed, async () => undefined)).rejects.toMatchObject({ code: '28P01' });
  });

  test('a second start has the data, at the same address', async () => {
    const first = await start();
    await query(first, 'create table kept as select 42 as answer');
    await first.stop();

    const second = await start();
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  test('moves to another port when its own is taken', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(first.port, '127.0.0.1', resolve));
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  test('a start beside a living one is refused, names its process, and harms nothing', async () => {
    const postgres = await start();
    const beside = startPostgres({ dataDir: join(folder, 'data'), durable: false, log: () => undefined });
    await expect(beside).rejects.toThrow(EmbeddedServiceError);
    await expect(beside).rejects.toThrow(`process ${process.pid}`);
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('starts over a first start that was killed half way', async () => {
    mkdirSync(join(folder, 'data/cluster.new'), { recursive: true });
    writeFileSync(join(folder, 'data/cluster.new/PG_VERSION'), '18\n');
    writeFileSync(join(folder, 'data/password'), 'chosen-before-the-kill\n', { mode: 0o600 });
    const postgres = await start();
    expect(new URL(postgres.adminUrl).password).toBe('chosen-before-the-kill');
    expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a stale pid file that names a living stranger stops nothing, neither us nor the stranger', async () => {
    const stranger = await start(join(folder, 'stranger'));
    const first = await start();
    await first.stop();
    const pidFile = join(first.dataDir, 'postmaster.pid');
    const [strangerPid] = readFileSync(join(stranger.dataDir, 'postmaster.pid'), 'utf8').split('\n');
    // As a kill -9 of the machine leaves it, when the pid has been given to another program since.
    writeFileSync(
      pidFile,
      `${strangerPid}\n${first.dataDir}\n1700000000\n${first.port}\n\n127.0.0.1\n\nready\n`,
    );
    const { uid, gid } = statSync(first.dataDir);
    chownSync(pidFile, uid, gid);

    const second = await start();
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await query(stranger, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('says what to do when the password is lost', async () => {
    const postgres = await start();
    await postgres.stop();
    rmSync(join(folder, 'data/password'));
    await expect(start()).rejects.toThrow(/lost its password file .* start afresh/);
  });

  test('a failed start shows the end of the log', async () => {
    const postgres = await start();
    await postgres.stop();
    writeFileSync(join(postgres.dataDir, 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(start()).rejects.toThrow(/unrecognized configuration parameter "no_such_setting"/);
  });
});
