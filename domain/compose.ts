import { createCcipClient } from '../chains/ccip/ccip-js';
import { CcipTransport } from '../chains/ccip/ccip-transport';
import type { ChainTable } from '../chains/chain-table';
import { TransactionReader } from '../chains/evm/sales/transaction-reader';
import { LayerZeroTransport } from '../chains/layerzero/layer-zero-transport';
import type { KmsKeys } from '../chains/signers/kms-keys';
import { TenantSigners } from '../chains/signers/tenant-signers';
import type { ComparedChains } from '../chains/transactions/chain-access';
import type { TransactionSettings } from '../chains/transactions/settings';
import { TransactionManager } from '../chains/transactions/transaction-manager';
import type { ChainId } from '../schema/caip';
import type { SecretBox } from '../tenants/secrets/secret-box';
import { SecretVault } from '../tenants/secrets/secret-vault';
import type { SystemDatabase } from '../tenants/system-database';
import type { TenantDatabase } from '../tenants/tenant-database';
import { AuditTrail } from './audit/audit-trail';
import { ChainService } from './chain-state/chain-service';
import { ChainLogRepository } from './chain-state/log-repository';
import { TransactionRepository } from './chain-state/transaction-repository';
import { PostgresTransactionStore } from './chain-state/transaction-store';
import { WatchRepository } from './chain-state/watch-repository';
import { DispatchNudger } from './dispatch/dispatch-nudger';
import { DispatchRepository } from './dispatch/dispatch-repository';
import { DispatchSender } from './dispatch/dispatch-sender';
import { DispatchService } from './dispatch/dispatch-service';
import { DispatchTracker } from './dispatch/dispatch-tracker';
import { LaneQuoter } from './dispatch/lane-quoter';
import { LaneService } from './dispatch/lane-service';
import { MessageExecutor } from './dispatch/message-executor';
import { StatementCarrier } from './dispatch/statement-carrier';
import { DeletionService } from './erasure/deletion-service';
import { TenantEraser } from './erasure/tenant-eraser';
import { TombstoneRepository } from './erasure/tombstone-repository';
import { ArchiveStore } from './export/archive-store';
import { ExportRepository } from './export/export-repository';
import { ExportService } from './export/export-service';
import { EscrowWatch } from './guard/escrow-watch';
import { GuardActionRepository } from './guard/guard-action-repository';
import { GuardService } from './guard/guard-service';
import { GuardWorker } from './guard/guard-worker';
import { LastOwnerRepository } from './guard/last-owner-repository';
import { IdempotencyRepository } from './idempotency/idempotency-repository';
import { IdempotencyService } from './idempotency/idempotency-service';
import { Ledger } from './ledger/ledger';
import { LedgerReader } from './ledger/ledger-reader';
import { LedgerRepository } from './ledger/ledger-repository';
import { LedgerService } from './ledger/ledger-service';
import { LicenceProjection } from './licensing/licence-projection';
import { LicenceReplicator } from './licensing/licence-replicator';
import { LicenceRepository } from './licensing/licence-repository';
import { LicenceService } from './licensing/licence-service';
import { LicenceTemplateRepository } from './licensing/template-repository';
import { LicenceTemplateService } from './licensing/template-service';
import { OutboxRepository } from './outbox/outbox-repository';
import { OwnerConsentService } from './ownership/owner-consent-service';
import { OwnerWatch } from './ownership/owner-watch';
import { composePeople, type SignInOptions } from './people/compose-people';
import { composePeopleStores } from './people/people-stores';
import { ProjectionScheduler } from './projection-scheduler';
import { EventIntake } from './provenance/event-intake';
import { FindingRepository } from './provenance/finding-repository';
import { ProjectionRepository } from './provenance/projection-repository';
import { Projector } from './provenance/projector';
import { ProvenanceRepository } from './provenance/provenance-repository';
import { ProvenanceService } from './provenance/provenance-service';
import { RegistryEventRepository } from './provenance/registry-event-repository';
import { AdoptionService } from './registry/adoption-service';
import { ConsentService } from './registry/consent-service';
import { DeploymentService } from './registry/deployment-service';
import { MintService } from './registry/mint-service';
import { MintTracker } from './registry/mint-tracker';
import { ProjectRepository } from './registry/project-repository';
import { ProjectService } from './registry/project-service';
import { RegistryRepository } from './registry/registry-repository';
import { RegistryService } from './registry/registry-service';
import { RevisionRepository } from './registry/revision-repository';
import { WorkRepository } from './registry/work-repository';
import { WorkService } from './registry/work-service';
import { ArtistConsentService } from './royalties/artist-consent-service';
import { PolicyRepository } from './royalties/policy-repository';
import { PolicyService } from './royalties/policy-service';
import { PolicyStatements } from './royalties/policy-statements';
import { TermsService } from './royalties/terms-service';
import { WalletChangeRepository } from './royalties/wallet-change-repository';
import { WalletChangeService } from './royalties/wallet-change-service';
import { OwnChains } from './rpc/own-chains';
import { RpcEndpointRepository } from './rpc/rpc-endpoint-repository';
import { RpcEndpointService } from './rpc/rpc-endpoint-service';
import { AttributionRepository } from './sales/attribution-repository';
import { AttributionService } from './sales/attribution-service';
import { MarketRepository } from './sales/market-repository';
import { MarketService } from './sales/market-service';
import { SaleObserver } from './sales/sale-observer';
import { SaleRepository } from './sales/sale-repository';
import { SaleService } from './sales/sale-service';
import { SaleTransactionRepository } from './sales/sale-transaction-repository';
import { TransactionWatch } from './sales/transaction-watch';
import { WindowCloser } from './sales/window-closer';
import { composeSettlement } from './settlement/compose-settlement';
import { SettlementRepository } from './settlement/settlement-repository';
import { SettlementRuleRepository } from './settlement/settlement-rule-repository';
import { BroughtKeyStore } from './signing/brought-key-store';
import { FeeLimitService } from './signing/fee-limit-service';
import { SigningKeyRepository } from './signing/signing-key-repository';
import { SigningKeyService } from './signing/signing-key-service';
import { ApiKeyRepository } from './tenancy/api-key-repository';
import { ApiKeyService } from './tenancy/api-key-service';
import { ManagedTenantRepository } from './tenancy/managed-tenant-repository';
import { ManagedTenantService } from './tenancy/managed-tenant-service';
import { PlanRepository } from './tenancy/plan-repository';
import { PlanService } from './tenancy/plan-service';
import { QuotaRepository } from './tenancy/quota-repository';
import { RequestCountRepository } from './tenancy/request-counts';
import { TenancyService } from './tenancy/tenancy-service';
import { TenantService } from './tenancy/tenant-service';
import { UsageRepository } from './tenancy/usage-repository';
import { UsageService } from './tenancy/usage-service';
import { WorkerPoolRepository } from './tenancy/worker-pool-repository';
import { TransactionRouter } from './transaction-router';
import { DeliveryLogService } from './webhooks/delivery-log-service';
import { DeliveryService } from './webhooks/delivery-service';
import { DispatchAnnouncer } from './webhooks/dispatch-announcer';
import { EndpointService } from './webhooks/endpoint-service';
import { LicenceAnnouncer } from './webhooks/licence-announcer';
import { RegistryAnnouncer } from './webhooks/registry-announcer';
import { SaleAnnouncer } from './webhooks/sale-announcer';
import { SettlementAnnouncer } from './webhooks/settlement-announcer';
import { WebhookClient, type WebhookClientOptions } from './webhooks/webhook-client';
import { composeWebhookStores } from './webhooks/webhook-stores';
import { WorkAnnouncer } from './webhooks/work-announcer';

/** What the domain stands on; each process's `main.ts` opens these. */
export interface Foundations {
  readonly tenants: TenantDatabase;
  readonly system: SystemDatabase;
  readonly chainTable: ChainTable;
  readonly chains: ComparedChains;
  readonly secrets: SecretBox;
  readonly kms: KmsKeys;
  readonly transactionSettings: TransactionSettings;
  readonly webhooks: WebhookClientOptions;
  readonly signIn: SignInOptions;
  readonly royalties: RoyaltySettings;
}

/** What a deployment settles about royalties. */
export interface RoyaltySettings {
  /** How long after its request an artist's wallet changes at the earliest. */
  readonly walletDelayMs: number;
}

export type Domain = ReturnType<typeof composeDomain>;

/** Builds the domain's services over their foundations: the same for the API and for the workers. */
export function composeDomain(foundations: Foundations) {
  const { tenants, system, chainTable, chains } = foundations;
  const stores = composeStores(foundations.secrets);
  const { publisher } = stores;
  const people = composePeopleStores(foundations.secrets);
  const webhookClient = new WebhookClient(foundations.webhooks);
  // What is priced and sent for a tenant; what is checked or recorded is read from the deployment's endpoints.
  const ownChains = new OwnChains(chains, tenants, stores.rpcEndpoints, chainTable, webhookClient.policy);
  const vault = new SecretVault(tenants, foundations.secrets);
  const { kms } = foundations;
  const signers = new TenantSigners(vault, new BroughtKeyStore(tenants, stores.signingKeys), kms);
  const tracker = new DispatchTracker(stores);
  const router = new TransactionRouter(tracker, new MintTracker(stores.works, stores.outbox), stores.outbox);
  const transactionStore = new PostgresTransactionStore(tenants, system, stores.transactions, router);
  const transactions = new TransactionManager(
    transactionStore,
    signers,
    ownChains,
    chainTable,
    foundations.transactionSettings,
  );
  const lanes = new LaneService(tenants, stores.registries, stores.events);
  const transports = {
    CCIP: new CcipTransport(chainTable, chains, createCcipClient()),
    LAYERZERO: new LayerZeroTransport(chainTable, chains),
  };
  const consents = new ConsentService(tenants, stores, chains, signers);
  const quoter = new LaneQuoter(ownChains, transports);
  const messages = new MessageExecutor(transactions, chains, transports);
  const carrier = new StatementCarrier({ transactions, accesses: chains, messages });
  const works = new WorkService(tenants, stores, transactions);
  const ownerConsents = new OwnerConsentService(tenants, stores.registries, chains, signers);
  const guard = new GuardService(tenants, stores, ownerConsents);
  const policyStatements = new PolicyStatements(stores, guard);
  const artistConsents = new ArtistConsentService(
    tenants,
    stores,
    chains,
    foundations.royalties.walletDelayMs,
  );
  const knowsChain = (chainId: ChainId) => chainTable.find(chainId) !== undefined;
  const licenceTemplates = new LicenceTemplateService(tenants, new LicenceTemplateRepository());
  const ledger = new Ledger(new LedgerRepository());
  const saleAnnouncer = new SaleAnnouncer(publisher);
  const { settlementTracker, vaultBooks, ...settlement } = composeSettlement({
    database: tenants,
    stores,
    accesses: chains,
    chainTable,
    transactions,
    signers,
    lanes,
    messages,
    ledger,
    guard,
  });
  const intake = new EventIntake(stores.logs, stores.events, stores.projections);
  return {
    tenancy: new TenancyService(system),
    authorityEpochs: tenants.authorityEpochs,
    tenants: new TenantService(tenants, chainTable, signers),
    exports: new ExportService(tenants, stores),
    /** For the workers, which have the key that archives are signed with. */
    exportStores: stores,
    deletions: new DeletionService(system, new TombstoneRepository()),
    managedTenants: new ManagedTenantService(
      { tenants, system },
      new ManagedTenantRepository(),
      new WorkerPoolRepository(),
      publisher,
    ),
    plans: new PlanService(system, new PlanRepository()),
    usage: new UsageService(
      tenants,
      new QuotaRepository(),
      new UsageRepository(),
      system,
      new RequestCountRepository(),
    ),
    projects: new ProjectService(tenants, stores.projects, stores.quotas),
    registries: new RegistryService(tenants, stores, chainTable, signers, chains),
    mints: new MintService(tenants, stores, transactions, consents),
    adoptions: new AdoptionService(tenants, stores, transactions, chains),
    consents,
    ownerConsents,
    works,
    dispatches: new DispatchService(tenants, stores, lanes, quoter, chains, signers),
    lanes,
    audit: new AuditTrail(tenants, people.audit),
    apiKeys: new ApiKeyService(tenants, new ApiKeyRepository()),
    ...composePeople(foundations, people, webhookClient.policy),
    signingKeys: new SigningKeyService(tenants, stores.signingKeys, {
      vault,
      kms,
      signers,
      chains: chainTable,
    }),
    feeLimits: new FeeLimitService(tenants, chainTable),
    rpcEndpoints: new RpcEndpointService(
      tenants,
      stores.rpcEndpoints,
      ownChains,
      chainTable,
      webhookClient.policy,
    ),
    guard,
    policies: new PolicyService(
      tenants,
      stores,
      policyStatements,
      { owner: ownerConsents, artist: artistConsents },
      knowsChain,
    ),
    artistConsents,
    walletChanges: new WalletChangeService(tenants, stores, policyStatements, artistConsents, knowsChain),
    royaltyTerms: new TermsService(tenants, stores),
    sales: new SaleService(tenants, stores.sales),
    attributions: new AttributionService(tenants, stores, ledger),
    markets: new MarketService(tenants, { ...stores, markets: new MarketRepository() }),
    ledger: new LedgerService(tenants, new LedgerReader()),
    licenceTemplates,
    licences: new LicenceService(tenants, stores, licenceTemplates, guard, ownerConsents, chains),
    ...settlement,
    provenance: new ProvenanceService(tenants, stores),
    chains: new ChainService(system, chainTable),
    idempotency: new IdempotencyService(tenants, new IdempotencyRepository(), foundations.secrets),
    webhookEndpoints: new EndpointService(tenants, stores, publisher, webhookClient.policy),
    webhookDeliveries: new DeliveryLogService(tenants, stores, publisher),
    signers,
    // what only workers use
    eraser: new TenantEraser(system, new TombstoneRepository()),
    transactions,
    deployments: new DeploymentService(
      tenants,
      stores.registries,
      lanes,
      {
        transactions,
        accesses: chains,
        messages,
        signers,
      },
      policyStatements,
    ),
    sender: new DispatchSender(tenants, stores, lanes, { transactions, quoter, signers, accesses: chains }),
    nudger: new DispatchNudger(tenants, stores, lanes, messages),
    guardWorker: new GuardWorker(
      tenants,
      stores,
      { transactions, accesses: chains, messages, carrier, signers },
      works,
    ),
    licenceReplicator: new LicenceReplicator(tenants, stores, chains, carrier),
    projector: new Projector(tenants, intake, stores, [
      // First: it holds the end of the books, before rows that whoever posts sales locks after it.
      vaultBooks,
      tracker,
      new WorkAnnouncer(publisher, stores.events),
      new EscrowWatch(guard),
      new TransactionWatch(stores.events, stores.saleTransactions, stores.outbox),
      new OwnerWatch(stores),
      new LicenceProjection(stores),
      policyStatements,
      new LicenceAnnouncer(publisher),
      settlementTracker,
    ]),
    vaultBooks,
    saleObserver: new SaleObserver(
      tenants,
      new TransactionReader(chains),
      chainTable,
      stores,
      ledger,
      saleAnnouncer,
    ),
    windowCloser: new WindowCloser(tenants, stores.sales, ledger, saleAnnouncer),
    webhooks: new DeliveryService(tenants, stores, publisher, webhookClient),
    followerSink: new ProjectionScheduler(stores.watches, stores.outbox, transactions),
  };
}

function composeStores(secrets: SecretBox) {
  const outbox = new OutboxRepository();
  const webhooks = composeWebhookStores(secrets, outbox);
  const { publisher } = webhooks;
  return {
    ...webhooks,
    outbox,
    exports: new ExportRepository(),
    archives: new ArchiveStore(),
    projects: new ProjectRepository(),
    registries: new RegistryRepository(new RegistryAnnouncer(publisher)),
    works: new WorkRepository(),
    revisions: new RevisionRepository(),
    dispatches: new DispatchRepository(new DispatchAnnouncer(publisher)),
    signingKeys: new SigningKeyRepository(),
    rpcEndpoints: new RpcEndpointRepository(secrets),
    guardActions: new GuardActionRepository(),
    settlements: new SettlementRepository(new SettlementAnnouncer(publisher)),
    settlementRules: new SettlementRuleRepository(),
    lastOwners: new LastOwnerRepository(),
    licences: new LicenceRepository(),
    events: new RegistryEventRepository(),
    provenance: new ProvenanceRepository(),
    findings: new FindingRepository(),
    policies: new PolicyRepository(),
    walletChanges: new WalletChangeRepository(),
    saleTransactions: new SaleTransactionRepository(),
    sales: new SaleRepository(),
    attributions: new AttributionRepository(),
    projections: new ProjectionRepository(),
    watches: new WatchRepository(),
    logs: new ChainLogRepository(),
    transactions: new TransactionRepository(),
  };
}
