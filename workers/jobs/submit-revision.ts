import type { WorkService } from '../../domain/registry/work-service';
import { submitRevision } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** How soon to ask again whether the revision before is stated, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

/** States a revision on home, after the one before: one intent, however often this runs. */
export const submitRevisionJob = defineJob({
  contract: submitRevision,
  concurrency: 4,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 300_000 },
  timeoutMs: 60_000,
  async run({ tenantId, workId, revision }, { works }: { works: WorkService }) {
    if (!(await works.submitRevision(tenantId, workId, revision))) throw new RunAgainLater(LOOK_AGAIN_MS);
  },
});
