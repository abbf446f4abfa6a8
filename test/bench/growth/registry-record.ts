import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import pino from 'pino';
import { BlockFollower } from '../../../chains/follower/block-follower';
import { BlockStore } from '../../../domain/chain-state/block-store';
import { composeDomain, type Domain } from '../../../domain/compose';
import { type OpenFoundations, openFoundations } from '../../../domain/open-foundations';
import { REGISTRY_EVENT_TOPICS } from '../../../domain/provenance/event-decoder';
import type { TenantId } from '../../../schema/ids';
import { workerConfigSchema } from '../../../workers/config';
import { chainEntry } from '../../support/chain-entry';
import type { TestDatabase } from '../../support/test-database';
import type { GrowthChains } from './chains';
import { HOME, insertRegistry, MIRROR, REGISTRY_ID } from './registry';

/** Blocks behind the head that may still be reorganised. */
export const DEPTH = 8;
const PATIENCE_MS = 10_000;

/** A database with the record of one registry, and what keeps it: the real followers of both chains and the projector. */
export class RegistryRecord {
  private constructor(
    readonly database: TestDatabase,
    readonly tenantId: TenantId,
    readonly apiKey: string,
    /** Of every process that works on it. */
    readonly environment: Readonly<Record<string, string>>,
    private readonly foundations: OpenFoundations,
    private readonly domain: Domain,
    private readonly followers: readonly BlockFollower[],
  ) {}

  /** @param folder - For the chain table. */
  static async open(
    database: TestDatabase,
    chains: GrowthChains,
    { folder, name, admin }: { folder: string; name: string; admin: Client },
  ): Promise<RegistryRecord> {
    const environment = {
      APP_DATABASE_URL: database.appUrl,
      SYSTEM_DATABASE_URL: database.systemUrl,
      CHAINS_FILE: chainsFile(folder, name, chains),
      MASTER_KEY: randomBytes(32).toString('hex'),
    };
    const foundations = await openFoundations(workerConfigSchema.parse(environment), {
      applicationName: name,
      poolSize: 4,
      logger: pino({ level: 'warn' }),
    });
    const domain = composeDomain(foundations);
    const store = new BlockStore(foundations.system, domain.followerSink);
    const settings = { eventTopics: REGISTRY_EVENT_TOPICS, patienceMs: PATIENCE_MS };
    const followers = [HOME, MIRROR].map(
      (chainId) => new BlockFollower(foundations.chains.get(chainId), store, settings),
    );
    const { tenantId, apiKey } = await domain.tenancy.createTenant('Gallery');
    await insertRegistry(admin, tenantId);
    return new RegistryRecord(database, tenantId, apiKey, environment, foundations, domain, followers);
  }

  /** Takes over what the chains now show. @returns How many events were new, gone or newly final. @throws If a follower complains. */
  async catchUp(): Promise<number> {
    await this.follow();
    return this.project();
  }

  /** One tick of each follower. @throws If one complains. */
  async follow(): Promise<void> {
    for (const follower of this.followers) {
      await follower.tick();
      const { alert, chainId } = follower.state;
      if (alert !== undefined) throw new Error(`${chainId}: ${alert}`);
    }
  }

  project(): Promise<number> {
    return this.domain.projector.project(this.tenantId, REGISTRY_ID);
  }

  close(): Promise<void> {
    return this.foundations.close();
  }
}

function chainsFile(folder: string, name: string, { urls }: GrowthChains): string {
  const file = join(folder, `${name}.chains.json`);
  const finality = { depthBlocks: DEPTH };
  const entryOf = (chainId: typeof HOME, title: string, rpcUrls: readonly string[], number: number) =>
    chainEntry({ chainId, name: title, rpcUrls, finality, blockTimeMs: 2_000, number });
  writeFileSync(
    file,
    JSON.stringify([entryOf(HOME, 'Home', urls.home, 1), entryOf(MIRROR, 'Mirror', urls.mirror, 2)]),
  );
  return file;
}
