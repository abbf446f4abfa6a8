import { Webhook } from 'standardwebhooks';
import type { TenantId } from '../../../schema/ids';
import { Receiver } from '../../integration/webhooks/receiver';
import type { TravelHarness } from '../../support/travel';

/** An event as a receiver took it up. */
export interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly finality: 'provisional' | 'final' | 'reverted';
  /** The event that this one takes up. */
  readonly priorid?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert the shape.
  readonly data: any;
}

/** A receiver that verifies what it is sent, at once, by the library that receivers of Standard Webhooks use. */
export class Listener {
  /** In the order in which they came first. */
  readonly told: Told[] = [];
  /** Deliveries that did not verify, or that say something else than when their event came first. */
  readonly refused: string[] = [];
  private readonly bodies = new Map<string, string>();

  private constructor(private readonly receiver: Receiver) {}

  static async open({ domain }: TravelHarness, tenantId: TenantId, eventTypes: string[]): Promise<Listener> {
    const receiver = await Receiver.start();
    const order = { url: receiver.url, eventTypes, description: '' };
    const { secret } = await domain.webhookEndpoints.create(tenantId, order);
    const listener = new Listener(receiver);
    const webhook = new Webhook(secret);
    receiver.answer = ({ body, headers }) => {
      try {
        // CAST: Node joins what a receiver needs into single strings; the body is a CloudEvent.
        listener.take(webhook.verify(body, headers as Record<string, string>) as Told, body);
        return {};
      } catch (error) {
        listener.refused.push(`${String(error)}: ${body}`);
        return { status: 400 };
      }
    };
    return listener;
  }

  get deliveries(): number {
    return this.receiver.received.length;
  }

  about(type: string, subject: string): Told[] {
    return this.told.filter((event) => event.type === type && event.subject === subject);
  }

  async stop(): Promise<void> {
    await this.receiver.stop();
  }

  private take(event: Told, body: string): void {
    const before = this.bodies.get(event.id);
    if (before === undefined) this.told.push(event);
    else if (before !== body) throw new Error('it said something else before');
    this.bodies.set(event.id, body);
  }
}

/**
 * The finalities of what was told of one fact, in order.
 *
 * @throws Error unless each `final` and each `reverted` takes up what was told before it, and nothing is told twice.
 */
export function linkedStory(events: readonly Told[]): string {
  let standing: Told | undefined;
  for (const event of events) {
    const isLinked =
      event.finality === 'provisional'
        ? standing === undefined && event.priorid === undefined
        : event.finality === 'final'
          ? standing?.finality !== 'final' && event.priorid === standing?.id
          : standing !== undefined && event.priorid === standing.id;
    if (!isLinked) throw new Error(`not linked: ${JSON.stringify(events)}`);
    standing = event.finality === 'reverted' ? undefined : event;
  }
  return events.map(({ finality }) => finality).join(', ');
}
