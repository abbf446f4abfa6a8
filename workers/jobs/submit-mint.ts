import type { MintService } from '../../domain/registry/mint-service';
import { submitMint } from '../../schema/jobs';
import { defineJob } from './define-job';

/** Sends the transaction of a mint: one intent, however often this runs. */
export const submitMintJob = defineJob({
  contract: submitMint,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 300_000 },
  timeoutMs: 60_000,
  async run({ tenantId, mintId }, { mints }: { mints: MintService }) {
    await mints.submit(tenantId, mintId);
  },
});
