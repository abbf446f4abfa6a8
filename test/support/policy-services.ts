import { GuardActionRepository } from '../../domain/guard/guard-action-repository';
import type { GuardService } from '../../domain/guard/guard-service';
import type { OwnerConsentService } from '../../domain/ownership/owner-consent-service';
import { RegistryEventRepository } from '../../domain/provenance/registry-event-repository';
import { ProjectRepository } from '../../domain/registry/project-repository';
import { RegistryRepository } from '../../domain/registry/registry-repository';
import { PolicyRepository } from '../../domain/royalties/policy-repository';
import { PolicyService } from '../../domain/royalties/policy-service';
import { PolicyStatements } from '../../domain/royalties/policy-statements';
import { TermsService } from '../../domain/royalties/terms-service';
import type { ChainId } from '../../schema/caip';
import type { TenantDatabase } from '../../tenants/tenant-database';

const noAction = () => {
  throw new Error('no action is expected here');
};

/** Royalty policies over a database; what is done on chains needs a guard, and what an owner consents to his consents. */
export function policyServices(
  database: TenantDatabase,
  {
    guard = { accept: noAction },
    consents = { check: async () => undefined, use: async () => undefined },
    knowsChain = () => true,
  }: {
    readonly guard?: Pick<GuardService, 'accept'>;
    readonly consents?: Pick<OwnerConsentService, 'check' | 'use'>;
    readonly knowsChain?: (chainId: ChainId) => boolean;
  } = {},
) {
  const stores = {
    projects: new ProjectRepository(),
    registries: new RegistryRepository({ stateChanged: async () => undefined }),
    policies: new PolicyRepository(),
    events: new RegistryEventRepository(),
    guardActions: new GuardActionRepository(),
  };
  const statements = new PolicyStatements(stores, guard);
  return {
    statements,
    policies: new PolicyService(database, stores, statements, consents, knowsChain),
    royaltyTerms: new TermsService(database, stores),
  };
}
