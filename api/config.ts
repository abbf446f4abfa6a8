import { z } from 'zod';
import { foundationConfigShape } from '../domain/open-foundations';

/** What the API serves with, whatever stands behind it. */
export const serveConfigShape = {
  /** Connects as `colophon_system`: hears of changes. */
  SYSTEM_DATABASE_URL: z.url(),
  /** The platform's own key: provisions tenants. */
  OPERATOR_KEY: z.string().min(32, 'needs at least 32 characters'),
  HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free one. */
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  /** Whether clients may read the schema from the API; off unless allowed, since it helps whoever probes. */
  GRAPHQL_INTROSPECTION: z.stringbool().default(false),
  /** A JSON object of documents by their SHA-256; when set, only these run. */
  TRUSTED_DOCUMENTS_FILE: z.string().min(1).optional(),
  /** The largest request body, in bytes: a script and a JSON document of 1 MiB each, escaped, with room to spare. */
  BODY_LIMIT_BYTES: z.coerce.number().int().min(1_024).max(67_108_864).default(4_194_304),
  /** Requests per minute of a tenant, over all of its keys, where its plan sets no other number. */
  RATE_LIMIT_TENANT: z.coerce.number().int().positive().default(6_000),
  /** Requests per minute of one API key, and of one person. */
  RATE_LIMIT_KEY: z.coerce.number().int().positive().default(3_000),
  /** Attempts per minute to sign in from one address. */
  RATE_LIMIT_SIGN_IN: z.coerce.number().int().positive().default(60),
  /** How many proxies in front may say by X-Forwarded-For whom they ask for; without any, whoever connects is the client. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** Where all API processes count requests together; without it each counts for itself. */
  REDIS_URL: z.url().optional(),
} as const;

/** What the API process reads from its environment. */
export const apiConfigSchema = z.object({
  ...foundationConfigShape,
  ...serveConfigShape,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type ServeConfig = z.output<z.ZodObject<typeof serveConfigShape>>;
export type ApiConfig = z.output<typeof apiConfigSchema>;
