import type { GuardAction } from '../../schema/types/guard-action';
import type { TenantTx } from '../../tenants/tenant-database';
import type { RegistryRepository } from '../registry/registry-repository';
import type { PolicyRepository, PolicyRevision } from './policy-repository';
import { type PolicyStatements, reasonOf } from './policy-statements';

export interface RevisionStores {
  readonly registries: RegistryRepository;
  readonly policies: PolicyRepository;
}

/** Keeps a policy's next revision and has the chains of its project's registry told, in one transaction. */
export async function addRevision(
  tx: TenantTx,
  { registries, policies }: RevisionStores,
  statements: Pick<PolicyStatements, 'request'>,
  added: PolicyRevision,
  last: PolicyRevision | undefined,
): Promise<GuardAction[]> {
  // Locked first, or a registry that becomes active meanwhile would not hear of it.
  const registry = await registries.lockOfProject(tx, added.projectId);
  await policies.insert(tx, added, last?.effectiveFrom);
  if (registry === undefined) return [];
  return statements.request(tx, registry, added, { reason: reasonOf(added), consentNonce: null });
}
