import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { freePorts } from '../../../cli/embedded/ports';
import { evmAccountId } from '../../../schema/caip';
import { encodeGlobalId } from '../../../schema/global-id';
import type { RegistryId, TenantId } from '../../../schema/ids';
import { until } from '../../devnet/polling';
import { createTides, HOME } from '../../faults/support/fault-world';
import { Fleet, type FleetMember } from '../../support/fleet';
import { PostgresPair } from '../../support/postgres-pair';
import { RedisPair } from '../../support/redis-pair';
import { writeServiceUrls } from '../../support/service-urls';
import { Stage } from '../../support/stage';
import { createTemplateDatabase } from '../../support/template-database';

export const APIS = ['api-1', 'api-2', 'api-3'] as const;
export const POOLS = ['shared', 'north', 'south'] as const;
const FOLLOWERS = ['follower-1', 'follower-2'] as const;
/** The chains' own dumps stop every commit on this machine for up to half a second; nothing is restarted here. */
const NEVER_MS = 86_400_000;
/** 3 APIs with 29 connections each, 6 workers with 33, 2 followers with 23, and ours. */
const MAX_CONNECTIONS = 400;
const REGISTRY_MS = 240_000;
const EDITION_CAP = 100_000;

/** A tenant as its own programs know it. */
export interface Gallery {
  readonly tenantId: TenantId;
  readonly registryId: RegistryId;
  /** As the API names it. */
  readonly registryGlobalId: string;
  readonly apiKey: string;
  /** Whom its works are minted for. */
  readonly account: string;
}

/** Colophon as it is deployed, every process on its own: on one machine, with three tenants in three pools. */
export class Deployment {
  private constructor(
    readonly postgres: PostgresPair,
    readonly redis: RedisPair,
    readonly stage: Stage,
    readonly fleet: Fleet,
    readonly galleries: readonly Gallery[],
    private readonly metricsPorts: ReadonlyMap<string, number>,
    private readonly close: () => Promise<void>,
  ) {}

  /** @throws Whatever failed, after ending what had been started. */
  static async start(log: (line: string) => void): Promise<Deployment> {
    const folder = mkdtempSync(join(tmpdir(), 'colophon-distributed-'));
    chmodSync(folder, 0o711); // the database's own account must pass through when we are root
    const closers = [async () => rmSync(folder, { recursive: true, force: true })];
    const close = async () => {
      for (const one of closers.splice(0).reverse()) await one();
    };
    try {
      const postgres = await PostgresPair.launch({ folder, maxConnections: MAX_CONNECTIONS });
      closers.push(() => postgres.stop());
      const redis = await RedisPair.launch(folder);
      closers.push(() => redis.stop());
      writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: redis.url });
      const stage = await Stage.open({
        name: 'distributed',
        logger: pino({ level: 'silent' }),
        devnet: { saveEveryMs: NEVER_MS },
        environment: {
          NODE_ENV: 'production',
          REDIS_URL: redis.url,
          OPERATOR_KEY: 'the operator of the benchmark, and nobody else',
          // Limits stay on; these are only too high to end the run.
          RATE_LIMIT_TENANT: '100000000',
          RATE_LIMIT_KEY: '100000000',
        },
      });
      closers.push(() => stage.close());
      const ports = await freePorts(FOLLOWERS.map(() => undefined));
      const metricsPorts = new Map(FOLLOWERS.map((name, at) => [name as string, ports[at] ?? 0]));
      const fleet = new Fleet({
        environment: stage.environment,
        logDir: folder,
        onDeath: (name, how) => log(`${name} ended by itself (${how})`),
      });
      closers.push(() => fleet.stopAll());
      // One role after the other: all at once they would take each other's time to connect.
      for (const members of membersByRole(metricsPorts)) await fleet.start(members);
      log(`${fleet.names.length} processes of ours run`);
      const galleries = await openGalleries(stage);
      log(`${galleries.length} tenants have their registries`);
      return new Deployment(postgres, redis, stage, fleet, galleries, metricsPorts, close);
    } catch (error) {
      await close();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.close();
  }

  /** The follower that leads on the home chain. @throws Error if none says so. */
  async leadingFollower(): Promise<string> {
    for (const [name, port] of this.metricsPorts) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      if (text.includes(`colophon_follower_leads{chain="${HOME}"} 1`)) return name;
    }
    throw new Error('no follower leads');
  }
}

function membersByRole(metricsPorts: ReadonlyMap<string, number>): FleetMember[][] {
  return [
    APIS.map((name) => ({ name, role: 'api' })),
    POOLS.flatMap((pool) =>
      [1, 2].map((nth): FleetMember => ({ name: `${pool}-${nth}`, role: 'worker', args: ['--pool', pool] })),
    ),
    [...metricsPorts].map(([name, port]) => ({
      name,
      role: 'follower',
      environment: { METRICS_PORT: String(port) },
    })),
  ];
}

/** A tenant for each pool, with a registry on all chains. */
async function openGalleries(stage: Stage): Promise<Gallery[]> {
  const galleries: Gallery[] = [];
  for (const pool of POOLS) galleries.push(await openGallery(stage, pool));
  for (const { tenantId, registryId } of galleries) {
    const isActive = async () => (await stage.domain.registries.get(tenantId, registryId)).state === 'ACTIVE';
    await until('a registry to be active', isActive, { timeoutMs: REGISTRY_MS, everyMs: 250 });
  }
  return galleries;
}

async function openGallery(stage: Stage, pool: string): Promise<Gallery> {
  const { domain } = stage;
  const { tenantId, apiKey } = await domain.tenancy.createTenant(`Gallery of ${pool}`);
  if (pool !== 'shared') await domain.managedTenants.assignPool({ tenantId, pool });
  const registryId = await createTides(stage, tenantId, EDITION_CAP);
  const { address } = await domain.signers.accountFor(tenantId, HOME);
  const registryGlobalId = encodeGlobalId('Registry', registryId);
  return { tenantId, registryId, registryGlobalId, apiKey, account: evmAccountId(HOME, address) };
}
