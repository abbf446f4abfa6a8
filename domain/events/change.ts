import { z } from 'zod';
import { tenantIdSchema } from '../../schema/ids';

/** The PostgreSQL channel on which every process hears of changed rows. */
export const CHANGE_CHANNEL = 'colophon_events';

/** Tells that a row changed, and nothing of what it holds: whoever is told reads it behind the tenant's wall. */
export const changeSchema = z.strictObject({
  tenantId: tenantIdSchema,
  type: z.enum(['Work', 'Dispatch', 'Sale', 'Settlement', 'ApiKey', 'Member']),
  id: z.uuid(),
});

export type Change = z.output<typeof changeSchema>;
