import Bull from 'bull';
import type { Logger } from 'pino';
import { type JobTicket, jobTicketSchema, ticketOf } from '../../domain/outbox/job-ticket';
import { UnderWay } from '../under-way';
import type { JobQueue, PlacedTicket, TicketHandler } from './job-queue';
import { RedisConnections } from './redis-connections';

/**
 * A worker that dies holding a ticket is noticed after at most a lock and a check; a process whose
 * event loop stands still for longer than the lock only causes a second, harmless delivery.
 */
const SETTINGS: Bull.AdvancedSettings = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1,
  retryProcessDelay: 500,
};

/** Bull would ask before the connection is up and never learn it. (Its types do not know this option.) */
const VERSION_UNCHECKED = { skipVersionCheck: true };

/** Attempts and back-off are PostgreSQL's; a job that stayed in Redis would swallow nothing, but fill it. */
const JOB_OPTIONS: Bull.JobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** How long Redis may take for one command. */
const COMMAND_TIMEOUT_MS = 5_000;

/** Tickets that are added together. Redis and this process do nothing else meanwhile, so that others wait as long. */
const AT_ONCE = 32;

/** How long closing may wait for a Redis that does not answer, once the handlers have ended. */
const CLOSE_TIMEOUT_MS = 2_000;

/** What Redis holds of a job. */
type JobFields = Readonly<Record<string, string>>;

interface BullInternals {
  nextJobFromJobData(this: Bull.Queue<unknown>, fields: JobFields | null, jobId: string): unknown;
}

/** Bull on Redis: for more than one worker process. Redis needs neither persistence nor replicas. */
export class BullQueue implements JobQueue {
  readonly adapter = 'bull';
  private readonly queues = new Map<string, Bull.Queue<unknown>>();
  private readonly running = new UnderWay();
  /** From then on Bull fails all that waits for a connection, for no reason that it would name. */
  private closing = false;
  private readonly connections: RedisConnections;

  constructor(
    redisUrl: string,
    private readonly log: Logger,
  ) {
    this.connections = new RedisConnections(redisUrl, log);
  }

  async enqueue(queueName: string, tickets: readonly PlacedTicket[]): Promise<void> {
    await this.connections.ready();
    const queue = this.queue(queueName);
    for (let at = 0; at < tickets.length; at += AT_ONCE)
      await this.add(queue, tickets.slice(at, at + AT_ONCE));
  }

  private async add(queue: Bull.Queue<unknown>, tickets: readonly PlacedTicket[]): Promise<void> {
    const added = await within(
      COMMAND_TIMEOUT_MS,
      queue.addBulk(
        tickets.map((ticket) => ({
          data: ticketOf(ticket),
          opts: { ...JOB_OPTIONS, priority: ticket.place, jobId: jobIdOf(ticket) },
        })),
      ),
    );
    // Bull reports what Redis refused (out of memory, say) only by the missing id.
    const refused = tickets.filter((ticket, at) => added[at]?.id !== jobIdOf(ticket));
    if (refused.length > 0) throw new Error(`Redis refused ${refused.length} of ${tickets.length} tickets`);
  }

  async held(queueName: string, tickets: readonly JobTicket[]): Promise<readonly JobTicket[]> {
    await this.connections.ready();
    const queue = this.queue(queueName);
    // Its data, not its key: a Bull that was about to start a job when Redis was emptied writes the time of
    // its start all the same, and leaves a job without data that nobody can run or finish.
    const asked = tickets.map((ticket) => queue.client.hexists(queue.toKey(jobIdOf(ticket)), 'data'));
    const found = await within(COMMAND_TIMEOUT_MS, Promise.all(asked));
    return tickets.filter((_, at) => found[at] === 1);
  }

  process(queueName: string, concurrency: number, handler: TicketHandler): void {
    const queue = this.queue(queueName);
    queue.on('failed', (_job, error) => this.log.error({ err: error, queueName }, 'a ticket was dropped'));
    queue
      .process(concurrency, (job) => this.track(handler, jobTicketSchema.parse(job.data)))
      .catch((error: unknown) => {
        if (!this.closing) this.log.error({ err: error, queueName }, 'a queue has stopped');
      });
  }

  async close(): Promise<void> {
    this.closing = true;
    const closed = Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.running.over();
    await within(CLOSE_TIMEOUT_MS, closed).catch((error: unknown) =>
      this.log.warn({ err: error }, 'Redis does not answer; its connections are dropped'),
    );
    this.connections.close();
  }

  private async track(handler: TicketHandler, ticket: JobTicket): Promise<void> {
    this.running.begin();
    try {
      await handler(ticket);
    } finally {
      this.running.end();
    }
  }

  private queue(queueName: string): Bull.Queue<unknown> {
    const known = this.queues.get(queueName);
    if (known !== undefined) return known;
    const queue = new Bull<unknown>(queueName, {
      // The braces keep all keys of a queue on one node of a Redis Cluster, as Bull's scripts need.
      prefix: `{colophon:${queueName}}`,
      settings: SETTINGS,
      ...VERSION_UNCHECKED,
      createClient: (type) => this.connections.get(type),
    });
    // CAST: Bull does not declare it.
    const { nextJobFromJobData } = queue as unknown as BullInternals;
    Object.assign(queue, {
      // Bull names its connections in a promise that nobody awaits: it would reject unhandled, and end
      // the process, when a connection closes before it is up.
      setWorkerName: async () => undefined,
      // Bull parses also a trace that is not there, and makes an error of it: a twentieth of a busy worker's time.
      nextJobFromJobData: (fields: JobFields | null, jobId: string) =>
        nextJobFromJobData.call(queue, fields && { stacktrace: '[]', ...fields }, jobId),
    });
    queue.on('error', (error) => {
      // What fails a connection the connection tells itself, once for all queues that share it.
      if (this.closing || 'syscall' in error) return;
      this.log.warn({ reason: error.message, queueName }, 'the queue reports an error');
    });
    this.queues.set(queueName, queue);
    return queue;
  }
}

function jobIdOf({ outboxId, delivery }: JobTicket): string {
  return `${outboxId}.${delivery}`;
}

/** @throws Error if `work` takes longer; it is not cancelled. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
