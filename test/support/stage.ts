import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { composeDomain, type Domain } from '../../domain/compose';
import { type OpenFoundations, openFoundations } from '../../domain/open-foundations';
import { workerConfigSchema } from '../../workers/config';
import { type Devnet, type DevnetOptions, startDevnet } from '../devnet/devnet';
import { devnetFilePath } from '../devnet/devnet-file';
import { createTestDatabase, type TestDatabase } from './test-database';

export type Finality = 'finalized' | { readonly depthBlocks: number };

/**
 * For tests that wait for blocks most of the time: half of what a devnet takes by itself. Not for those that kill chains
 * (`FaultWorld`): once in three runs nothing was delivered to one chain any more, for a reason that is not known.
 */
export const QUICK_BLOCKS = { blockTimeMs: 200 } as const;

interface StageOptions {
  /** Names the folder and the database connections. */
  readonly name: string;
  readonly logger: Logger;
  /** Added to the environment of every process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Said of every chain beside what the devnet says. */
  readonly chains?: Readonly<Record<string, unknown>>;
  /** How often the chains are written to disk, and how they are paced; see `startDevnet`. */
  readonly devnet?: Omit<DevnetOptions, 'dataDir'>;
  /** Where its folder is made; the system's one for temporary files if absent. */
  readonly within?: string;
  /** In place of one on the run's own server. */
  readonly database?: TestDatabase;
}

/** What each test of the whole plays on: a devnet, a database, and the domain over both. Runs no worker. */
export class Stage {
  private constructor(
    readonly folder: string,
    /** Replaced when a test starts the chains again. */
    public devnet: Devnet,
    readonly database: TestDatabase,
    readonly foundations: OpenFoundations,
    readonly domain: Domain,
    /** The configuration of a worker or follower on this stage. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @throws Whatever failed, after closing what had been opened. */
  static async open(options: StageOptions): Promise<Stage> {
    const { name, logger, environment: more, chains, within = tmpdir() } = options;
    const folder = mkdtempSync(join(within, `colophon-${name}-`));
    const closers = [async () => rmSync(folder, { recursive: true, force: true })];
    try {
      const devnet = await startDevnet({ ...options.devnet, dataDir: folder });
      closers.push(() => devnet.stop());
      const database = options.database ?? (await createTestDatabase());
      closers.push(() => database.drop());
      const environment = {
        APP_DATABASE_URL: database.appUrl,
        SYSTEM_DATABASE_URL: database.systemUrl,
        CHAINS_FILE: writeChainsFile(folder, 'finalized', chains),
        MASTER_KEY: '11'.repeat(32),
        ...more,
      };
      const connections = { applicationName: name, poolSize: 6, logger };
      const foundations = await openFoundations(workerConfigSchema.parse(environment), connections);
      return new Stage(folder, devnet, database, foundations, composeDomain(foundations), environment);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  /** @param keep - Leaves the folder and the database for a person to look at. */
  async close({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    await this.foundations.close();
    await this.devnet.stop();
    if (keep) return;
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The devnet's chain table, with this finality (and whatever else) on every chain. @returns its path. */
export function writeChainsFile(
  folder: string,
  finality: Finality,
  more: Readonly<Record<string, unknown>> = {},
): string {
  // CAST: the devnet has written it; whoever reads the chain table parses it.
  const { chains } = JSON.parse(readFileSync(devnetFilePath(folder), 'utf8')) as {
    chains: Record<string, unknown>[];
  };
  const file = join(folder, finality === 'finalized' ? 'chains.json' : 'chains-by-depth.json');
  writeFileSync(file, JSON.stringify(chains.map((chain) => ({ ...chain, finality, ...more }))));
  return file;
}
