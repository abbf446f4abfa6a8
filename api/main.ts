import 'reflect-metadata';
import pino from 'pino';
import { z } from 'zod';
import { firstSignal } from '../domain/first-signal';
import { startApi } from './api';
import { apiConfigSchema } from './config';

/** Runs the API until it is told to stop, then drains it. A second signal kills it at once. */
async function main(): Promise<void> {
  const config = apiConfigSchema.parse(process.env);
  const logger = pino({ level: config.LOG_LEVEL });
  const stopped = firstSignal();
  const server = await startApi(config, logger);
  logger.info({ url: server.url }, 'the API listens');
  logger.info({ signal: await stopped }, 'stopping');
  await server.stop();
}

main().catch((error: unknown) => {
  // A wrong setting needs its name and its rule, not a stack.
  const reason = error instanceof z.ZodError ? { settings: z.prettifyError(error) } : { err: error };
  pino().fatal(reason, 'the API failed');
  process.exitCode = 1;
});
