import { Counter, Gauge, Histogram } from 'prom-client';
import type { PoolStanding } from '../domain/outbox/outbox-standing';

export const jobRuns = new Counter({
  name: 'colophon_job_runs_total',
  help: 'Runs of jobs by how they ended.',
  labelNames: ['job', 'outcome'] as const,
});

export const jobDuration = new Histogram({
  name: 'colophon_job_run_duration_seconds',
  help: 'How long runs of jobs took.',
  labelNames: ['job'] as const,
  buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
});

/** What asks the database how the pools stand. The gauges are of the database, so every worker shows the same. */
const standings = new Set<() => Promise<readonly PoolStanding[]>>();

const oldestDue = new Gauge({
  name: 'colophon_queue_oldest_due_seconds',
  help: 'How long the oldest job that may run has been waiting, by pool.',
  labelNames: ['pool'] as const,
});

new Gauge({
  name: 'colophon_queue_due_jobs',
  help: 'Jobs that may run and do not yet, by pool.',
  labelNames: ['pool'] as const,
  async collect() {
    this.reset();
    oldestDue.reset();
    for (const read of standings) {
      for (const { pool, due, oldestDueSeconds } of await read()) {
        this.set({ pool }, due);
        oldestDue.set({ pool }, oldestDueSeconds);
      }
    }
  },
});

/** Has the pools' standing read at each scrape. @returns What ends that. */
export function observeQueues(read: () => Promise<readonly PoolStanding[]>): () => void {
  standings.add(read);
  return () => void standings.delete(read);
}
