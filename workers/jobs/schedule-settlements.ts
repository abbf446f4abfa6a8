import type { SettlementScheduler } from '../../domain/settlement/settlement-scheduler';
import { scheduleSettlements } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Asks for settlements as the tenant's rules say when. What is under way is not asked for twice. */
export const scheduleSettlementsJob = defineJob({
  contract: scheduleSettlements,
  concurrency: 2,
  retry: { limit: 1_000, firstDelayMs: 5_000, maxDelayMs: 300_000 },
  timeoutMs: 120_000,
  async run({ tenantId }, { settlementScheduler }: { settlementScheduler: SettlementScheduler }) {
    const next = await settlementScheduler.run(tenantId);
    if (next !== undefined) throw RunAgainLater.at(next);
  },
});
