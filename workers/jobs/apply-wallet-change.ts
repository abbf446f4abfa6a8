import type { WalletChangeService } from '../../domain/royalties/wallet-change-service';
import { applyWalletChange } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Moves an artist's primary wallet once the delay of his request is over. What is moved or cancelled is not pending any more. */
export const applyWalletChangeJob = defineJob({
  contract: applyWalletChange,
  concurrency: 1,
  retry: { limit: 1_000, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run(
    { tenantId, projectId },
    { walletChanges }: { walletChanges: Pick<WalletChangeService, 'apply'> },
  ) {
    const next = await walletChanges.apply(tenantId, projectId);
    if (next !== undefined) throw RunAgainLater.at(next);
  },
});
