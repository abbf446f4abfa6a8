import type { GuardWorker } from '../../domain/guard/guard-worker';
import type { RoyaltyForwarder } from '../../domain/settlement/royalty-forwarder';
import { advanceGuardAction, forwardRoyalties } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

const LIMITS = {
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
};

/** How soon to look again for the cost of what was given up while its transaction was under way, in milliseconds. */
const UNPAID_MS = 15_000;

/** Takes the next step of what a guardian asked for, until it is done. Each step is an intent of its own. */
export const advanceGuardActionJob = defineJob({
  contract: advanceGuardAction,
  ...LIMITS,
  async run({ tenantId, actionId }, { guardWorker }: { guardWorker: GuardWorker }) {
    const lookAgainMs = await guardWorker.advance(tenantId, actionId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});

/**
 * The same for what nobody asked for by name, which waits while its tenant is suspended: royalties go to their vault. What
 * that cost is put down once it is over; a run that was cut short before is run again.
 */
export const forwardRoyaltiesJob = defineJob({
  contract: forwardRoyalties,
  ...LIMITS,
  async run(
    { tenantId, actionId },
    { guardWorker, royaltyForwarder }: { guardWorker: GuardWorker; royaltyForwarder: RoyaltyForwarder },
  ) {
    const lookAgainMs = await guardWorker.advance(tenantId, actionId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
    if (await royaltyForwarder.postCost(tenantId, actionId)) throw new RunAgainLater(UNPAID_MS);
  },
});
