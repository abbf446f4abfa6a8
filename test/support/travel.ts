import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { composeDomain, type Domain } from '../../domain/compose';
import { type OpenFoundations, openFoundations } from '../../domain/open-foundations';
import { type WorkerConfig, workerConfigSchema } from '../../workers/config';
import { type Followers, startFollowers } from '../../workers/followers';
import { startWorkers, type Workers } from '../../workers/workers';
import { type Devnet, startDevnet } from '../devnet/devnet';
import { devnetFilePath } from '../devnet/devnet-file';
import { createTestDatabase, type TestDatabase } from './test-database';

/** A whole Colophon in one process, on a devnet and a database of its own. */
export class TravelHarness {
  private constructor(
    readonly devnet: Devnet,
    readonly database: TestDatabase,
    readonly config: WorkerConfig,
    readonly foundations: OpenFoundations,
    readonly domain: Domain,
    private readonly folder: string,
  ) {}

  private workers: Workers | undefined;
  private followers: Followers | undefined;

  static async start({ redisUrl }: { redisUrl?: string } = {}): Promise<TravelHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'colophon-travel-'));
    const [devnet, database] = await Promise.all([startDevnet({ dataDir: folder }), createTestDatabase()]);
    const chainsFile = join(folder, 'chains.json');
    writeFileSync(
      chainsFile,
      JSON.stringify(JSON.parse(readFileSync(devnetFilePath(folder), 'utf8')).chains),
    );
    const config = workerConfigSchema.parse({
      APP_DATABASE_URL: database.appUrl,
      SYSTEM_DATABASE_URL: database.systemUrl,
      CHAINS_FILE: chainsFile,
      MASTER_KEY: '11'.repeat(32),
      REDIS_URL: redisUrl,
    });
    const foundations = await openFoundations(config, { applicationName: 'travel', poolSize: 6, logger });
    const harness = new TravelHarness(
      devnet,
      database,
      config,
      foundations,
      composeDomain(foundations),
      folder,
    );
    await harness.startWorkers();
    harness.followers = await startFollowers(config, logger);
    return harness;
  }

  async startWorkers(): Promise<void> {
    this.workers = await startWorkers(this.config, logger);
  }

  async stopWorkers(): Promise<void> {
    await this.workers?.stop();
    this.workers = undefined;
  }

  /** Ends everything of Colophon; the chains and their bridges go on. */
  async stopColophon(): Promise<void> {
    await this.stopWorkers();
    await this.followers?.stop();
    this.followers = undefined;
  }

  stats() {
    return this.workers?.stats();
  }

  async stop(): Promise<void> {
    await this.stopColophon();
    await this.foundations.close();
    await this.devnet.stop();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Silent unless a person wants to see what the services say. */
export const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
