import type { WebhookEventId } from '../../schema/ids';
import type { Finality } from '../../schema/webhook-events';
import type { EventContent } from './cloud-event';

/** How a fact stands now: it is gone, it may still fall, or it is final. */
export type Standing = 'absent' | 'provisional' | 'final';

/** Something that happened once and stays so. */
export interface PlainAnnouncement extends Omit<EventContent, 'finality'> {
  /** Deliveries with the same key go out in order: the row id of the work, registry or tenant. */
  readonly orderKey: string;
}

/** How a fact stands that rests on a chain. Nothing goes out while that is what was said last. */
export interface FactAnnouncement extends PlainAnnouncement {
  /** Names the fact: the same whenever it is announced. */
  readonly factKey: string;
  readonly standing: Standing;
}

export type Announcement = PlainAnnouncement | FactAnnouncement;

/** The last event about a fact. */
export interface SaidBefore {
  readonly eventId: WebhookEventId;
  readonly finality: Finality;
}

/** What is to be said: whether this event takes up the one before it. */
export interface Statement {
  readonly finality: Finality;
  readonly takesUpPrior: boolean;
}

/**
 * What has to be said of a fact, given what was said last and how it stands: `provisional → final | reverted`,
 * each linked to the event before. A final fact that is provisional again (finality was breached, and the
 * chain brought it back) is taken back first.
 */
export function statementsFor(standing: Standing, before: Finality | undefined): readonly Statement[] {
  const known = before === undefined || before === 'reverted' ? undefined : before;
  switch (standing) {
    case 'absent':
      return known === undefined ? [] : [{ finality: 'reverted', takesUpPrior: true }];
    case 'final':
      return known === 'final' ? [] : [{ finality: 'final', takesUpPrior: known !== undefined }];
    case 'provisional':
      if (known === 'provisional') return [];
      return [
        ...(known === 'final' ? [{ finality: 'reverted', takesUpPrior: true } as const] : []),
        { finality: 'provisional', takesUpPrior: false },
      ];
  }
}
