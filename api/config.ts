import { z } from 'zod';

/** What the API process reads from its environment. */
export const apiConfigSchema = z.object({
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url(),
  /** Connects as `colophon_system`. */
  SYSTEM_DATABASE_URL: z.url(),
  OPERATOR_KEY: z.string().min(32, 'needs at least 32 characters'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type ApiConfig = z.output<typeof apiConfigSchema>;
