import type { AdoptionService } from '../../domain/registry/adoption-service';
import { submitAdoption } from '../../schema/jobs';
import { defineJob } from './define-job';

/** Sends the transaction of an adoption: one intent, however often this runs. */
export const submitAdoptionJob = defineJob({
  contract: submitAdoption,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 300_000 },
  timeoutMs: 60_000,
  run: ({ tenantId, mintId }, { adoptions }: { adoptions: AdoptionService }) =>
    adoptions.submit(tenantId, mintId),
});
