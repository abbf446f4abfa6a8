import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import { startDevnet } from '../test/devnet/devnet';
import { CommandError } from './cli-errors';
import { migrateDatabase } from './database';
import { rotateKeys, rotationConfigSchema } from './rotate-keys';
import { startEnvironmentSchema } from './start/environment';
import { type StartOptions, start } from './start/start';
import { aborted } from './stop-signals';

type Environment = Readonly<Record<string, string | undefined>>;

/** What every command that runs until it is stopped gets. */
export interface CommandContext {
  readonly env: Environment;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** `start`: runs until it is stopped. @throws DomainError if it does not come up, or a service that it needs ends. */
export async function runStart(
  options: Pick<StartOptions, 'port' | 'dataDir' | 'fresh'>,
  { env, print, signal }: CommandContext,
): Promise<void> {
  const begun = performance.now();
  print('Colophon starts:');
  const environment = startEnvironmentSchema.parse(env);
  const running = await start({ ...options, environment, print, signal });
  const { url, apiKey, account } = running.connection;
  print(`Ready in ${((performance.now() - begun) / 1000).toFixed(1)} s.

  GraphQL  ${url}
  API key  ${apiKey}
  account  ${account} (the demo tenant's)

  All keys are in ${options.dataDir}/connection.json. npm run demo shows a work's journey. Ctrl-C ends it.`);
  const broken = await Promise.race([running.broken, aborted(signal)]);
  await running.stop();
  if (broken !== undefined) throw new CommandError(`A service that Colophon needs ${broken}.`);
  print('Stopped.');
}

/** `devnet`: runs until it is stopped. */
export async function runDevnet(dataDir: string, { print, signal }: CommandContext): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const devnet = await startDevnet({ dataDir, log: print });
  for (const { name, chainId, rpcUrls } of devnet.chains)
    print(`${name} (${chainId}): ${rpcUrls.join('  ')}`);
  await aborted(signal);
  await devnet.stop();
}

const migrateEnvironmentSchema = z.object({
  /** Connects as the owner of the database, with CREATEROLE. */
  DATABASE_URL: z.url(),
  /** What the role colophon_app is to log in with. */
  APP_ROLE_PASSWORD: z.string().min(16),
  /** What the role colophon_system is to log in with. */
  SYSTEM_ROLE_PASSWORD: z.string().min(16),
});

/** `migrate`: roles and tables, then ends. */
export async function runMigrate({ env, print }: CommandContext): Promise<void> {
  const { DATABASE_URL, APP_ROLE_PASSWORD, SYSTEM_ROLE_PASSWORD } = migrateEnvironmentSchema.parse(env);
  const count = await migrateDatabase(DATABASE_URL, { app: APP_ROLE_PASSWORD, system: SYSTEM_ROLE_PASSWORD });
  print(count === 0 ? 'The tables are up to date.' : `${count} migrations were run.`);
}

/** How often `rotate-keys` says how far it is. */
const PROGRESS_INTERVAL_MS = 1_000;

/** `rotate-keys`: runs until no secret needs an earlier master key. @throws MasterKeyMissingError */
export async function runRotateKeys({ env, print }: CommandContext): Promise<void> {
  const config = rotationConfigSchema.parse(env);
  let printedAt = performance.now();
  const { tenants, rewrapped } = await rotateKeys(config, ({ tenantsDone, tenants, rewrapped }) => {
    if (performance.now() - printedAt < PROGRESS_INTERVAL_MS) return;
    printedAt = performance.now();
    print(`${tenantsDone} of ${tenants} tenants, ${rewrapped} secrets rewrapped`);
  });
  print(`${rewrapped} secrets of ${tenants - 1} tenants were rewrapped; all are under MASTER_KEY now.`);
}
