import type { JobTicket } from '../../domain/outbox/job-ticket';

/** A ticket with its place: the lower, the sooner it is handed over; those of one place in the order of their coming. */
export interface PlacedTicket extends JobTicket {
  /** A whole number above 0. */
  readonly place: number;
}

export type TicketHandler = (ticket: JobTicket) => Promise<void>;

/**
 * Carries tickets to a free worker. It may lose them, deliver them twice and out of place: truth is
 * in the outbox, the sweeper queues anew what was lost, and the runner ignores what is stale.
 */
export interface JobQueue {
  /** Named in metrics and in the end-to-end report. */
  readonly adapter: 'bull' | 'in-process';

  /** Puts tickets on the named queue. @throws Within seconds when the queue cannot be reached; some may be on it. */
  enqueue(queueName: string, tickets: readonly PlacedTicket[]): Promise<void>;

  /** The tickets that still wait or run on the named queue. @throws As {@link enqueue}. */
  held(queueName: string, tickets: readonly JobTicket[]): Promise<readonly JobTicket[]>;

  /**
   * Hands tickets of the named queue to `handler`, at most `concurrency` at once in this process.
   * Call it once per queue. A rejected ticket is dropped and logged.
   */
  process(queueName: string, concurrency: number, handler: TicketHandler): void;

  /** Takes no more tickets, and resolves when the running handlers have ended. Tickets that wait are left. */
  close(): Promise<void>;
}

/** One queue per pool and job, so that a job whose workers are all busy does not delay other jobs. */
export function queueNameOf(pool: string, job: string): string {
  return `${pool}.${job}`;
}
