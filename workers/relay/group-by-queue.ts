import type { JobTicket } from '../../domain/outbox/job-ticket';
import type { ClaimedJob } from '../../domain/outbox/outbox-claims';
import { queueNameOf } from '../queue/job-queue';

/** The tickets of each queue, in the order given. */
export function groupByQueue(jobs: readonly ClaimedJob[]): Map<string, JobTicket[]> {
  const groups = new Map<string, JobTicket[]>();
  for (const { pool, job, tenantId, outboxId, delivery } of jobs) {
    const queueName = queueNameOf(pool, job);
    const ticket = { tenantId, outboxId, delivery };
    const group = groups.get(queueName);
    if (group === undefined) groups.set(queueName, [ticket]);
    else group.push(ticket);
  }
  return groups;
}
