import type { SaleObserver } from '../../domain/sales/sale-observer';
import type { VaultBooks } from '../../domain/settlement/vault-books';
import { observeSales } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Finds sales in a registry's transactions. What was found is compared with what is recorded, so running again changes nothing. */
export const observeSalesJob = defineJob({
  contract: observeSales,
  concurrency: 4,
  retry: { limit: 1_000, firstDelayMs: 500, maxDelayMs: 60_000 },
  timeoutMs: 120_000,
  async run(
    { tenantId, registryId },
    { saleObserver, vaultBooks }: { saleObserver: SaleObserver; vaultBooks: VaultBooks },
  ) {
    // What cannot be read fails the run, and is tried again ever later.
    const isMoreToSee = await saleObserver.observe(tenantId, registryId);
    const isMoreToBook = await vaultBooks.catchUp(tenantId, registryId);
    if (isMoreToSee || isMoreToBook) throw new RunAgainLater(0);
  },
});
