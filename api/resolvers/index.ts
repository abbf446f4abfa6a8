import type { ResolverInstances } from '../graphql-schema';
import type { Services } from '../services';
import { ApiKeyResolver } from './api-key-resolver';
import { AttributionResolver } from './attribution-resolver';
import { AuditResolver } from './audit-resolver';
import { ChainResolver } from './chain-resolver';
import { DispatchResolver } from './dispatch-resolver';
import { FeeLimitResolver } from './fee-limit-resolver';
import { GuardResolver } from './guard-resolver';
import { LicenceOfferResolver, LicenceResolver, LicenceTemplateResolver } from './licence-resolver';
import { ManagedTenantResolver } from './managed-tenant-resolver';
import { MemberResolver } from './member-resolver';
import { NodeResolver } from './node-resolver';
import { OwnershipResolver } from './ownership-resolver';
import { PlanResolver } from './plan-resolver';
import { ProjectResolver } from './project-resolver';
import { ProvenanceResolver } from './provenance-resolver';
import { RegistryResolver } from './registry-resolver';
import { RoyaltyResolver } from './royalty-resolver';
import { RoyaltyWalletResolver } from './royalty-wallet-resolver';
import { RpcEndpointResolver } from './rpc-endpoint-resolver';
import { SaleResolver } from './sale-resolver';
import { SettlementApprovalResolver, SettlementResolver } from './settlement-resolver';
import { SignInResolver } from './sign-in-resolver';
import { SigningKeyResolver } from './signing-key-resolver';
import { TenantDeletionResolver } from './tenant-deletion-resolver';
import { TenantExportResolver } from './tenant-export-resolver';
import { TenantUsageResolver } from './tenant-usage-resolver';
import { ViewerResolver } from './viewer-resolver';
import { WebhookDeliveryResolver } from './webhook-delivery-resolver';
import { WebhookEndpointResolver } from './webhook-endpoint-resolver';
import { WorkResolver } from './work-resolver';

/** Builds every resolver over the domain's services. */
export function makeResolvers(services: Services): ResolverInstances {
  return [
    new ApiKeyResolver(services.apiKeys),
    new AttributionResolver(services.attributions, services.sales),
    new AuditResolver(services.audit),
    new ChainResolver(services.chains, services.lanes),
    new DispatchResolver(services.dispatches),
    new FeeLimitResolver(services.feeLimits),
    new GuardResolver(services.guard),
    new LicenceTemplateResolver(services.licenceTemplates),
    new LicenceOfferResolver(services.licences),
    new LicenceResolver(services.licences),
    new MemberResolver(services.members, services.oidc),
    new ManagedTenantResolver(services.managedTenants, services.audit, services.usage),
    new NodeResolver(),
    new OwnershipResolver(services.guard, services.ownerConsents),
    new PlanResolver(services.plans, services.managedTenants),
    new ProjectResolver(services.projects),
    new ProvenanceResolver(services.provenance),
    new RegistryResolver(services.registries, services.adoptions),
    new RoyaltyWalletResolver(services.artistConsents, services.walletChanges),
    new RoyaltyResolver(services.policies, services.royaltyTerms, services.ledger),
    new RpcEndpointResolver(services.rpcEndpoints),
    new SaleResolver(services.sales, services.markets),
    new SettlementResolver(services.settlements, services.reconciliations, services.remittanceOfts),
    new SettlementApprovalResolver(),
    new SignInResolver(services),
    new SigningKeyResolver(services.signingKeys),
    new TenantDeletionResolver(services.deletions),
    new TenantExportResolver(services.exports),
    new ViewerResolver(services.tenants, services.tenancy, services.sessions),
    new TenantUsageResolver(services.usage),
    new WebhookDeliveryResolver(services.webhookDeliveries),
    new WebhookEndpointResolver(services.webhookEndpoints),
    new WorkResolver(services.mints, services.works, services.consents, services.adoptions),
  ];
}
