export interface JobCount {
  /** Runs that ended well. */
  readonly processed: number;
  /** Runs that ended with an error, tried again or not. */
  readonly failed: number;
}

/** Counts the runs of this process by job name, since its start. */
export class JobCounters {
  private readonly counts = new Map<string, JobCount>();

  count(job: string, what: keyof JobCount): void {
    const count = this.counts.get(job) ?? { processed: 0, failed: 0 };
    this.counts.set(job, { ...count, [what]: count[what] + 1 });
  }

  read(): Readonly<Record<string, JobCount>> {
    return Object.fromEntries(this.counts);
  }
}
