import type { DispatchSender } from '../../domain/dispatch/dispatch-sender';
import { submitDispatch } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/**
 * Puts one dispatch on its lane: quotes, signs, stores, then broadcasts.
 *
 * Runs at least once: the transaction is stored under the dispatch's intent before it is broadcast, and
 * a later run finds it there.
 */
export const submitDispatchJob = defineJob({
  contract: submitDispatch,
  concurrency: 8,
  retry: { limit: 50, firstDelayMs: 1_000, maxDelayMs: 300_000 },
  timeoutMs: 60_000,
  async run({ tenantId, dispatchId }, { sender }: { sender: DispatchSender }) {
    const lookAgainMs = await sender.submit(tenantId, dispatchId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});
