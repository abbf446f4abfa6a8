import type { SettlementWorker } from '../../domain/settlement/settlement-worker';
import { advanceSettlement } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Takes the next step of a settlement, until its payees have the money. Each step is an intent of its own. */
export const advanceSettlementJob = defineJob({
  contract: advanceSettlement,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, settlementId }, { settlementWorker }: { settlementWorker: SettlementWorker }) {
    const lookAgainMs = await settlementWorker.advance(tenantId, settlementId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});
