import pino from 'pino';
import { type ComposeDomain, startApi } from './api';
import { apiConfigSchema } from './config';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs the API as a process of its own until it is told to stop, then drains it. A second signal
 * kills it at once.
 *
 * @param env - The process's environment.
 * @throws ZodError that names each wrong setting.
 */
export async function runApi(
  env: Readonly<Record<string, string | undefined>>,
  composeDomain: ComposeDomain,
): Promise<void> {
  const config = apiConfigSchema.parse(env);
  const logger = pino({ level: config.LOG_LEVEL });
  const stopped = signalled();
  const server = await startApi(config, logger, composeDomain);
  logger.info({ url: server.url }, 'the API listens');
  logger.info({ signal: await stopped }, 'stopping');
  await server.stop();
}

/** The first stop signal; afterwards the signals act as if we did not listen. */
async function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      for (const each of SIGNALS) process.off(each, onSignal);
      resolve(signal);
    };
    for (const each of SIGNALS) process.on(each, onSignal);
  });
}
