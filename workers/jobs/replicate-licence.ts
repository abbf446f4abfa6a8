import type { LicenceReplicator } from '../../domain/licensing/licence-replicator';
import { replicateLicence } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Has a licence known on every chain of its registry. Each statement is an intent of its own. */
export const replicateLicenceJob = defineJob({
  contract: replicateLicence,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run(
    { tenantId, registryId, grantId },
    { licenceReplicator }: { licenceReplicator: LicenceReplicator },
  ) {
    const lookAgainMs = await licenceReplicator.advance(tenantId, registryId, grantId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});
