import type { Logger } from 'pino';
import { type JobTicket, ticketOf } from '../../domain/outbox/job-ticket';
import type { JobQueue, PlacedTicket, TicketHandler } from './job-queue';

interface Line {
  readonly waiting: Map<string, JobTicket>;
  /** The keys of what waits, by place. */
  order: { readonly key: string; readonly place: number }[];
  readonly running: Map<string, Promise<void>>;
  concurrency: number;
  handler: TicketHandler | undefined;
}

/**
 * The queue of a single process without Redis: rows go straight from the outbox to this process's
 * workers. What waits here is bounded by the tenants' caps of jobs in flight.
 */
export class InProcessQueue implements JobQueue {
  readonly adapter = 'in-process';
  private readonly lines = new Map<string, Line>();
  private closing = false;

  constructor(private readonly log: Logger) {}

  async enqueue(queueName: string, tickets: readonly PlacedTicket[]): Promise<void> {
    const line = this.line(queueName);
    for (const ticket of tickets) {
      const key = keyOf(ticket);
      if (!line.waiting.has(key)) line.order.push({ key, place: ticket.place });
      line.waiting.set(key, ticketOf(ticket));
    }
    line.order.sort((one, other) => one.place - other.place);
    this.fill(line);
  }

  async held(queueName: string, tickets: readonly JobTicket[]): Promise<readonly JobTicket[]> {
    const { waiting, running } = this.line(queueName);
    return tickets.filter((ticket) => waiting.has(keyOf(ticket)) || running.has(keyOf(ticket)));
  }

  process(queueName: string, concurrency: number, handler: TicketHandler): void {
    const line = this.line(queueName);
    line.concurrency = concurrency;
    line.handler = handler;
    this.fill(line);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all([...this.lines.values()].flatMap(({ running }) => [...running.values()]));
  }

  private line(queueName: string): Line {
    const known = this.lines.get(queueName);
    if (known !== undefined) return known;
    const line: Line = {
      waiting: new Map(),
      order: [],
      running: new Map(),
      concurrency: 0,
      handler: undefined,
    };
    this.lines.set(queueName, line);
    return line;
  }

  private fill(line: Line): void {
    const { handler, waiting, running, concurrency } = line;
    if (handler === undefined || this.closing) return;
    while (running.size < concurrency) {
      const key = line.order.shift()?.key;
      const ticket = key === undefined ? undefined : waiting.get(key);
      if (key === undefined || ticket === undefined) return;
      waiting.delete(key);
      running.set(key, this.handle(line, key, ticket, handler));
    }
  }

  private async handle(line: Line, key: string, ticket: JobTicket, handler: TicketHandler): Promise<void> {
    try {
      await handler(ticket);
    } catch (error) {
      this.log.error({ err: error, ...ticket }, 'a ticket was dropped');
    } finally {
      line.running.delete(key);
      this.fill(line);
    }
  }
}

function keyOf({ outboxId, delivery }: JobTicket): string {
  return `${outboxId}.${delivery}`;
}
