import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '../../../cli/database';
import { pollUntil } from '../../../cli/embedded/poll';
import { type EmbeddedPostgres, removePostgres } from '../../../cli/embedded/postgres';
import { locateCluster } from '../../../cli/embedded/postgres-location';
import { SHARED_FOLDERS } from '../../../cli/embedded/shared-folder';
import { AuditRepository } from '../../../domain/audit/audit-repository';
import { DatabaseCheck } from '../../../domain/database-check/database-check';
import type { TenantId } from '../../../schema/ids';
import { openDataSource } from '../../../tenants/data-source';
import { SystemDatabase } from '../../../tenants/system-database';
import { TenantDatabase } from '../../../tenants/tenant-database';
import {
  archiveAll,
  databaseOn,
  momentOf,
  startArchivedPostgres,
  startRestored,
} from '../../support/archived-postgres';
import { baseBackup } from '../../support/base-backup';
import { fillTenant } from '../../support/full-tenant';
import { MADE_SOUND } from '../../support/sound-tenant';

const PATIENCE_MS = 30_000;
const log = () => undefined;

let folder: string;
let archive: string;
let live: EmbeddedPostgres | undefined;
let restored: EmbeddedPostgres | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'colophon-drill-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  archive = join(folder, 'archive');
  mkdirSync(archive);
  live = await startArchivedPostgres(join(folder, 'live'), archive);
}, 120_000);
afterAll(async () => {
  for (const server of [live, restored]) await server?.stop();
  for (const name of ['live', 'restored']) await removePostgres({ dataDir: join(folder, name), log });
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function soundTenant(server: EmbeddedPostgres, name: string): Promise<TenantId> {
  const { tenantId } = await fillTenant(databaseOn(server), name);
  await withClient(databaseOn(server).adminUrl, (admin) => admin.query(MADE_SOUND));
  return tenantId;
}

async function check(server: EmbeddedPostgres) {
  const { appUrl, systemUrl } = databaseOn(server);
  const app = await openDataSource({ url: appUrl, poolSize: 1, applicationName: 'drill' });
  const system = await openDataSource({ url: systemUrl, poolSize: 1, applicationName: 'drill' });
  try {
    return await new DatabaseCheck(new TenantDatabase(app), new SystemDatabase(system), undefined).run(log);
  } finally {
    await Promise.all([app.destroy(), system.destroy()]);
  }
}

/** Adds to a tenant's audit log without a pause while `work` runs. @returns How many entries it added. */
async function underWrites(
  server: EmbeddedPostgres,
  tenantId: TenantId,
  work: () => Promise<void>,
): Promise<number> {
  const app = await openDataSource({ url: databaseOn(server).appUrl, poolSize: 1, applicationName: 'drill' });
  const tenants = new TenantDatabase(app);
  const audit = new AuditRepository();
  const entry = { operation: 'createProject', actor: 'x', scopes: [], requestId: 'r', inputHash: '0' };
  let isOver = false;
  let written = 0;
  const writing = (async () => {
    while (!isOver) {
      await tenants.transaction(tenantId, (tx) => audit.append(tx.manager, tenantId, entry));
      written += 1;
    }
  })();
  try {
    if (!(await pollUntil(() => written > 0, PATIENCE_MS))) throw new Error('nothing is written');
    await work();
  } finally {
    isOver = true;
    await writing;
    await app.destroy();
  }
  return written;
}

test('a backup that was made under writes is restored to a moment: sound, with all of before and nothing of after', async () => {
  if (live === undefined) throw new Error('the server runs');
  const server = live;
  const first = await soundTenant(server, 'Before the backup');
  mkdirSync(join(folder, 'restored'), { mode: 0o711 });
  const target = locateCluster(join(folder, 'restored'), SHARED_FOLDERS, log).clusterDir;
  const written = await underWrites(server, first, () => baseBackup(server, target));
  expect(written).toBeGreaterThan(0);
  const second = await soundTenant(server, 'After the backup');
  const wanted = await check(server);
  const at = await momentOf(server);

  await underWrites(server, first, async () => undefined);
  const lost = await soundTenant(server, 'Too late');
  await archiveAll(server);

  copyFileSync(join(folder, 'live', 'password'), join(folder, 'restored', 'password'));
  restored = await startRestored(target, join(folder, 'restored'), { archive, at });
  const found = await check(restored);
  expect(found.holds).toBe(true);
  expect(found.tenants).toEqual(wanted.tenants);
  const tenantIds = found.tenants.map(({ tenantId }) => tenantId);
  expect(tenantIds).toEqual(expect.arrayContaining([first, second]));
  expect(tenantIds).not.toContain(lost);
  // The same moment of the database that went on is another state: the target was not its end.
  expect((await check(server)).tenants).not.toEqual(wanted.tenants);
}, 240_000);
