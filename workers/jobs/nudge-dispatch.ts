import type { DispatchNudger } from '../../domain/dispatch/dispatch-nudger';
import { nudgeDispatch } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** How soon a dispatch that has not arrived is looked at again, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

/** Looks after a dispatch from finality on its source until it has arrived. */
export const nudgeDispatchJob = defineJob({
  contract: nudgeDispatch,
  concurrency: 4,
  retry: { limit: 1_000, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  timeoutMs: 60_000,
  async run({ tenantId, dispatchId }, { nudger }: { nudger: DispatchNudger }) {
    if (!(await nudger.nudge(tenantId, dispatchId))) throw new RunAgainLater(LOOK_AGAIN_MS);
  },
});
