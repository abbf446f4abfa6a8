import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../../cli/embedded/postgres';
import { withClient } from './template-database';

/** What a copy must not bring along: whom it belongs to, and the log, which is read from elsewhere. */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot'];
const MADE_EMPTY = ['pg_wal', 'pg_replslot'];

/**
 * A base backup by PostgreSQL's low-level API (https://www.postgresql.org/docs/18/continuous-archiving.html), as
 * `pg_basebackup` is not in the package.
 *
 * @param target - The data directory to be, which must not exist.
 */
export async function baseBackup(server: EmbeddedPostgres, target: string): Promise<void> {
  await withClient(server.adminUrl, async (admin) => {
    await admin.query("select pg_backup_start('drill', true)");
    await copy(server.dataDir, target);
    const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    for (const name of NOT_COPIED) rmSync(join(target, name), { recursive: true, force: true });
    for (const name of MADE_EMPTY) {
      mkdirSync(join(target, name), { mode: 0o700 });
      own(join(target, name), server.dataDir);
    }
    writeOwned(join(target, 'backup_label'), rows[0]?.labelfile ?? '', server.dataDir);
  });
}

/** Files may go while they are copied: what they held is in the log. @throws Error for whatever else goes wrong. */
async function copy(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['-a', from, to], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const [status] = await once(child, 'close');
  const lines = Buffer.concat(said).toString().split('\n');
  const wrong = lines.filter((line) => line !== '' && !line.includes('No such file'));
  if (status !== 0 && wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** Writes a file that belongs to the account that the server runs as. @param like - Something of that account's. */
export function writeOwned(path: string, content: string, like: string): void {
  writeFileSync(path, content);
  own(path, like);
}

/** Gives what we made to the account that the server runs as. @param like - Something of that account's. */
export function own(path: string, like: string): void {
  const { uid, gid } = statSync(like);
  chownSync(path, uid, gid);
}
