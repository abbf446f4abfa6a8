import type { GuardWorker } from '../../domain/guard/guard-worker';
import { forwardRoyalties } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Has what lies in a royalty receiver moved into its vault: one transaction with an intent of its own. */
export const forwardRoyaltiesJob = defineJob({
  contract: forwardRoyalties,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, actionId }, { guardWorker }: { guardWorker: GuardWorker }) {
    const lookAgainMs = await guardWorker.advance(tenantId, actionId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});
