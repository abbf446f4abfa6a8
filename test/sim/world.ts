import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { encodeGlobalId } from '../../schema/global-id';
import type { RegistryId, TenantId } from '../../schema/ids';
import { until } from '../devnet/polling';
import { makeOpenFolder } from '../e2e/command-line';
import { createTides } from '../faults/support/fault-world';
import { Fleet, type FleetMember } from '../support/fleet';
import { PatientClient } from '../support/patient-client';
import { PostgresPair } from '../support/postgres-pair';
import { writeServiceUrls } from '../support/service-urls';
import { Stage } from '../support/stage';
import { createTemplateDatabase } from '../support/template-database';
import { BadDisk } from './bad-disk';
import type { Pace } from './schedule';
import { SimRedis } from './sim-redis';
import { TenantClient } from './tenant-client';

/** The processes of the simulated deployment; schedules name them. */
export const MEMBERS: readonly FleetMember[] = [
  { name: 'api-1', role: 'api' },
  { name: 'api-2', role: 'api' },
  { name: 'worker-1', role: 'worker' },
  { name: 'worker-2', role: 'worker' },
  { name: 'follower-1', role: 'follower' },
  { name: 'follower-2', role: 'follower' },
];
const APIS = MEMBERS.filter(({ role }) => role === 'api').map(({ name }) => name);
const TENANTS = ['Gallery North', 'Gallery South'] as const;
export const TENANT_COUNT = TENANTS.length;
const REGISTRY_TIMEOUT_MS = 180_000;

/** A tenant as its own programs know it. */
export interface SimTenant {
  readonly name: string;
  readonly tenantId: TenantId;
  readonly registryId: RegistryId;
  /** For the API. */
  readonly registryGlobalId: string;
  readonly client: TenantClient;
}

/** A whole deployment: chains and bridges, PostgreSQL, Redis, every process of ours on its own, and two tenants. */
export class SimWorld {
  private constructor(
    readonly folder: string,
    readonly postgres: PostgresPair,
    /** Under both servers of PostgreSQL. */
    readonly disk: BadDisk | undefined,
    readonly redis: SimRedis,
    readonly stage: Stage,
    readonly fleet: Fleet,
    readonly client: PatientClient,
    readonly tenants: readonly SimTenant[],
  ) {}

  /** @throws Whatever failed, or that it was aborted, after ending what had been started. */
  static async start(
    { blockTimeMs, finalityBlocks }: Pace,
    signal: AbortSignal,
    log: (line: string) => void,
  ): Promise<SimWorld> {
    const folder = makeOpenFolder('colophon-sim-');
    const closers = [
      async () => (signal.aborted ? rmSync(folder, { recursive: true, force: true }) : undefined),
    ];
    try {
      const disk = BadDisk.build(folder);
      if (disk === undefined) log('there is no C compiler here: disks are never slow or full');
      const postgres = await PostgresPair.launch({ folder, environment: disk?.environment ?? {} });
      closers.push(() => postgres.stop());
      const redis = await SimRedis.start(folder);
      closers.push(() => redis.stop());
      writeServiceUrls({ ...(await createTemplateDatabase(postgres.adminUrl)), redisUrl: redis.url });
      log('PostgreSQL with a replica, and Redis run');
      signal.throwIfAborted();
      const environment = {
        REDIS_URL: redis.url,
        OPERATOR_KEY: 'the operator of the simulation, nobody else',
      };
      const stage = await Stage.open({
        name: 'sim',
        logger: pino({ level: 'silent' }),
        environment,
        within: folder,
        devnet: { blockTimeMs, finalityBlocks },
      });
      closers.push(() => stage.close());
      log('three chains and both bridges run');
      signal.throwIfAborted();
      const fleet = new Fleet({
        environment: stage.environment,
        logDir: folder,
        onDeath: (name, how, logFile) => log(`${name} ended by itself (${how}); see ${logFile}`),
      });
      closers.push(() => fleet.stopAll());
      await fleet.start(MEMBERS);
      log(`${MEMBERS.length} processes of ours run`);
      const client = new PatientClient(APIS.map((name) => fleet.urlOf(name)));
      closers.push(async () => client.close());
      const tenants = await openTenants(stage, client, signal);
      log(`${tenants.length} tenants have their registries`);
      writeFileSync(join(folder, 'environment.json'), JSON.stringify(stage.environment, undefined, 2), {
        mode: 0o600,
      });
      return new SimWorld(folder, postgres, disk, redis, stage, fleet, client, tenants);
    } catch (error) {
      for (const close of closers.reverse()) await close();
      throw error;
    }
  }

  /** Ends everything. @param keep - Leaves the folders of logs and data. */
  async stop({ keep }: { readonly keep: boolean }): Promise<void> {
    this.client.close();
    await this.fleet.stopAll();
    await this.stage.close({ keep });
    await this.redis.stop();
    await this.postgres.stop({ keep });
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

async function openTenants(stage: Stage, patient: PatientClient, signal: AbortSignal): Promise<SimTenant[]> {
  const tenants: SimTenant[] = [];
  for (const name of TENANTS) {
    const { tenantId, apiKey } = await stage.domain.tenancy.createTenant(name);
    const registryId = await createTides(stage, tenantId);
    const registryGlobalId = encodeGlobalId('Registry', registryId);
    const client = new TenantClient(patient, apiKey);
    tenants.push({ name, tenantId, registryId, registryGlobalId, client });
  }
  for (const { name, tenantId, registryId } of tenants) {
    await until(
      `the registry of ${name}`,
      async () => {
        signal.throwIfAborted();
        return (await stage.domain.registries.get(tenantId, registryId)).state === 'ACTIVE';
      },
      { timeoutMs: REGISTRY_TIMEOUT_MS, everyMs: 250 },
    );
  }
  return tenants;
}
