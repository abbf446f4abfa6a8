import 'reflect-metadata';
import pino from 'pino';
import { firstSignal } from '../domain/first-signal';
import { armKillPoint } from '../schema/kill-point';
import { workerConfigSchema } from './config';
import { startFollowers } from './followers';
import { startWorkers } from './workers';

/** What this program can be: `worker` runs jobs, `follower` follows the chains. */
const ROLES = { worker: startWorkers, follower: startFollowers } as const;

function isRole(text: string | undefined): text is keyof typeof ROLES {
  return text !== undefined && text in ROLES;
}

/** Runs one role until it is told to stop, then drains it. A second signal kills it at once. */
async function main(): Promise<void> {
  const [, , role] = process.argv;
  if (!isRole(role)) throw new Error(`usage: main.js ${Object.keys(ROLES).join(' | ')}`);
  const config = workerConfigSchema.parse(process.env);
  const logger = pino({ level: config.LOG_LEVEL, name: role });
  if (config.KILL_AT !== undefined) armKillPoint(config.KILL_AT);
  const running = await ROLES[role](config, logger);
  // Whoever started us may wait for this line.
  logger.info('running');
  await firstSignal();
  await running.stop();
}

main().catch((error: unknown) => {
  pino().fatal({ err: error }, 'the process failed');
  process.exitCode = 1;
});
