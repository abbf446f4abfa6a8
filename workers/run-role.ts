import pino from 'pino';
import { firstSignal } from '../domain/first-signal';
import { startMetrics } from '../domain/telemetry/metrics-server';
import { startTracing, traceOfLine } from '../domain/telemetry/tracing';
import { armKillPoint } from '../schema/kill-point';
import { workerConfigSchema } from './config';
import { startFollowers } from './followers';
import { startHealth } from './health';
import { startWorkers } from './workers';

/** What this folder's program can be: `worker` runs jobs, `follower` follows the chains. */
const ROLES = { worker: startWorkers, follower: startFollowers } as const;
export type Role = keyof typeof ROLES;

export function isRole(text: string | undefined): text is Role {
  return text !== undefined && text in ROLES;
}

export function roleNames(): readonly string[] {
  return Object.keys(ROLES);
}

/** Runs one role until it is told to stop, then drains it. A second signal kills it at once. */
export async function runRole(role: Role, env: NodeJS.ProcessEnv): Promise<void> {
  const config = workerConfigSchema.parse(env);
  const logger = pino({ level: config.LOG_LEVEL, name: role, mixin: traceOfLine });
  const tracing = startTracing(config, role);
  if (config.KILL_AT !== undefined) armKillPoint(config.KILL_AT);
  const stopped = firstSignal();
  const metrics = await startMetrics(config, logger);
  const running = await ROLES[role](config, logger);
  const health = await startHealth(config, () => running.checkReady(), logger).catch(
    async (error: unknown) => {
      await running.stop();
      throw error;
    },
  );
  // Whoever started us may wait for this line.
  logger.info('running');
  await stopped;
  await running.stop();
  // Last, so that a process that drains is not taken for a dead one.
  await Promise.all([health.stop(), metrics.stop(), tracing.stop()]);
}
