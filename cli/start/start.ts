import pino, { type Logger } from 'pino';
import { startApi } from '../../api/api';
import { apiConfigSchema } from '../../api/config';
import { composeDomain } from '../../domain/compose';
import { openFoundations } from '../../domain/open-foundations';
import { type MetricsServer, startMetrics } from '../../domain/telemetry/metrics-server';
import { startTracing, traceOfLine } from '../../domain/telemetry/tracing';
import { evmChainId } from '../../schema/caip';
import { type WorkerConfig, workerConfigSchema } from '../../workers/config';
import { startFollowers } from '../../workers/followers';
import { startWorkers } from '../../workers/workers';
import { CommandError } from '../cli-errors';
import { isPortFree } from '../embedded/ports';
import { type Connection, removeConnection, writeConnection } from './connection';
import {
  type DataFolder,
  exportKeyFileOf,
  type FolderSecrets,
  folderSecrets,
  openDataFolder,
} from './data-folder';
import { demoTenant, fundAccount } from './demo-tenant';
import type { StartEnvironment } from './environment';
import {
  bringUpChains,
  bringUpDatabase,
  bringUpKeys,
  bringUpQueue,
  bringUpTables,
  type Chains,
  type Service,
} from './infrastructure';
import { type Started, Startup } from './startup';

export interface StartOptions {
  /** Port of the API; 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  /** Removes first what an earlier start has kept in `dataDir`. */
  readonly fresh: boolean;
  readonly environment: StartEnvironment;
  /** Told each step and everything that the person should know. */
  readonly print: (line: string) => void;
  /** Calls the start off: no further step begins. */
  readonly signal: AbortSignal;
}

/** Everything, running in this process. */
export interface Running {
  readonly connection: Connection;
  /** Resolves with the reason should a service that it needs end by itself. */
  readonly broken: Promise<string>;
  /** Takes down what was brought up, in reverse. @throws AggregateError of what did not stop as it should. */
  stop(): Promise<void>;
}

interface Parts {
  readonly options: StartOptions;
  readonly startup: Startup;
  readonly folder: DataFolder;
  readonly secrets: FolderSecrets;
  readonly logger: Logger;
}

/**
 * Brings up Colophon on this machine: database, queue, chains, workers, followers and API, in one process
 * but for the servers. A later start on the same data folder goes on with the same data and chains.
 *
 * @throws DomainError that says what to do; what had been brought up is down again by then.
 */
export async function start(options: StartOptions): Promise<Running> {
  const { port, dataDir, fresh, environment, print, signal } = options;
  if (fresh && environment.DATABASE_URL !== undefined) {
    throw new CommandError(
      '--fresh does not empty the database of DATABASE_URL. Empty it yourself, or unset it.',
    );
  }
  if (port !== 0 && !(await isPortFree(port))) {
    throw new CommandError(`Port ${port} is taken. Choose another by --port N, or a free one by --port 0.`);
  }
  const { folder, release } = await openDataFolder(dataDir, { fresh, log: print });
  const startup = new Startup(print, signal);
  const stop = async () => {
    removeConnection(folder.dir);
    await startup.stop();
    release();
  };
  try {
    removeConnection(folder.dir);
    const logger = pino(
      { level: environment.LOG_LEVEL, mixin: traceOfLine },
      pino.destination({ dest: folder.logFile, mode: 0o600 }),
    );
    const { connection, services } = await bringUp({
      options,
      startup,
      folder,
      secrets: folderSecrets(folder),
      logger,
    });
    writeConnection(folder.dir, connection);
    return { connection, broken: Promise.race(services.map(brokenBy)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(parts: Parts): Promise<{ connection: Connection; services: Service[] }> {
  const { startup, folder, secrets, options, logger } = parts;
  const { environment, print } = options;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collector } = environment;
  if (collector !== undefined) {
    const { stop } = startTracing(environment, 'start');
    await startup.step('traces', async () => ({ value: undefined, detail: `go to ${collector}`, stop }));
  }
  const database = await startup.step('database', () => bringUpDatabase(folder, environment, print));
  const tables = await startup.step('tables', () => bringUpTables(database.url, secrets.rolePasswords));
  const keys = {
    MASTER_KEY: secrets.masterKey,
    PREVIOUS_MASTER_KEYS: secrets.previousMasterKeys.join(','),
  };
  await startup.step('keys', () => bringUpKeys(tables, keys));
  const queue = await startup.step('queue', () => bringUpQueue(folder, environment, print));
  const chains = await startup.step('chains', () => bringUpChains(folder, environment));

  const settings = {
    APP_DATABASE_URL: tables.appUrl,
    SYSTEM_DATABASE_URL: tables.systemUrl,
    CHAINS_FILE: chains.chainsFile,
    ...keys,
    REDIS_URL: queue?.url,
    WEBHOOK_LOOPBACK: 'true',
  };
  const config = workerConfigSchema.parse({ ...settings, EXPORT_KEY_FILE: exportKeyFileOf(folder.dir) });
  const tenant = await startup.step('tenant', () => bringUpTenant(parts, config, chains));
  await startup.step('followers', async () =>
    bringUpLoop(await startFollowers(config, logger), 'read every chain'),
  );
  await startup.step('workers', async () => bringUpLoop(await startWorkers(config, logger), 'take jobs'));
  const api = await startup.step('API', () => bringUpApi(parts, settings));
  if (environment.METRICS_PORT !== undefined) {
    await startup.step('metrics', async () => bringUpMetrics(await startMetrics(environment, logger)));
  }
  const connection = {
    ...api,
    ...tenant,
    operatorKey: secrets.operatorKey,
    appDatabaseUrl: tables.appUrl,
    chainsFile: chains.chainsFile,
    collectorKeys: [...(chains.rich?.collectorKeys ?? [])],
    pid: process.pid,
  };
  return { connection, services: [database, ...(queue ? [queue] : [])] };
}

type TenantConnection = Pick<Connection, 'tenantId' | 'apiKey' | 'account'>;

/** The demo tenant, whose account has money if the chains are ours. */
async function bringUpTenant(
  { folder, logger }: Parts,
  config: WorkerConfig,
  { rich }: Chains,
): Promise<Started<TenantConnection>> {
  const foundations = await openFoundations(config, {
    applicationName: 'colophon-start',
    poolSize: 2,
    logger,
  });
  try {
    const domain = composeDomain(foundations);
    const tenant = await demoTenant(domain, folder.demoTenantFile);
    const chains = foundations.chainTable.all();
    const [first] = chains;
    const chainId = first?.chainId ?? evmChainId(1);
    const { address } = await domain.signers.accountFor(tenant.tenantId, chainId);
    if (rich !== undefined) await fundAccount(address, chains, rich.funderKey);
    const money = rich === undefined ? 'which needs money on each chain' : 'which has money on each chain';
    return { value: { ...tenant, account: address }, detail: `Demo gallery, account ${address}, ${money}` };
  } finally {
    await foundations.close();
  }
}

function bringUpLoop(loop: { stop(): Promise<void> }, detail: string): Started<undefined> {
  return { value: undefined, detail, stop: () => loop.stop() };
}

function bringUpMetrics({ port, stop }: MetricsServer): Started<undefined> {
  return { value: undefined, detail: `http://127.0.0.1:${port}/metrics`, stop };
}

async function bringUpApi(
  { options, secrets, logger }: Parts,
  settings: Readonly<Record<string, string | undefined>>,
): Promise<Started<Pick<Connection, 'url' | 'wsUrl'>>> {
  const api = await startApi(
    apiConfigSchema.parse({
      ...settings,
      OPERATOR_KEY: secrets.operatorKey,
      PORT: String(options.port),
      // On one's own machine, whoever has no key yet may look the API up.
      GRAPHQL_INTROSPECTION: 'true',
    }),
    logger,
  );
  const wsUrl = api.url.replace(/^http/, 'ws');
  return { value: { url: api.url, wsUrl }, detail: `listens at ${api.url}`, stop: () => api.stop() };
}

async function brokenBy({ ended }: Service): Promise<string> {
  // A service that was there before may come and go: its clients wait for it.
  return ended ?? new Promise(() => undefined);
}
