import pino from 'pino';
import { firstSignal } from '../domain/first-signal';
import { startMetrics } from '../domain/telemetry/metrics-server';
import { startTracing, traceOfLine } from '../domain/telemetry/tracing';
import { startApi } from './api';
import { apiConfigSchema } from './config';

/** Runs the API until it is told to stop, then drains it. A second signal kills it at once. */
export async function runApi(env: NodeJS.ProcessEnv): Promise<void> {
  const config = apiConfigSchema.parse(env);
  const logger = pino({ level: config.LOG_LEVEL, mixin: traceOfLine });
  const tracing = startTracing(config, 'api');
  const stopped = firstSignal();
  const metrics = await startMetrics(config, logger);
  const server = await startApi(config, logger);
  logger.info({ url: server.url }, 'the API listens');
  logger.info({ signal: await stopped }, 'stopping');
  await server.stop();
  await Promise.all([metrics.stop(), tracing.stop()]);
}
