import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { auditMutations } from './audited-mutations';
import { checkScope } from './auth/auth-checker';
import { chargeFields } from './charged-fields';
import { signConnections } from './cursors/signed-connections';
import { journalMutations } from './idempotency/journaled-mutations';
import { resolveNodeIds } from './node-ids';
import { checkPlainFields, readFieldsPlainly } from './plain-fields';
import { resolveReferences } from './references';
import { ApiKeyResolver } from './resolvers/api-key-resolver';
import { AttributionResolver } from './resolvers/attribution-resolver';
import { AuditResolver } from './resolvers/audit-resolver';
import { ChainResolver } from './resolvers/chain-resolver';
import { DispatchResolver } from './resolvers/dispatch-resolver';
import { FeeLimitResolver } from './resolvers/fee-limit-resolver';
import { GuardResolver } from './resolvers/guard-resolver';
import { LicenceOfferResolver, LicenceResolver, LicenceTemplateResolver } from './resolvers/licence-resolver';
import { ManagedTenantResolver } from './resolvers/managed-tenant-resolver';
import { MemberResolver } from './resolvers/member-resolver';
import { NodeResolver } from './resolvers/node-resolver';
import { OwnershipResolver } from './resolvers/ownership-resolver';
import { PlanResolver } from './resolvers/plan-resolver';
import { ProjectResolver } from './resolvers/project-resolver';
import { ProvenanceResolver } from './resolvers/provenance-resolver';
import { RegistryResolver } from './resolvers/registry-resolver';
import { RoyaltyResolver } from './resolvers/royalty-resolver';
import { RoyaltyWalletResolver } from './resolvers/royalty-wallet-resolver';
import { RpcEndpointResolver } from './resolvers/rpc-endpoint-resolver';
import { SaleResolver } from './resolvers/sale-resolver';
import { SettlementApprovalResolver, SettlementResolver } from './resolvers/settlement-resolver';
import { SignInResolver } from './resolvers/sign-in-resolver';
import { SigningKeyResolver } from './resolvers/signing-key-resolver';
import { TenantDeletionResolver } from './resolvers/tenant-deletion-resolver';
import { TenantExportResolver } from './resolvers/tenant-export-resolver';
import { TenantUsageResolver } from './resolvers/tenant-usage-resolver';
import { ViewerResolver } from './resolvers/viewer-resolver';
import { WebhookDeliveryResolver } from './resolvers/webhook-delivery-resolver';
import { WebhookEndpointResolver } from './resolvers/webhook-endpoint-resolver';
import { WorkResolver } from './resolvers/work-resolver';

/** Every resolver class: the whole public schema. */
const RESOLVERS = [
  ApiKeyResolver,
  AttributionResolver,
  AuditResolver,
  ChainResolver,
  DispatchResolver,
  FeeLimitResolver,
  GuardResolver,
  MemberResolver,
  LicenceTemplateResolver,
  LicenceOfferResolver,
  LicenceResolver,
  ManagedTenantResolver,
  NodeResolver,
  OwnershipResolver,
  PlanResolver,
  ProjectResolver,
  ProvenanceResolver,
  RegistryResolver,
  RoyaltyResolver,
  RoyaltyWalletResolver,
  RpcEndpointResolver,
  SaleResolver,
  SettlementResolver,
  SettlementApprovalResolver,
  SignInResolver,
  TenantUsageResolver,
  SigningKeyResolver,
  TenantDeletionResolver,
  TenantExportResolver,
  ViewerResolver,
  WebhookDeliveryResolver,
  WebhookEndpointResolver,
  WorkResolver,
] as const;

/** The built instances, one per class of the schema; the composition root makes them. */
export type ResolverInstances = readonly InstanceType<(typeof RESOLVERS)[number]>[];

/**
 * Builds the executable schema over resolvers that are already constructed. Without instances it
 * describes the API but cannot run it.
 */
export async function buildGraphqlSchema(instances: ResolverInstances): Promise<GraphQLSchema> {
  readFieldsPlainly();
  const schema = await buildSchema({
    resolvers: [...RESOLVERS],
    authChecker: checkScope,
    validate: false,
    // type-graphql wants one as soon as there is a subscription, though each of ours brings its own source.
    pubSub: { publish: notUsed, subscribe: notUsed },
    container: {
      get: (wanted: { new (...args: never[]): unknown; name: string }) => {
        const instance = instances.find((candidate) => candidate instanceof wanted);
        if (instance === undefined) throw new Error(`no instance of ${wanted.name} was constructed`);
        return instance;
      },
    },
  });
  checkPlainFields();
  // Before ids and references: those are read with their rows or by a loader, and call no chain.
  chargeFields(schema);
  resolveNodeIds(schema);
  resolveReferences(schema);
  auditMutations(schema);
  journalMutations(schema);
  signConnections(schema);
  return schema;
}

function notUsed(): never {
  throw new Error('subscriptions bring their own source');
}
