import type { MintService } from '../../domain/registry/mint-service';
import { submitMint } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** How soon to ask again whether the seeds can be drawn, in milliseconds. */
const LOOK_AGAIN_MS = 500;

/** Commits to the works of a mint, then mints them: one intent each, however often this runs. */
export const submitMintJob = defineJob({
  contract: submitMint,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 300_000 },
  timeoutMs: 60_000,
  async run({ tenantId, mintId }, { mints }: { mints: MintService }) {
    if (!(await mints.submit(tenantId, mintId))) throw new RunAgainLater(LOOK_AGAIN_MS);
  },
});
