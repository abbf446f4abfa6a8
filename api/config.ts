import { z } from 'zod';

/** What the API process reads from its environment. */
export const apiConfigSchema = z.object({
  /** Connects as `colophon_app`. */
  APP_DATABASE_URL: z.url(),
  /** Connects as `colophon_system`. */
  SYSTEM_DATABASE_URL: z.url(),
  /** The platform's own key: provisions tenants. */
  OPERATOR_KEY: z.string().min(32, 'needs at least 32 characters'),
  HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Whether clients may read the schema from the API; off unless allowed, since it helps whoever probes. */
  GRAPHQL_INTROSPECTION: z.stringbool().default(false),
});

export type ApiConfig = z.output<typeof apiConfigSchema>;
