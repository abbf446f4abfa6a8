import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '../../cli/embedded/postgres';
import { writeServiceUrls } from '../support/service-urls';
import { createTemplateDatabase } from '../support/template-database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { DOCUMENTS, type Documents, LIST_ROWS, NESTED_ROWS, POSTGRAPHILE_DOCUMENTS } from './api/documents';
import { fillGalleries } from './api/gallery';
import { ask, type Target, throughput } from './api/load';
import { type Benchmark, type BenchmarkOptions, type Comparison, median } from './benchmark';
import { OwnCore } from './own-core';

const BAR_OVER_BARE = 0.9;
const BAR_OVER_POSTGRAPHILE = 1.3;

interface Contestant {
  readonly name: string;
  readonly target: Target;
  readonly documents: Documents;
}

/**
 * A list of 100 rows with 6 fields, and 20 rows with what they refer to: our API with authentication, row
 * security, limits and loaders; a bare Apollo server over static data; PostGraphile on the same tables. Each
 * is a process of its own, without any cache of answers, and they take turns.
 *
 * All run as one deploys them, with NODE_ENV=production: otherwise graphql-js checks at each field which copy of it
 * a type comes from, which takes a quarter of the bare server's time and little of ours. PostGraphile has the same rows
 * behind the same policies, as many connections as we (20), prepared statements and its production mode; it looks no
 * key up, so that it does less for each request than we do. What answers has a core of its own, the same for each;
 * PostgreSQL and who asks share the other.
 */
export const benchApi: Benchmark = async (options) => {
  const folder = mkdtempSync(join(tmpdir(), 'colophon-bench-'));
  chmodSync(folder, 0o711); // the database's own account must pass through when we are root
  const dataDir = join(folder, 'postgres');
  const log = () => undefined;
  const ownCore = OwnCore.reserve(options.log);
  const postgres = await startPostgres({ dataDir, durable: true, log });
  const children: ChildProcess[] = [];
  try {
    writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: undefined });
    const database = await createTestDatabase();
    const contestants = await startAll(database, folder, children, ownCore);
    return await contest(contestants, options);
  } finally {
    await Promise.all(children.map(stop));
    await postgres.stop();
    await removePostgres({ dataDir, log });
    rmSync(folder, { recursive: true, force: true });
  }
};

async function startAll(
  database: TestDatabase,
  folder: string,
  children: ChildProcess[],
  ownCore: OwnCore,
): Promise<[ours: Contestant, bare: Contestant, postgraphile: Contestant]> {
  const { tenantId, apiKey } = await fillGalleries(database, 5);
  const chainsFile = join(folder, 'chains.json');
  writeFileSync(chainsFile, '[]');
  const launch = async (script: string, args: string[], env: Record<string, string> = {}) => {
    const child = fork(join(__dirname, 'api', script), args, {
      env: { ...process.env, NODE_ENV: 'production', ...env },
    });
    children.push(child);
    if (child.pid !== undefined) ownCore.give(child.pid);
    const [url] = await Promise.race([once(child, 'message'), once(child, 'exit').then(failed(script))]);
    return String(url);
  };
  const ours = await launch('our-server.js', [], {
    APP_DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    CHAINS_FILE: chainsFile,
    MASTER_KEY: randomBytes(32).toString('hex'),
    OPERATOR_KEY: randomBytes(24).toString('hex'),
    PORT: '0',
    // Limits stay on; these are only too high to end the run.
    RATE_LIMIT_TENANT: '100000000',
    RATE_LIMIT_KEY: '100000000',
  });
  const bare = await launch('bare-server.js', []);
  const postgraphile = await launch('postgraphile-server.js', [database.appUrl, tenantId]);
  const headers = { authorization: `Bearer ${apiKey}` };
  return [
    { name: 'Colophon', target: { url: ours, headers }, documents: DOCUMENTS },
    { name: 'bare Apollo', target: { url: bare }, documents: DOCUMENTS },
    { name: 'PostGraphile', target: { url: postgraphile }, documents: POSTGRAPHILE_DOCUMENTS },
  ];
}

async function contest(
  contestants: readonly [Contestant, Contestant, Contestant],
  { small, log }: BenchmarkOptions,
): Promise<Comparison[]> {
  const rounds = small ? 1 : 7;
  const durationMs = small ? 300 : 3_000;
  const comparisons: Comparison[] = [];
  for (const kind of ['list', 'nested'] as const) {
    const figures = contestants.map((): number[] => []);
    for (const contestant of contestants) {
      await checkAnswer(contestant, kind);
      await throughput(contestant.target, contestant.documents[kind], durationMs); // warms up
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, { target, documents }] of contestants.entries()) {
        figures[index]?.push(await throughput(target, documents[kind], durationMs));
      }
    }
    const [ours = 0, bare = 0, postgraphile = 0] = figures.map(median);
    log(
      `${kind}: ${contestants.map(({ name }, index) => `${name} ${figures[index]?.map(Math.round).join(' ')}`).join('; ')}`,
    );
    comparisons.push(
      compare(`${kind} query vs bare Apollo`, ours, bare, BAR_OVER_BARE),
      compare(`${kind} query vs PostGraphile`, ours, postgraphile, BAR_OVER_POSTGRAPHILE),
    );
  }
  return comparisons;
}

function compare(name: string, figure: number, peer: number, bar: number): Comparison {
  return { name, unit: 'requests/s', figure, peer, bar };
}

/** A contestant that answers less than it was asked for would win. */
async function checkAnswer({ name, target, documents }: Contestant, kind: keyof Documents): Promise<void> {
  const answer = JSON.stringify(await ask(target, documents[kind]));
  const [rows, field] = kind === 'list' ? [LIST_ROWS, '"revision":'] : [NESTED_ROWS, '"artistName":"Ada"'];
  const found = answer.split(field).length - 1;
  if (found !== rows) throw new Error(`${name} answered ${found} rows of ${rows}: ${answer.slice(0, 500)}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

function failed(script: string) {
  return (): never => {
    throw new Error(`${script} ended before it listened`);
  };
}
