import pino from 'pino';
import type { Domain } from '../../domain/compose';
import { type WorkerConfig, workerConfigSchema } from '../../workers/config';
import { type Followers, startFollowers } from '../../workers/followers';
import { startWorkers, type Workers } from '../../workers/workers';
import type { Devnet } from '../devnet/devnet';
import { QUICK_BLOCKS, Stage } from './stage';
import type { TestDatabase } from './test-database';

/** A whole Colophon in one process, on a devnet and a database of its own. */
export class TravelHarness {
  readonly config: WorkerConfig;
  private workers: Workers | undefined;
  private followers: Followers | undefined;

  private constructor(private readonly stage: Stage) {
    this.config = workerConfigSchema.parse(stage.environment);
  }

  static async start({
    redisUrl,
    ...rest
  }: {
    redisUrl?: string;
    chains?: Readonly<Record<string, unknown>>;
  } = {}): Promise<TravelHarness> {
    const environment: Record<string, string> = {
      // Receivers of tests are on this machine.
      WEBHOOK_LOOPBACK: 'true',
      ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    };
    const stage = await Stage.open({ name: 'travel', logger, environment, devnet: QUICK_BLOCKS, ...rest });
    const harness = new TravelHarness(stage);
    await harness.startWorkers();
    harness.followers = await startFollowers(harness.config, logger);
    return harness;
  }

  get devnet(): Devnet {
    return this.stage.devnet;
  }

  /** What processes of this deployment read, and where they may log to. */
  get environment(): Readonly<Record<string, string>> {
    return this.stage.environment;
  }

  get folder(): string {
    return this.stage.folder;
  }

  get database(): TestDatabase {
    return this.stage.database;
  }

  get domain(): Domain {
    return this.stage.domain;
  }

  get foundations() {
    return this.stage.foundations;
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
    await this.stage.close();
  }
}

/** Silent unless a person wants to see what the services say. */
export const logger = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
