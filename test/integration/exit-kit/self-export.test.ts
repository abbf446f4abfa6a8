import { createHash, randomBytes } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { pollUntil } from '../../../cli/embedded/poll';
import { runVerify } from '../../../cli/verify/run-verify';
import { SigningKey } from '../../../domain/export/archive/signing-key';
import { ArchiveStore, CHUNK_BYTES } from '../../../domain/export/archive-store';
import { ExportRepository } from '../../../domain/export/export-repository';
import { EXPORTS_PER_DAY } from '../../../domain/export/export-service';
import { ExportWriter, type ExportWriterSettings } from '../../../domain/export/export-writer';
import { TenantExporter } from '../../../domain/export/tenant-exporter';
import { verifyArchive } from '../../../domain/export/verify/verify-archive';
import { OutboxRepository } from '../../../domain/outbox/outbox-repository';
import { evmChainId } from '../../../schema/caip';
import { decodeGlobalId } from '../../../schema/global-id';
import { type ExportId, exportIdSchema } from '../../../schema/ids';
import { SCOPES } from '../../../schema/scopes';
import { openDataSource } from '../../../tenants/data-source';
import { TenantDatabase } from '../../../tenants/tenant-database';
import { workerConfigSchema } from '../../../workers/config';
import { startWorkers } from '../../../workers/workers';
import { unreachableChain } from '../../support/chain-entry';
import { fillTenant } from '../../support/full-tenant';
import { ProcessCrew } from '../../support/processes';
import { withClient } from '../../support/template-database';
import { webhookServices } from '../../support/webhook-services';
import { FakeDomain } from '../api/support/fake-domain';
import { TestApi, type TestTenant } from '../api/support/test-api';

const FIELDS = `id state percent rows sizeBytes sha256 manifestHash snapshotAt expiresAt archivePath downloads
  failure { code message }`;
const REQUEST = `mutation { requestExport { export { ${FIELDS} } } }`;
const CANCEL = `mutation ($id: ID!) { cancelExport(input: { exportId: $id }) { export { ${FIELDS} } } }`;
const NODE = `query ($id: ID!) { node(id: $id) { ... on TenantExport { ${FIELDS} } } }`;
/** Of the lock at which a run waits before its second chunk. */
const GATE = 391_039;
const MIB = 1_048_576;

const folder = mkdtempSync(join(tmpdir(), 'colophon-self-export-'));
const scratchDir = join(folder, 'scratch');
const keyFile = join(folder, 'key.pem');
const pem = SigningKey.generatePem();
const key = SigningKey.fromPem(pem);
let api: TestApi;
let app: Awaited<ReturnType<typeof openDataSource>>;
let tenant: TestTenant;

beforeAll(async () => {
  mkdirSync(scratchDir);
  writeFileSync(keyFile, pem);
  writeFileSync(join(folder, 'chains.json'), JSON.stringify([unreachableChain(evmChainId(1), 1)]));
  api = await TestApi.start(new FakeDomain());
  app = await openDataSource({ url: api.database.appUrl, poolSize: 5, applicationName: 'test' });
  await admin(`create function wait_at_gate() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(${GATE}); return new; end $$;
    create trigger gate before insert on export_chunks for each row when (new.position = 1)
      execute function wait_at_gate()`);
});
afterAll(async () => {
  await app.destroy();
  await api.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = await api.tenant();
});

const admin = (sql: string, values: unknown[] = []) =>
  withClient(api.database.adminUrl, (client) => client.query(sql, values));
const environment = () => ({
  APP_DATABASE_URL: api.database.appUrl,
  SYSTEM_DATABASE_URL: api.database.systemUrl,
  CHAINS_FILE: join(folder, 'chains.json'),
  MASTER_KEY: randomBytes(32).toString('hex'),
  EXPORT_KEY_FILE: keyFile,
  EXPORT_SCRATCH_DIR: scratchDir,
});
const running = () => new AbortController().signal;

/** As a worker has it. */
function writer(
  settings: Partial<ExportWriterSettings> = {},
  signer: SigningKey | 'none' = key,
  archives: ArchiveStore = new ArchiveStore(),
) {
  const database = new TenantDatabase(app);
  const stores = {
    exports: new ExportRepository(),
    archives,
    outbox: new OutboxRepository(),
    publisher: webhookServices(database).publisher,
  };
  const exporter = signer === 'none' ? undefined : new TenantExporter(database, signer, 'LastMigration');
  return new ExportWriter(database, stores, exporter, {
    scratchDir,
    maxBytes: 64 * MIB,
    keepHours: 1,
    ...settings,
  });
}
const request = async ({ apiKey } = tenant) => (await api.ask(REQUEST, {}, apiKey)).requestExport.export;
const exportOf = async (id: string, { apiKey } = tenant) => (await api.ask(NODE, { id }, apiKey)).node;
const idOf = (id: string): ExportId => exportIdSchema.parse(decodeGlobalId(id)?.id);
const write = (id: string, attempt = 1, by = writer()) =>
  by.write(tenant.tenantId, idOf(id), { signal: running(), attempt });
const download = (path: string, apiKey: string = tenant.apiKey, headers: Record<string, string> = {}) =>
  fetch(new URL(path, api.url), {
    headers: { ...(apiKey && { authorization: `Bearer ${apiKey}` }), ...headers },
  });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const errorOf = async (query: string, variables = {}, apiKey = tenant.apiKey) =>
  (await api.send(query, variables, apiKey)).errors?.[0]?.extensions.code;
const chunks = async (id: string) =>
  (
    await admin('select attempt, count(*)::int as count from export_chunks where export_id = $1 group by 1', [
      idOf(id),
    ])
  ).rows;
/** Rows whose archive takes several chunks. */
const fill = (rows = 5_000, { tenantId } = tenant) =>
  admin(
    `insert into webhook_events (tenant_id, id, type, finality, order_key, body)
     select $1, gen_random_uuid(), 'work.minted', 'final', 'o',
            (select string_agg(md5(random()::text || n || m), '') from generate_series(1, 30) m)
       from generate_series(1, $2) n`,
    [tenantId, rows],
  );

/** Holds a run before its second chunk. */
class HeldStore extends ArchiveStore {
  release: () => void = () => undefined;
  private readonly released = new Promise<void>((resolve) => {
    this.release = resolve;
  });
  private tell: () => void = () => undefined;
  readonly reached = new Promise<void>((resolve) => {
    this.tell = resolve;
  });

  override async put(...args: Parameters<ArchiveStore['put']>): Promise<boolean> {
    if (args[2] === 1) {
      this.tell();
      await this.released;
    }
    return super.put(...args);
  }
}

/** Keeps a worker's run before its second chunk while `work` goes on. */
async function behindGate(work: () => Promise<void>): Promise<void> {
  await withClient(api.database.adminUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [GATE]);
    try {
      await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [GATE]);
    }
  });
}
const atGate = () =>
  pollUntil(async () => {
    const { rowCount } = await admin(
      "select from pg_locks where locktype = 'advisory' and objid = $1 and not granted",
      [GATE],
    );
    return rowCount === 1;
  }, 120_000);

async function verified(id: string): Promise<Buffer> {
  const { archivePath, sha256, sizeBytes } = await exportOf(id);
  const bytes = Buffer.from(await (await download(archivePath)).arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  expect(bytes).toHaveLength(sizeBytes);
  const file = join(folder, `${sha256}.tar.gz`);
  writeFileSync(file, bytes);
  expect((await verifyArchive(() => createReadStream(file), key.publicKey)).holds).toBe(true);
  return bytes;
}

test('a tenant asks for an export, a worker writes it, and what is downloaded verifies by the platform’s key', async () => {
  const full = await fillTenant(api.database, 'Leaving by itself');
  await admin('delete from webhook_secrets where tenant_id = $1', [full.tenantId]);
  const workers = await startWorkers(workerConfigSchema.parse(environment()), pino({ level: 'silent' }));
  try {
    const { id, state } = await request(full);
    expect(state).toBe('REQUESTED');
    expect(await pollUntil(async () => (await exportOf(id, full)).state === 'READY', 30_000)).toBe(true);
    const ready = await exportOf(id, full);
    expect(ready).toMatchObject({ percent: 100, failure: null, downloads: 0 });
    expect(ready.rows).toBeGreaterThan(40);

    const answer = await download(ready.archivePath, full.apiKey);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': String(ready.sizeBytes),
      'content-disposition': expect.stringMatching(/^attachment; filename="colophon-export-.*\.tar\.gz"$/),
      etag: `"${ready.sha256}"`,
      'cache-control': 'private, no-store',
      'ratelimit-policy': expect.stringContaining('tenant'),
    });
    const file = join(folder, 'downloaded.tar.gz');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const lines: string[] = [];
    await runVerify({ file, key: key.publicKey, json: false }, (line) => lines.push(line));
    expect(lines.join('\n')).toContain('Nothing was changed since the given key signed it.');
    expect(lines.join('\n')).toContain(ready.manifestHash);

    expect((await exportOf(id, full)).downloads).toBe(1);
    const { rows } = await admin('select signer from tenant_exports where manifest_hash = $1', [
      ready.manifestHash,
    ]);
    expect(rows).toEqual([{ signer: key.id }]);
    const { rows: audit } = await admin(
      "select operation from audit_entries where tenant_id = $1 and operation like '%Export' order by sequence",
      [full.tenantId],
    );
    expect(audit.map(({ operation }) => operation)).toEqual(['requestExport', 'downloadExport']);
    const { rows: told } = await admin(
      "select body::jsonb -> 'data' as data from webhook_events where tenant_id = $1 and type = 'tenant.export_ready'",
      [full.tenantId],
    );
    expect(told).toEqual([{ data: { exportId: id, sha256: ready.sha256, expiresAt: ready.expiresAt } }]);
    expect(readdirSync(scratchDir)).toEqual([]);
  } finally {
    await workers.stop();
  }
});

describe('a download', () => {
  const bytes = randomBytes(2 * CHUNK_BYTES + 1_000);
  let path: string;
  beforeEach(async () => {
    path = (await exportOf(await api.readyExport(tenant, bytes))).archivePath;
  });
  const part = async (range: string, more = {}) => {
    const answer = await download(path, tenant.apiKey, { range, ...more });
    const { status, headers } = answer;
    return { status, range: headers.get('content-range'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };

  test('that broke off goes on where it was, over the seams of chunks too', async () => {
    const seams = [
      [0, 0],
      [CHUNK_BYTES - 1, CHUNK_BYTES],
      [CHUNK_BYTES, 2 * CHUNK_BYTES - 1],
      [10, bytes.length - 1],
    ] as const;
    for (const [start, end] of seams) {
      const answer = await part(`bytes=${start}-${end}`);
      expect([answer.status, answer.range]).toEqual([206, `bytes ${start}-${end}/${bytes.length}`]);
      expect(answer.bytes.equals(bytes.subarray(start, end + 1))).toBe(true);
    }
    const tag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    expect((await part('bytes=5-9', { 'if-range': tag })).bytes.equals(bytes.subarray(5, 10))).toBe(true);
  });

  test('goes from the beginning if the archive is another than it was, or the range is none', async () => {
    for (const [range, more] of [
      ['bytes=5-9', { 'if-range': '"another"' }],
      ['bytes=1-2,4-5', {}],
      ['pages=1-2', {}],
    ] as const) {
      const answer = await part(range, more);
      expect(answer.status).toBe(200);
      expect(answer.bytes.equals(bytes)).toBe(true);
    }
    const beyond = await download(path, tenant.apiKey, { range: `bytes=${bytes.length}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes.length}`]);
  });

  test('breaks off, and does not end, if the archive goes in the middle', async () => {
    await admin('delete from export_chunks where tenant_id = $1 and position = 2', [tenant.tenantId]);
    const answer = await download(path);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  test('is for whoever may export the tenant, and tells nobody else that it is there', async () => {
    const problem = async (apiKey: string, at = path) => {
      const answer = await download(at, apiKey);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      return [answer.status, await codeOf(answer)];
    };
    const others = await api.tenant();
    const less = await api.keyWith(
      tenant.tenantId,
      SCOPES.filter((scope) => scope !== 'tenant:export'),
    );
    const ada = await api.member(tenant, 'ADMIN');
    const auditor = await api.member(tenant, 'AUDITOR');
    expect(await problem('')).toEqual([401, 'UNAUTHENTICATED']);
    expect(await problem('colophon_nobody')).toEqual([401, 'UNAUTHENTICATED']);
    expect(await problem(api.operatorKey)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await problem(less)).toEqual([403, 'FORBIDDEN']);
    expect(await problem(auditor.token)).toEqual([403, 'FORBIDDEN']);
    expect(await problem(others.apiKey)).toEqual([404, 'NOT_FOUND']);
    for (const id of ['x', '..%2f..%2fetc', '%00', randomBytes(50).toString('hex')])
      expect(await problem(tenant.apiKey, `/graphql/exports/${id}`)).toEqual([404, 'NOT_FOUND']);
    expect((await download(path, ada.token)).status).toBe(200);
    const { rows } = await admin('select downloads from export_requests where tenant_id = $1', [
      tenant.tenantId,
    ]);
    expect(rows).toEqual([{ downloads: 1 }]);
  });

  test('counts as a request, and is refused beyond the limit', async () => {
    const assign = 'mutation ($input: AssignPlanInput!) { assignPlan(input: $input) { tenant { plan } } }';
    const overrides = { apiRequestsPerMinute: 1 };
    const input = { tenantId: tenant.tenantId, plan: 'unlimited', overrides };
    await api.ask(assign, { input }, api.operatorKey);
    const answer = await download(path);
    expect([answer.status, await codeOf(answer)]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('what is asked for', () => {
  test('of twenty requests at once one begins, and the others hear that it is under way', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.send(REQUEST, {}, tenant.apiKey)));
    const refused = answers.flatMap(({ errors }) => errors ?? []);
    expect(refused.map(({ extensions }) => extensions.code)).toEqual(Array(19).fill('EXPORT_IN_PROGRESS'));
    const { rows } = await admin("select from outbox where tenant_id = $1 and job = 'export-tenant'", [
      tenant.tenantId,
    ]);
    expect(rows).toHaveLength(1);
  });

  test('so many are begun in a day, also when each is given up', async () => {
    for (let index = 0; index < EXPORTS_PER_DAY; index += 1)
      await api.ask(CANCEL, { id: (await request()).id }, tenant.apiKey);
    expect(await errorOf(REQUEST)).toBe('EXPORT_LIMIT_REACHED');
    await admin(
      "update export_requests set created_at = created_at - interval '1 day' where tenant_id = $1",
      [tenant.tenantId],
    );
    await request();
  });

  test('what is not ready, failed, was given up or has expired cannot be downloaded', async () => {
    const { id } = await request();
    const path = `/graphql/exports/${id}`;
    const told = async () => {
      const answer = await download(path);
      return [answer.status, await codeOf(answer)];
    };
    expect(await told()).toEqual([409, 'EXPORT_NOT_READY']);
    await write(id);
    expect((await download(path)).status).toBe(200);
    await admin("update export_requests set expires_at = now() - interval '1 second' where id = $1", [
      idOf(id),
    ]);
    expect(await told()).toEqual([410, 'EXPORT_OVER']);
    expect(await exportOf(id)).toMatchObject({ state: 'EXPIRED', archivePath: null });
    expect(await errorOf(CANCEL, { id })).toBe('EXPORT_OVER');

    const second = await api.readyExport(tenant);
    await api.ask(CANCEL, { id: second }, tenant.apiKey);
    const answer = await download(`/graphql/exports/${second}`);
    expect([answer.status, await codeOf(answer)]).toEqual([410, 'EXPORT_OVER']);
  });
});

describe('how it is written', () => {
  test('a worker that is killed in the middle leaves no half archive as READY, and the next one begins anew', async () => {
    await fill();
    const { id } = await request();
    await behindGate(async () => {
      const worker = await new ProcessCrew(environment(), folder).start('worker');
      try {
        expect(await atGate()).toBe(true);
        expect(await chunks(id)).toEqual([{ attempt: 1, count: 1 }]);
      } finally {
        await worker.kill();
      }
      expect(readdirSync(scratchDir)).toHaveLength(1);
      expect(await exportOf(id)).toMatchObject({ state: 'RUNNING', archivePath: null });
      expect((await download(`/graphql/exports/${id}`)).status).toBe(409);
    });
    await admin("update outbox set lease_until = now() where job = 'export-tenant' and state = 'RUNNING'");
    const workers = await startWorkers(workerConfigSchema.parse(environment()), pino({ level: 'silent' }));
    try {
      expect(await pollUntil(async () => (await exportOf(id)).state === 'READY', 60_000)).toBe(true);
    } finally {
      await workers.stop();
    }
    const bytes = await verified(id);
    const pieces = Math.ceil(bytes.length / CHUNK_BYTES);
    expect(pieces).toBeGreaterThan(1);
    expect(await chunks(id)).toEqual([{ attempt: 2, count: pieces }]);
    // What the dead one had on its disk is gone, too.
    expect(readdirSync(scratchDir)).toEqual([]);
  }, 240_000);

  test('of two runs at once only the later one can finish, and nothing of the other is kept', async () => {
    await fill();
    const { id } = await request();
    const [first, second] = [new HeldStore(), new HeldStore()];
    const runs = [write(id, 1, writer({}, key, first))];
    await first.reached;
    runs.push(write(id, 2, writer({}, key, second)));
    await second.reached;
    second.release();
    await runs[1];
    first.release();
    await runs[0];
    const { rows } = await admin('select state, attempt from export_requests where id = $1', [idOf(id)]);
    expect(rows).toEqual([{ state: 'READY', attempt: 2 }]);
    expect((await chunks(id)).map(({ attempt }) => attempt)).toEqual([2]);
    await verified(id);
    const { rows: noted } = await admin('select from tenant_exports where tenant_id = $1', [tenant.tenantId]);
    expect(noted).toHaveLength(1);
  });

  test('one that is given up in the middle stops, and leaves nothing behind', async () => {
    await fill();
    const { id } = await request();
    const held = new HeldStore();
    const run = write(id, 1, writer({}, key, held));
    await held.reached;
    expect((await api.ask(CANCEL, { id }, tenant.apiKey)).cancelExport.export.state).toBe('CANCELLED');
    held.release();
    await run;
    expect(await exportOf(id)).toMatchObject({ state: 'CANCELLED', archivePath: null, failure: null });
    expect(await writer().expire(tenant.tenantId, idOf(id))).toBeUndefined();
    expect(await chunks(id)).toEqual([]);
    expect(readdirSync(scratchDir)).toEqual([]);
    await write(id);
    expect((await exportOf(id)).state).toBe('CANCELLED');
  });

  test('what is ready takes the place of the one before, which is removed; after its time so is the last', async () => {
    const [first, second] = [(await request()).id, ''];
    await write(first);
    const later = (await request()).id ?? second;
    await write(later);
    expect((await exportOf(first)).state).toBe('EXPIRED');
    expect((await exportOf(later)).state).toBe('READY');
    const clear = (id: string) => writer().expire(tenant.tenantId, idOf(id));
    expect(await clear(first)).toBeUndefined();
    expect(await chunks(first)).toEqual([]);
    const { expiresAt } = await exportOf(later);
    expect((await clear(later))?.toISOString()).toBe(expiresAt);
    expect(await chunks(later)).toHaveLength(1);
    await admin('update export_requests set expires_at = now() where id = $1', [idOf(later)]);
    expect(await clear(later)).toBeUndefined();
    expect(await chunks(later)).toEqual([]);
    const { rows } = await admin(
      "select payload->>'exportId' as id from outbox where tenant_id = $1 and job = 'clear-export' order by created_at",
      [tenant.tenantId],
    );
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([idOf(first), idOf(later)]));
  });

  test('an export that cannot be made fails with its reason, and another can be asked for', async () => {
    const failed = async (by: ExportWriter) => {
      const { id } = await request();
      await write(id, 1, by);
      expect(await chunks(id)).toEqual([]);
      return (await exportOf(id)).failure.code;
    };
    await fill();
    expect(await failed(writer({ maxBytes: MIB }))).toBe('EXPORT_TOO_LARGE');
    expect(await failed(writer({}, 'none'))).toBe('EXPORT_KEY_MISSING');
    expect(readdirSync(scratchDir)).toEqual([]);
  });

  test('a run that fails is run again, and after the third the tenant is told that it failed', async () => {
    const { id } = await request();
    const broken = writer({ scratchDir: join(folder, 'nowhere') });
    await expect(write(id, 1, broken)).rejects.toThrow('ENOENT');
    await expect(write(id, 2, broken)).rejects.toThrow('ENOENT');
    expect((await exportOf(id)).state).toBe('RUNNING');
    await expect(write(id, 3, broken)).rejects.toThrow('ENOENT');
    expect(await exportOf(id)).toMatchObject({ state: 'FAILED', failure: { code: 'INTERNAL' } });

    // As one whose worker was killed each time.
    const other = await request();
    await write(other.id, 4);
    expect(await exportOf(other.id)).toMatchObject({ state: 'FAILED', failure: { code: 'INTERNAL' } });
  });

  test('one whose worker stops goes on with the next, and is no failure', async () => {
    const { id } = await request();
    const stop = AbortSignal.abort(new Error('worker-stopping'));
    const cut = writer().write(tenant.tenantId, idOf(id), { signal: stop, attempt: 3 });
    await expect(cut).rejects.toThrow('worker-stopping');
    expect((await exportOf(id)).state).toBe('RUNNING');
    await write(id);
    await verified(id);
  });
});

test('what killed processes left on the disk goes when a worker starts; what lives is left alone', async () => {
  const [dead, mine, other] = ['4194304', String(process.pid), String(process.ppid)].map((pid) =>
    join(scratchDir, `colophon-export-${pid}-abcdef`),
  );
  const foreign = join(scratchDir, 'something-else');
  for (const path of [dead, mine, other, foreign]) mkdirSync(path as string);
  await writer().removeLeftovers();
  expect([dead, mine, other, foreign].map((path) => existsSync(path as string))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  for (const path of [other, foreign]) rmSync(path as string, { recursive: true });
});
