import { mkdirSync } from 'node:fs';
import { startDevnet } from '../test/devnet/devnet';
import { CommandError } from './cli-errors';
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
