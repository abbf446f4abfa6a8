import type { SaleObserver } from '../../domain/sales/sale-observer';
import { observeSales } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** How soon it goes on when more wait than it takes at once, and when no node has what the followers have seen, in milliseconds. */
const GO_ON_MS = 0;
const LOOK_AGAIN_MS = 1_000;

/** Finds sales in a registry's transactions. What was found is compared with what is recorded, so running again changes nothing. */
export const observeSalesJob = defineJob({
  contract: observeSales,
  concurrency: 4,
  retry: { limit: 1_000, firstDelayMs: 500, maxDelayMs: 60_000 },
  timeoutMs: 120_000,
  async run({ tenantId, registryId }, { saleObserver }: { saleObserver: SaleObserver }) {
    const outcome = await saleObserver.observe(tenantId, registryId);
    if (outcome !== 'done') throw new RunAgainLater(outcome === 'more' ? GO_ON_MS : LOOK_AGAIN_MS);
  },
});
