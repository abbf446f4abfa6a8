import { guardMutations } from './operations/guard-mutations';
import { keyMutations } from './operations/key-mutations';
import { licenceMutations } from './operations/licence-mutations';
import type { Operation } from './operations/operation';
import { peopleMutations } from './operations/people-mutations';
import { registryMutations } from './operations/registry-mutations';
import { royaltyMutations } from './operations/royalty-mutations';
import { settlementMutations } from './operations/settlement-mutations';
import { tenantMutations } from './operations/tenant-mutations';
import { webhookMutations } from './operations/webhook-mutations';

export { Foreign, type Ids, NO_ROWS, type Operation } from './operations/operation';
export { QUERIES, SUBSCRIPTIONS } from './operations/reads';
export { sampleProjectInput } from './operations/registry-mutations';

/** Every mutation of the schema; a test fails when one is missing here. */
export const MUTATIONS: Readonly<Record<string, Operation>> = {
  ...tenantMutations,
  ...registryMutations,
  ...guardMutations,
  ...licenceMutations,
  ...settlementMutations,
  ...keyMutations,
  ...peopleMutations,
  ...royaltyMutations,
  ...webhookMutations,
};
