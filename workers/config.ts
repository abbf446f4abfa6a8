import { z } from 'zod';
import { foundationConfigShape } from '../domain/open-foundations';
import { KILL_POINTS } from '../schema/kill-point';

/** What the worker and follower processes read from their environment. */
export const workerConfigSchema = z.object({
  ...foundationConfigShape,
  /** Redis for the Bull queues; without it jobs are taken straight from the outbox, which suits a single process. */
  REDIS_URL: z.url().optional(),
  /** The pools that this process serves, separated by commas. */
  POOLS: z
    .string()
    .default('shared')
    .transform((pools) => pools.split(',').map((pool) => pool.trim())),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** For the fault suite: the process dies by SIGKILL when it reaches this marker. */
  KILL_AT: z.enum(KILL_POINTS).optional(),
});

export type WorkerConfig = z.output<typeof workerConfigSchema>;
