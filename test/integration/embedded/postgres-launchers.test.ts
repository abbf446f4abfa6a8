import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from '../../../cli/embedded/poll';
import { removePostgres } from '../../../cli/embedded/postgres';
import { findPostgresBinaries } from '../../../cli/embedded/postgres-binaries';
import { isReady } from '../../../cli/embedded/postgres-cluster';
import { findProcessesIn } from '../../../cli/embedded/processes';
import { type Launcher, launch, layClone, makeFolder } from '../../support/launcher-clone';
import { withClient } from '../../support/template-database';

const NOBODY = { uid: 65534, gid: 65534 };

let folder: string;
let openClone: string;
let launchers: Launcher[];
let sharedFolders: string[];

const run = async (
  clone: string,
  dataDir: string,
  account?: { uid: number; gid: number },
): Promise<Launcher> => {
  const launcher = await launch(clone, { dataDir, sharedFolders }, account);
  launchers.push(launcher);
  return launcher;
};

/** Asserts that the launcher's server runs, and answers what `sql` does. */
const query = async ({ report }: Launcher, sql: string): Promise<unknown[]> => {
  if (report.adminUrl === undefined) throw new Error(`not started: ${report.error}`);
  return withClient(report.adminUrl, async (client) => (await client.query(sql)).rows);
};

/** The process ids of the servers on a launcher's data, children included. */
const serversOf = ({ report }: Launcher): number[] =>
  findProcessesIn(report.dataDir ?? '', 'postgres').map(({ pid }) => pid);

const allServersEnd = async (launcher: Launcher): Promise<boolean> =>
  pollUntil(() => serversOf(launcher).length === 0, 10_000);

const postmasterOf = ({ report }: Launcher): number =>
  Number.parseInt(readFileSync(join(report.dataDir ?? '', 'postmaster.pid'), 'utf8'), 10);

beforeAll(() => {
  folder = makeFolder(mkdtempSync(join(tmpdir(), 'colophon-launchers-')), 0o711);
  openClone = makeFolder(join(folder, 'clone'), 0o711);
  layClone(openClone);
  sharedFolders = [join(folder, 'shared')];
});

beforeEach(() => {
  launchers = [];
});

afterEach(async () => {
  await Promise.all(launchers.map((launcher) => launcher.stop()));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a killed launcher', () => {
  test('takes its server with it, and the next start has the data', async () => {
    const killed = await run(openClone, join(openClone, 'killed'));
    await query(killed, 'create table kept as select 42 as answer');
    await killed.kill();
    expect(await allServersEnd(killed)).toBe(true);

    const next = await run(openClone, join(openClone, 'killed'));
    expect(await query(next, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  test('killed together with its server, loses no committed row', async () => {
    const killed = await run(openClone, join(openClone, 'crashed'));
    await query(killed, 'create table kept as select 42 as answer');
    process.kill(postmasterOf(killed), 'SIGKILL');
    await killed.kill();

    const next = await run(openClone, join(openClone, 'crashed'));
    expect(await query(next, 'select * from kept')).toEqual([{ answer: 42 }]);
  });

  // The orphan is started without a launcher, as it survives where nothing ends a server with its parent.
  test('an orphan on the same data is stopped first, and only that one', async () => {
    const bystander = await run(openClone, join(openClone, 'bystander'));
    const first = await run(openClone, join(openClone, 'orphaned'));
    await query(first, 'create table kept as select 42 as answer');
    await first.stop();
    const clusterDir = first.report.dataDir ?? '';
    const { uid, gid } = statSync(clusterDir);
    const account = process.geteuid?.() === 0 ? { uid, gid } : undefined;
    const { postgres } = findPostgresBinaries(account, sharedFolders, () => undefined);
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='].flatMap((s) => ['-c', s]);
    const port = new URL(first.report.adminUrl ?? '').port;
    const orphan = spawn(postgres, ['-D', clusterDir, '-p', port, ...settings], {
      ...account,
      stdio: 'ignore',
    });
    try {
      expect(await pollUntil(() => isReady(clusterDir, orphan.pid), 10_000)).toBe(true);

      const next = await run(openClone, join(openClone, 'orphaned'));
      expect(await pollUntil(() => orphan.exitCode === 0, 5_000)).toBe(true);
      expect(next.report.logged.join()).toContain('Stopping the postgres that an earlier run left');
      expect(await query(next, 'select * from kept')).toEqual([{ answer: 42 }]);
      expect(await query(bystander, 'select 1 as one')).toEqual([{ one: 1 }]);
    } finally {
      orphan.kill('SIGQUIT');
    }
  });
});

// Only root can take on other accounts, so these guarantees exist for root alone.
if (process.geteuid?.() === 0) {
  describe('below a folder that only root may enter', () => {
    test('data and programs lie where the account reaches them; a restart finds them, a removal leaves nothing', async () => {
      const privateClone = makeFolder(join(folder, 'private'), 0o700);
      layClone(privateClone);
      const dataDir = join(privateClone, 'data');
      const first = await run(privateClone, dataDir);
      await query(first, 'create table kept as select 42 as answer');
      const clusterDir = first.report.dataDir ?? '';
      expect(clusterDir.startsWith(`${join(folder, 'shared')}/`)).toBe(true);
      expect(`${readFileSync(join(dataDir, 'cluster-location'), 'utf8').trim()}/cluster`).toBe(clusterDir);
      expect(first.report.logged.join('\n')).toContain(`The database lies in ${clusterDir}`);
      expect(first.report.logged.join('\n')).toContain('Copying PostgreSQL');
      await first.stop();

      const second = await run(privateClone, dataDir);
      expect(await query(second, 'select * from kept')).toEqual([{ answer: 42 }]);
      expect(second.report.logged.join('\n')).not.toContain('Copying PostgreSQL');
      await second.stop();

      await removePostgres({ dataDir, sharedFolders, log: () => undefined });
      expect([clusterDir, dataDir].filter(existsSync)).toEqual([]);
    });

    test('a shared folder that others may write to is not used', async () => {
      const planted = join(folder, 'planted');
      makeFolder(planted, 0o711);
      chownSync(planted, NOBODY.uid, NOBODY.gid);
      const privateData = join(makeFolder(join(folder, 'private-data'), 0o700), 'data');
      sharedFolders = [planted];
      const refused = await run(openClone, privateData);
      sharedFolders = [join(folder, 'shared')];
      expect(refused.report.error).toContain(`can enter neither this folder nor ${planted}`);
    });
  });

  describe('as a normal user', () => {
    const makeOwnFolder = (name: string): string => {
      const own = makeFolder(join(folder, name), 0o711);
      chownSync(own, NOBODY.uid, NOBODY.gid);
      return own;
    };

    test('starts, starts again, and gives root the data too', async () => {
      const dataDir = join(makeOwnFolder('user'), 'data');
      const first = await run(openClone, dataDir, NOBODY);
      await query(first, 'create table kept as select 42 as answer');
      expect(statSync(first.report.dataDir ?? '').uid).toBe(NOBODY.uid);
      await first.stop();

      const second = await run(openClone, dataDir, NOBODY);
      expect(await query(second, 'select * from kept')).toEqual([{ answer: 42 }]);
      await second.stop();

      const asRoot = await run(openClone, dataDir);
      expect(await query(asRoot, 'select * from kept')).toEqual([{ answer: 42 }]);
    });

    test("is told whose data it is when it is another's", async () => {
      const dataDir = join(makeOwnFolder('other'), 'data');
      const asRoot = await run(openClone, dataDir);
      const owner = statSync(asRoot.report.dataDir ?? '').uid;
      await asRoot.stop();
      const asUser = await run(openClone, dataDir, NOBODY);
      expect(asUser.report.error).toContain(`belongs to another account (uid ${owner})`);
    });
  });
}
