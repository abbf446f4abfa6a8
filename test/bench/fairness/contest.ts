import { z } from 'zod';
import { tenantIdSchema } from '../../../schema/ids';

/** The job that does nothing, as a tenant asks for it; `n` tells the requests apart. */
export const idle = {
  name: 'idle',
  payload: z.strictObject({ tenantId: tenantIdSchema, n: z.int() }),
} as const;

/** Runs at once in either contestant's worker: as many as of the job that has most, the delivery of webhooks. */
export const CONCURRENCY = 64;
/** How often a worker tells what it has done, in milliseconds. */
export const REPORT_MS = 100;

/** What a worker process tells. */
export interface WorkerReport {
  /** Jobs that have ended since it started. */
  readonly ended: number;
  /** When the watched tenant's jobs were begun since the last report, on the machine's monotonic clock. */
  readonly begun: readonly { readonly n: number; readonly atMs: number }[];
}

/** Milliseconds on a clock that all processes of the machine share. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
