import type { RoyaltyForwarder } from '../../domain/settlement/royalty-forwarder';
import { lookIntoReceivers } from '../../schema/jobs';
import { defineJob } from './define-job';
import { RunAgainLater } from './job-errors';

/** Has what lies in a tenant's royalty receivers forwarded, again and again for as long as it has rules. */
export const lookIntoReceiversJob = defineJob({
  contract: lookIntoReceivers,
  concurrency: 2,
  retry: { limit: 1_000, firstDelayMs: 5_000, maxDelayMs: 300_000 },
  timeoutMs: 120_000,
  async run({ tenantId }, { royaltyForwarder }: { royaltyForwarder: RoyaltyForwarder }) {
    const lookAgainMs = await royaltyForwarder.look(tenantId);
    if (lookAgainMs !== undefined) throw new RunAgainLater(lookAgainMs);
  },
});
