import type { WindowCloser } from '../../domain/sales/window-closer';
import { closeSales } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Closes the payment windows of a registry's sales as they end. A sale is closed once: what is closed is not due. */
export const closeSalesJob = defineJob({
  contract: closeSales,
  concurrency: 2,
  retry: { limit: 1_000, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, registryId }, { windowCloser }: { windowCloser: WindowCloser }) {
    const next = await windowCloser.close(tenantId, registryId);
    if (next !== undefined) throw RunAgainLater.at(next);
  },
});
