import type { AuditTrail } from '../domain/audit/audit-trail';
import type { ChainService } from '../domain/chain-state/chain-service';
import type { DispatchService } from '../domain/dispatch/dispatch-service';
import type { LaneService } from '../domain/dispatch/lane-service';
import type { DeletionService } from '../domain/erasure/deletion-service';
import type { ExportService } from '../domain/export/export-service';
import type { GuardService } from '../domain/guard/guard-service';
import type { IdempotencyService } from '../domain/idempotency/idempotency-service';
import type { LedgerService } from '../domain/ledger/ledger-service';
import type { LicenceService } from '../domain/licensing/licence-service';
import type { LicenceTemplateService } from '../domain/licensing/template-service';
import type { OwnerConsentService } from '../domain/ownership/owner-consent-service';
import type { MemberService } from '../domain/people/member-service';
import type { OidcService } from '../domain/people/oidc-service';
import type { PasswordService } from '../domain/people/password-service';
import type { SessionService } from '../domain/people/session-service';
import type { WalletService } from '../domain/people/wallet-service';
import type { ProvenanceService } from '../domain/provenance/provenance-service';
import type { AdoptionService } from '../domain/registry/adoption-service';
import type { ConsentService } from '../domain/registry/consent-service';
import type { MintService } from '../domain/registry/mint-service';
import type { ProjectService } from '../domain/registry/project-service';
import type { RegistryService } from '../domain/registry/registry-service';
import type { WorkService } from '../domain/registry/work-service';
import type { ArtistConsentService } from '../domain/royalties/artist-consent-service';
import type { PolicyService } from '../domain/royalties/policy-service';
import type { TermsService } from '../domain/royalties/terms-service';
import type { WalletChangeService } from '../domain/royalties/wallet-change-service';
import type { RpcEndpointService } from '../domain/rpc/rpc-endpoint-service';
import type { AttributionService } from '../domain/sales/attribution-service';
import type { MarketService } from '../domain/sales/market-service';
import type { SaleService } from '../domain/sales/sale-service';
import type { ReconciliationService } from '../domain/settlement/reconciliation-service';
import type { RemittanceOftService } from '../domain/settlement/remittance-oft-service';
import type { SettlementService } from '../domain/settlement/settlement-service';
import type { FeeLimitService } from '../domain/signing/fee-limit-service';
import type { SigningKeyService } from '../domain/signing/signing-key-service';
import type { ApiKeyService } from '../domain/tenancy/api-key-service';
import type { ManagedTenantService } from '../domain/tenancy/managed-tenant-service';
import type { PlanService } from '../domain/tenancy/plan-service';
import type { TenancyService } from '../domain/tenancy/tenancy-service';
import type { TenantService } from '../domain/tenancy/tenant-service';
import type { UsageService } from '../domain/tenancy/usage-service';
import type { DeliveryLogService } from '../domain/webhooks/delivery-log-service';
import type { EndpointService } from '../domain/webhooks/endpoint-service';
import type { AuthorityEpochs } from '../tenants/authority-epochs';

/** What the resolvers call: the domain's services, by the methods that the API needs. */
export interface Services {
  readonly tenancy: Pick<TenancyService, 'authenticate' | 'createTenant'>;
  readonly authorityEpochs: Pick<AuthorityEpochs, 'begin' | 'isConfirmed'>;
  readonly tenants: Pick<TenantService, 'get'>;
  readonly managedTenants: Pick<
    ManagedTenantService,
    'get' | 'page' | 'suspend' | 'resume' | 'assignPool' | 'workerPools'
  >;
  readonly plans: Pick<PlanService, 'all' | 'set' | 'assign'>;
  readonly usage: Pick<UsageService, 'quotaStatus' | 'usage' | 'addRequests'>;
  readonly exports: Pick<ExportService, 'request' | 'cancel' | 'findByIds' | 'page' | 'download'>;
  readonly deletions: Pick<DeletionService, 'delete'>;
  readonly projects: Pick<ProjectService, 'create' | 'get' | 'findByIds' | 'page'>;
  readonly registries: Pick<RegistryService, 'create' | 'adopt' | 'get' | 'findByIds' | 'page'>;
  readonly adoptions: Pick<AdoptionService, 'adopt' | 'posture'>;
  readonly consents: Pick<ConsentService, 'prepare'>;
  readonly mints: Pick<MintService, 'mint'>;
  readonly works: Pick<WorkService, 'get' | 'findByIds' | 'page' | 'updateMetadata'>;
  readonly dispatches: Pick<DispatchService, 'get' | 'findByIds' | 'page' | 'send' | 'prepareSend' | 'retry'>;
  readonly lanes: Pick<LaneService, 'lanes'>;
  readonly sales: Pick<SaleService, 'findByIds' | 'page' | 'payments' | 'suspendedPayments'>;
  readonly attributions: Pick<AttributionService, 'attribute' | 'withdraw'>;
  readonly markets: Pick<MarketService, 'market'>;
  readonly artistConsents: Pick<ArtistConsentService, 'prepare'>;
  readonly walletChanges: Pick<WalletChangeService, 'request' | 'cancel' | 'veto' | 'all'>;
  readonly policies: Pick<PolicyService, 'set' | 'all' | 'stateOnChains'>;
  readonly royaltyTerms: Pick<TermsService, 'onChains'>;
  readonly ledger: Pick<LedgerService, 'accounts' | 'entries' | 'statement'>;
  readonly audit: Pick<AuditTrail, 'within' | 'page'>;
  readonly apiKeys: Pick<ApiKeyService, 'create' | 'revoke' | 'rotate' | 'findByIds' | 'page'>;
  readonly members: Pick<
    MemberService,
    'invite' | 'renewInvitation' | 'changeRole' | 'remove' | 'findByIds' | 'page'
  >;
  readonly sessions: Pick<SessionService, 'authenticate' | 'list' | 'revoke'>;
  readonly passwords: Pick<PasswordService, 'signIn' | 'acceptInvitation' | 'change'>;
  readonly wallets: Pick<WalletService, 'challenge' | 'signIn' | 'link' | 'unlink'>;
  readonly oidc: Pick<OidcService, 'begin' | 'complete' | 'provider' | 'setProvider' | 'removeProvider'>;
  readonly signingKeys: Pick<SigningKeyService, 'import' | 'useKms' | 'use' | 'findByIds' | 'page'>;
  readonly feeLimits: Pick<FeeLimitService, 'set' | 'all'>;
  readonly rpcEndpoints: Pick<RpcEndpointService, 'set' | 'remove' | 'all'>;
  readonly guard: Pick<
    GuardService,
    | 'pauseLane'
    | 'resumeLane'
    | 'setTravelLimit'
    | 'freezeWork'
    | 'unfreezeWork'
    | 'holdStatement'
    | 'releaseStatement'
    | 'voidMessage'
    | 'retireChain'
    | 'setRegistryRole'
    | 'ownersFiles'
    | 'findByIds'
    | 'page'
  >;
  readonly licenceTemplates: Pick<LicenceTemplateService, 'all' | 'add' | 'findByHashes'>;
  readonly licences: Pick<
    LicenceService,
    | 'offer'
    | 'withdrawOffer'
    | 'grant'
    | 'revoke'
    | 'prepareBuy'
    | 'replicate'
    | 'isLicensed'
    | 'offers'
    | 'licences'
  >;
  readonly ownerConsents: Pick<OwnerConsentService, 'prepare'>;
  readonly remittanceOfts: Pick<RemittanceOftService, 'set'>;
  readonly settlements: Pick<
    SettlementService,
    'request' | 'approve' | 'cancel' | 'setRule' | 'rules' | 'get' | 'findByIds' | 'page'
  >;
  readonly reconciliations: Pick<ReconciliationService, 'reconcile'>;
  readonly provenance: Pick<ProvenanceService, 'page'>;
  readonly chains: Pick<ChainService, 'all'>;
  readonly idempotency: Pick<IdempotencyService, 'begin' | 'complete' | 'release'>;
  readonly webhookEndpoints: Pick<
    EndpointService,
    'create' | 'update' | 'delete' | 'rotateSecret' | 'sendTest' | 'get' | 'findByIds' | 'page'
  >;
  readonly webhookDeliveries: Pick<DeliveryLogService, 'get' | 'findByIds' | 'page' | 'redeliver' | 'replay'>;
}
