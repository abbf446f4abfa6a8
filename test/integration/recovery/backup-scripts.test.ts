import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '../../../cli/database';
import { pollUntil } from '../../../cli/embedded/poll';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../../cli/embedded/postgres';
import { locateCluster, type PostgresLocation } from '../../../cli/embedded/postgres-location';
import { SHARED_FOLDERS } from '../../../cli/embedded/shared-folder';
import {
  environmentOf,
  fieldOf,
  find,
  type KubernetesObject,
  podOf,
  renderObjects,
} from '../../helm/support/chart';
import { type Ended, runToEnd } from '../../helm/support/helm';
import { describeWithBaseBackup, VersionFront } from './support/base-backup-program';

const PATIENCE_MS = 30_000;
const log = () => undefined;

describeWithBaseBackup("the chart's scripts, on a real server", (majorVersion) => {
  let objects: readonly KubernetesObject[];
  let folder: string;
  let live: EmbeddedPostgres;
  let restored: EmbeddedPostgres | undefined;
  let front: VersionFront;
  let place: PostgresLocation;

  beforeAll(async () => {
    objects = await renderObjects({ values: 'small', set: { 'backup.keep': 2 } });
    folder = mkdtempSync(join(tmpdir(), 'colophon-scripts-'));
    chmodSync(folder, 0o711); // the database's own account must pass through when we are root
    mkdirSync(join(folder, 'scripts'));
    const scripts = fieldOf<Record<string, string>>(find(objects, 'ConfigMap', 'art-backup'), 'data');
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, 'scripts', name), text);
    mkdirSync(join(folder, 'backup'));
    chmodSync(join(folder, 'backup'), 0o777); // as fsGroup makes a claim's volume
    live = await startPostgres({ dataDir: join(folder, 'live'), durable: true, log });
    await withClient(live.adminUrl, async (admin) => {
      for (const [name, value] of serverSettings())
        await admin.query(`alter system set ${name} = '${value}'`);
    });
    await live.stop();
    live = await startPostgres({ dataDir: join(folder, 'live'), durable: true, log });
    place = locateCluster(join(folder, 'restored'), SHARED_FOLDERS, log);
  }, 120_000);
  afterAll(async () => {
    await front?.stop();
    for (const server of [live, restored]) await server?.stop();
    for (const name of ['live', 'restored']) await removePostgres({ dataDir: join(folder, name), log });
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  /** What the StatefulSet tells its server, with this test's folders in place of the pod's. */
  function serverSettings(): string[][] {
    return (podOf(objects, 'art-postgresql').container.args ?? [])
      .filter((arg) => arg !== '-c')
      .map((setting) => here(setting).split('=', 2))
      .filter(([name]) => name !== 'max_connections');
  }

  function here(text: string): string {
    return text
      .replaceAll('/etc/colophon/backup', join(folder, 'scripts'))
      .replaceAll('/backup/wal', join(folder, 'backup/wal'));
  }

  /** Runs the command of a CronJob with its environment, as the account that owns the volumes. */
  async function run(owner: string, changes: Readonly<Record<string, string>>): Promise<Ended> {
    const pod = podOf(objects, owner);
    const [program = '', ...args] = pod.container.command ?? [];
    const env = {
      ...environmentOf(objects, pod),
      ...{ PATH: process.env['PATH'], HOME: folder, BACKUP_DIR: join(folder, 'backup') },
      ...changes,
    };
    return runToEnd(
      spawn(program, args.map(here), { ...place.account, cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  async function backUp(
    server: EmbeddedPostgres,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await front?.stop();
    front = await VersionFront.start(server.adminUrl, majorVersion);
    expect(await run('art-backup', { DATABASE_URL: front.url, ...changes })).toMatchObject({
      exitCode: 0,
    });
  }

  const restore = (changes: Readonly<Record<string, string>>) =>
    run('art-restore', { PGDATA: place.clusterDir, ...changes });

  async function startRestored(): Promise<EmbeddedPostgres> {
    copyFileSync(join(folder, 'live/password'), join(folder, 'restored/password'));
    const server = await startPostgres({ dataDir: join(folder, 'restored'), durable: true, log });
    const isWritable = () =>
      withClient(server.adminUrl, async (admin) => {
        const { rows } = await admin.query<{ recovers: boolean }>('select pg_is_in_recovery() as recovers');
        return rows[0]?.recovers === false;
      });
    expect(await pollUntil(isWritable, PATIENCE_MS)).toBe(true);
    return server;
  }

  const backups = () => readdirSync(join(folder, 'backup/base')).sort();
  const segments = () =>
    readdirSync(join(folder, 'backup/wal'))
      .filter((name) => /^\w{24}\.gz$/.test(name))
      .sort();

  async function write(server: EmbeddedPostgres, text: string): Promise<string> {
    return withClient(server.adminUrl, async (admin) => {
      await admin.query('create table if not exists notes (text text)');
      await admin.query('insert into notes values ($1)', [text]);
      const { rows } = await admin.query<{ now: string }>('select clock_timestamp()::text as now');
      return rows[0]?.now ?? '';
    });
  }

  async function read(server: EmbeddedPostgres): Promise<string[]> {
    return withClient(server.adminUrl, async (admin) => {
      const { rows } = await admin.query<{ text: string }>('select text from notes order by text');
      return rows.map(({ text }) => text);
    });
  }

  /** Has all that was written so far archived. @returns The last segment's name. */
  async function archive(server: EmbeddedPostgres): Promise<string> {
    const name = await withClient(server.adminUrl, async (admin) => {
      // A segment of which nothing is used is not switched.
      await admin.query("select pg_logical_emit_message(false, 'test', 'end')");
      const { rows } = await admin.query<{ name: string }>('select pg_walfile_name(pg_switch_wal()) as name');
      return rows[0]?.name ?? '';
    });
    expect(await pollUntil(() => segments().includes(`${name}.gz`), PATIENCE_MS)).toBe(true);
    return name;
  }

  test('keep as many backups as is said with the log that they need, and restore a moment, then the end', async () => {
    await write(live, '1 before all backups');
    await backUp(live);
    const [oldest = ''] = backups();
    const before = await archive(live);
    await write(live, '2 between backups');
    await backUp(live);
    const at = await write(live, '3 after a backup');
    const later = await write(live, '4 after the moment');
    // A moment after all that is in the archive cannot be restored: that is its end.
    await write(live, '4 too late for that as well');
    const [, from = ''] = backups();
    await archive(live);
    expect(backups()).toHaveLength(2);
    expect(segments()).toContain(`${before}.gz`);

    await backUp(live);
    expect(backups()).toHaveLength(2);
    expect(backups()).not.toContain(oldest);
    // Of the log from before the second backup nothing is left.
    expect(segments()[0]?.localeCompare(`${before}.gz`)).toBe(1);

    mkdirSync(place.clusterDir);
    writeFileSync(join(place.clusterDir, 'PG_VERSION'), 'what was there');
    writeFileSync(join(place.clusterDir, 'postmaster.pid'), '1');
    chmodSync(place.home, 0o777);
    expect(await restore({ RESTORE_TO: at })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('scale its StatefulSet to 0'),
    });
    rmSync(join(place.clusterDir, 'postmaster.pid'));
    expect(await restore({ RESTORE_TO: '2020-01-01 00:00:00+00' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('No base backup was complete at 2020-01-01'),
    });
    expect(await restore({ RESTORE_TO: 'yesterday evening, or so' })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is no time'),
    });
    expect(await restore({ RESTORE_TO: at })).toMatchObject({ exitCode: 0, stderr: '' });
    const aside = readdirSync(place.home).filter((name) => name.startsWith('cluster.before-'));
    expect(aside).toHaveLength(1);
    expect(existsSync(join(place.home, aside[0] ?? '', 'PG_VERSION'))).toBe(true);

    restored = await startRestored();
    expect(await read(restored)).toEqual(['1 before all backups', '2 between backups', '3 after a backup']);
    // The history that was left can still be restored, if it is named.
    await live.stop();
    await restored.stop();
    expect(await restore({ RESTORE_TO: later, RESTORE_TIMELINE: '1', RESTORE_FROM: from })).toMatchObject({
      exitCode: 0,
    });
    restored = await startRestored();
    expect(await read(restored)).toEqual([
      ...['1 before all backups', '2 between backups', '3 after a backup', '4 after the moment'],
    ]);
    await restored.stop();
    expect(await restore({ RESTORE_TO: at, RESTORE_TIMELINE: '1' })).toMatchObject({ exitCode: 0 });
    restored = await startRestored();
    expect(await read(restored)).toEqual(['1 before all backups', '2 between backups', '3 after a backup']);
    // It goes on into the same archive, on a timeline of its own.
    await write(restored, '5 after the restore');
    expect(await archive(restored)).toMatch(/^00000004/);
    await backUp(restored);
    await write(restored, '6 after the restored one was backed up');
    await archive(restored);
    await restored.stop();
    expect(await restore({})).toMatchObject({ exitCode: 0, stderr: '' });
    restored = await startRestored();
    expect(await read(restored)).toEqual([
      ...['1 before all backups', '2 between backups', '3 after a backup'],
      ...['5 after the restore', '6 after the restored one was backed up'],
    ]);
    // As of an external server, whose log nobody archives here.
    await backUp(restored, { WAL_METHOD: 'stream' });
    await restored.stop();
    rmSync(join(folder, 'backup/wal'), { recursive: true });
    expect(await restore({})).toMatchObject({ exitCode: 0, stderr: '' });
    restored = await startRestored();
    expect(await read(restored)).toHaveLength(5);
  }, 240_000);

  test('archive a segment once: the same again is fine, another under its name is refused', async () => {
    const source = join(folder, 'segment');
    const target = join(folder, 'backup/wal/segment.gz');
    const archiveAs = async (text: string) => {
      writeFileSync(source, text);
      const script = join(folder, 'scripts/archive-wal.sh');
      return runToEnd(spawn('bash', [script, source, target], { stdio: ['ignore', 'pipe', 'pipe'] }));
    };
    expect(await archiveAs('one')).toMatchObject({ exitCode: 0 });
    expect(await archiveAs('one')).toMatchObject({ exitCode: 0 });
    expect(await archiveAs('two')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('two servers'),
    });
  });
});
