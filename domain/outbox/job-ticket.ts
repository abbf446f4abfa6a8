import { z } from 'zod';
import { outboxIdSchema, tenantIdSchema } from '../../schema/ids';

/**
 * What a queue carries: where the job's row is, and which of its deliveries this is. `delivery`
 * differs each time the row is queued, so that a queue which still remembers an earlier ticket
 * cannot take the new one for a duplicate.
 */
export const jobTicketSchema = z.strictObject({
  tenantId: tenantIdSchema,
  outboxId: outboxIdSchema,
  delivery: z.int().positive(),
});

export type JobTicket = z.output<typeof jobTicketSchema>;

/** The ticket in something that is more than one. */
export function ticketOf({ tenantId, outboxId, delivery }: JobTicket): JobTicket {
  return { tenantId, outboxId, delivery };
}
