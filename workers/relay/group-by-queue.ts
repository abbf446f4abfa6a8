import type { ClaimedJob } from '../../domain/outbox/outbox-claims';
import { queueNameOf } from '../queue/job-queue';

/** The jobs of each queue, in the order given. */
export function groupByQueue<Job extends ClaimedJob>(jobs: readonly Job[]): Map<string, Job[]> {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const queueName = queueNameOf(job.pool, job.job);
    const group = groups.get(queueName);
    if (group === undefined) groups.set(queueName, [job]);
    else group.push(job);
  }
  return groups;
}
