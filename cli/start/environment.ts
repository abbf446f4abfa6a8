import { z } from 'zod';
import { metricsConfigShape } from '../../domain/telemetry/metrics-server';
import { tracingConfigShape } from '../../domain/telemetry/tracing';

/** What a start reads from its environment; each service that is named there is used instead of one of its own. */
export const startEnvironmentSchema = z.object({
  /** Connects as the owner of a database, with CREATEROLE. */
  DATABASE_URL: z.url().optional(),
  REDIS_URL: z.url().optional(),
  /** Path of a JSON chain table; without it three local chains are run. */
  CHAINS_FILE: z.string().min(1).optional(),
  /** Where `redis-server` and `valkey-server` are looked for. */
  PATH: z.string().default(''),
  ...metricsConfigShape,
  ...tracingConfigShape,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type StartEnvironment = z.output<typeof startEnvironmentSchema>;
