import type { GuardWorker } from '../../domain/guard/guard-worker';
import { advanceGuardAction, forwardRoyalties } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Takes the next step of what a guardian asked for, until it is done. Each step is an intent of its own. */
export const advanceGuardActionJob = guardJob(advanceGuardAction);

/** The same for what nobody asked for by name, which waits while its tenant is suspended: royalties go to their vault. */
export const forwardRoyaltiesJob = guardJob(forwardRoyalties);

function guardJob(contract: typeof advanceGuardAction | typeof forwardRoyalties) {
  return defineJob({
    contract,
    concurrency: 4,
    retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
    timeoutMs: 60_000,
    async run({ tenantId, actionId }, { guardWorker }: { guardWorker: GuardWorker }) {
      const lookAgainMs = await guardWorker.advance(tenantId, actionId);
      if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
    },
  });
}
