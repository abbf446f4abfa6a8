import { tmpdir } from 'node:os';
import { z } from 'zod';
import { foundationConfigShape } from '../domain/open-foundations';
import { chainIdSchema } from '../schema/caip';
import { KILL_POINTS } from '../schema/kill-point';

/** What the worker and follower processes read from their environment. */
export const workerConfigSchema = z.object({
  ...foundationConfigShape,
  /** Redis for the Bull queues; without it jobs are taken straight from the outbox, which suits a single process. */
  REDIS_URL: z.url().optional(),
  /** The pools that this process serves, separated by commas. */
  POOLS: z.string().default('shared').transform(splitByCommas),
  /** The chains that this follower follows, by CAIP-2 id, separated by commas; all of the chain table if it is not set. */
  FOLLOW_CHAINS: z.string().transform(splitByCommas).pipe(z.array(chainIdSchema)).optional(),
  /** Where `/healthz` and `/readyz` answer; without a port they do not. */
  HEALTH_HOST: z.string().default('127.0.0.1'),
  /** 0 takes a free one. */
  HEALTH_PORT: z.coerce.number().int().min(0).max(65535).optional(),
  /** The Ed25519 key (PKCS #8 in PEM) that signs the archives of tenants; without it tenants cannot export themselves. */
  EXPORT_KEY_FILE: z.string().min(1).optional(),
  /** Where tables lie while an archive is made: needs `EXPORT_MAX_MIB` of room, for each pool that the process serves. */
  EXPORT_SCRATCH_DIR: z.string().min(1).default(tmpdir()),
  /** The most that there may be of a tenant that exports itself, uncompressed, in MiB. */
  EXPORT_MAX_MIB: z.coerce.number().int().min(1).max(65_536).default(1_024),
  /** How long archives are kept for download, in hours. */
  EXPORT_KEEP_HOURS: z.coerce.number().int().min(1).max(720).default(72),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** For the fault suite: the process dies by SIGKILL when it reaches this marker. */
  KILL_AT: z.enum(KILL_POINTS).optional(),
});

export type WorkerConfig = z.output<typeof workerConfigSchema>;

function splitByCommas(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
