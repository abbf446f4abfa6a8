import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';
import type { Target } from '../api/load';
import { timed } from '../benchmark';
import { startAnvilChains } from './anvil-chains';
import { forkSyntheticChains, type GrowthChains } from './chains';
import { Life, LOGS_PER_ROUND } from './life';
import { loadRecord } from './load-record';
import { insertPlatformRows } from './platform-rows';
import { DEPTH, RegistryRecord } from './registry-record';

export interface ContestantOptions {
  readonly works: number;
  readonly rounds: number;
  readonly chains: 'anvil' | 'synthetic';
  /** How the works come into the database: through followers and projector, or as these would have left them. */
  readonly begin: 'followed' | 'loaded';
  readonly folder: string;
}

/** What one step of new events took. */
export interface Step {
  readonly events: number;
  readonly followMs: number;
  readonly projectMs: number;
  readonly walBytes: number;
}

/** Blocks that the followers are shown at a time while the beginning is followed. */
const STRIDE = 64;

/** A registry with so many works: its chains, its database with what keeps it, and an API over it. */
export class Contestant {
  private round = 0;

  private constructor(
    readonly name: string,
    readonly life: Life,
    readonly chains: GrowthChains,
    readonly database: TestDatabase,
    /** A superuser's. */
    readonly admin: Client,
    readonly record: RegistryRecord,
  ) {}

  static async prepare(options: ContestantOptions, log: (line: string) => void): Promise<Contestant> {
    const { works, rounds, folder } = options;
    const life = new Life(works, rounds);
    const name = `${works.toLocaleString('en-US')} on ${options.chains}`;
    const chains = await (options.chains === 'anvil' ? startAnvilChains(life) : forkSyntheticChains(life));
    const database = await createTestDatabase();
    const admin = new Client(database.adminUrl);
    await admin.connect();
    const record = await RegistryRecord.open(database, chains, {
      folder,
      name: name.replaceAll(/\W+/g, '-'),
      admin,
    });
    const contestant = new Contestant(name, life, chains, database, admin, record);
    const ms = await timed(() => contestant.begin(options.begin));
    log(`  ${name}: ${options.begin} in ${(ms / 1_000).toFixed(0)} s`);
    return contestant;
  }

  /** Takes over the events of so many rounds, as they come from one poll to the next. */
  async step(rounds: number): Promise<Step> {
    this.round += rounds;
    await this.chains.advance(this.life.blockAfter(this.round));
    const before = await this.walPosition();
    const followMs = await timed(() => this.record.follow());
    const projectMs = await timed(async () => {
      await this.record.project();
    });
    return {
      events: rounds * LOGS_PER_ROUND,
      followMs,
      projectMs,
      walBytes: (await this.walPosition()) - before,
    };
  }

  /** Starts the API in a process of its own. */
  async serve(): Promise<{ readonly target: Target; stop(): Promise<void> }> {
    const child = fork(join(__dirname, '..', 'api', 'our-server.js'), [], {
      env: {
        ...process.env,
        ...this.record.environment,
        NODE_ENV: 'production',
        OPERATOR_KEY: randomBytes(24).toString('hex'),
        PORT: '0',
        // Limits stay on; these are only too high to end the run.
        RATE_LIMIT_TENANT: '100000000',
        RATE_LIMIT_KEY: '100000000',
      },
    });
    const [url] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the API ended before it listened');
      }),
    ]);
    return {
      target: { url: String(url), headers: { authorization: `Bearer ${this.record.apiKey}` } },
      stop: () => stopChild(child),
    };
  }

  /** Reads all tables and indexes into PostgreSQL's memory, as far as there is room. */
  async prewarm(): Promise<void> {
    await this.admin.query('create extension if not exists pg_prewarm');
    await this.admin.query(
      `select pg_prewarm(oid) from pg_class where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace`,
    );
  }

  async close(): Promise<void> {
    await this.record.close();
    await this.admin.end();
    await this.chains.stop();
    await this.database.drop();
  }

  private async begin(how: ContestantOptions['begin']): Promise<void> {
    const { admin, life, chains, record } = this;
    if (how === 'loaded') {
      await loadRecord(admin, record.tenantId, life);
      await chains.advance(life.begun + DEPTH);
    } else {
      await insertPlatformRows(admin, record.tenantId, life, 0, life.works);
      while (chains.head < life.begun + DEPTH) {
        await chains.advance(Math.min(life.begun + DEPTH, chains.head + STRIDE));
        await record.catchUp();
      }
      // As a load leaves them: what the sale observer has looked at.
      await admin.query('update sale_transactions set examined = news');
      await admin.query('delete from outbox');
    }
    await insertPlatformRows(admin, record.tenantId, life, life.works, life.worksAfter(life.rounds));
    await admin.query('vacuum analyze');
  }

  private async walPosition(): Promise<number> {
    const { rows } = await this.admin.query("select pg_current_wal_insert_lsn() - '0/0' as bytes");
    return Number(rows[0].bytes);
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
